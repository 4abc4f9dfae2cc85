import type { ReadingName } from "../entry/kinds.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { placedAt } from "../record/times.ts";
import { lastProof } from "./debtor.ts";
import { later, principalsAt } from "./principals.ts";
import { type ChannelState, channelState } from "./state.ts";
import { ceremonyAt } from "./timetable.ts";
import { channelsAt } from "./versions.ts";

/** What a reading of "open" comes to: supported, contradicted or not decided; never true or false. Source: docs/spec/state.md §8. */
export interface Reading {
  readonly reading: ReadingName;
  readonly result: "supported" | "contradicted" | "not-decided";
  readonly evidence: readonly Placed[];
}

const CONTACT_WINDOW = 90 * 86_400;

export function readingsAt(record: LineRecord, at: number, states: readonly ChannelState[] = statesAt(record, at)): readonly Reading[] {
  return [contact(record, at, states), agreedChannels(record, at, states), principals(record, at)];
}

export const statesAt = (record: LineRecord, at: number): readonly ChannelState[] =>
  channelsAt(record, at).map((track) => channelState(record, track, at));

/** A proof-giving act of each side on any channel within 90 days. */
function contact(record: LineRecord, at: number, states: readonly ChannelState[]): Reading {
  const latest = record.accord.parties.map((_, party) => latestProof(record, party, at));
  const evidence = latest.filter((act) => act !== undefined);
  const made = evidence.length === latest.length && evidence.every((act) => at < placedAt(record, act, at) + CONTACT_WINDOW);
  if (made) return { reading: "contact", result: noneInForce(states) ? "not-decided" : "supported", evidence };
  return { reading: "contact", result: tooEarly(record, at, states) ? "not-decided" : "contradicted", evidence };
}

function latestProof(record: LineRecord, party: number, at: number): Placed | undefined {
  const proofs = [...record.channels.values()].map((track) => lastProof(record, track, { party, at }));
  return proofs.reduce((last, act) => (act !== undefined && (last === undefined || later(record, act, last, at)) ? act : last), undefined);
}

/** Of the channels in force, none is suspended, unproven or worse. */
function agreedChannels(record: LineRecord, at: number, states: readonly ChannelState[]): Reading {
  const inForce = states.filter((state) => state.basis.value === "in-force");
  const evidence = distinct(inForce.flatMap((state) => state.reasons.flatMap((reason) => reason.entry ?? [])));
  if (inForce.length > 0 && inForce.every((state) => state.verdict === "open"))
    return { reading: "agreed-channels", result: "supported", evidence };
  const hadContact = contact(record, at, states).result === "supported";
  const undecided = noneInForce(states) || (!hadContact && tooEarly(record, at, states));
  return { reading: "agreed-channels", result: undecided ? "not-decided" : "contradicted", evidence };
}

/** Did the last call request between principals, over all channels, lead to a call on record? */
function principals(record: LineRecord, at: number): Reading {
  const found = [...record.channels.values()].map((track) => principalsAt(record, track, at)).filter((item) => item.request !== undefined);
  const last = found.reduce<(typeof found)[number] | undefined>(
    (latest, item) =>
      latest?.request === undefined || (item.request !== undefined && later(record, item.request, latest.request, at)) ? item : latest,
    undefined,
  );
  const evidence = distinct([last?.request, last?.act].filter((act) => act !== undefined));
  if (last === undefined || last.outcome === "waiting" || last.outcome === "accepted")
    return { reading: "principals", result: "not-decided", evidence };
  return { reading: "principals", result: last.outcome === "took-place" ? "supported" : "contradicted", evidence };
}

const noneInForce = (states: readonly ChannelState[]): boolean => states.every((state) => state.basis.value !== "in-force");

/** A line younger than the window has had no time to show contact; one with no channel in force has nowhere to. */
function tooEarly(record: LineRecord, at: number, states: readonly ChannelState[]): boolean {
  return at < ceremonyAt(record) + CONTACT_WINDOW || noneInForce(states);
}

const distinct = (acts: readonly Placed[]): readonly Placed[] => [...new Map(acts.map((act) => [act.leaf, act])).values()];
