import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { effectAt, logOrder, placedAt } from "../record/times.ts";
import type { CallTrack } from "./calls.ts";
import { debtAt, instantsOf } from "./debt-clock.ts";
import { backwards } from "./log-ordered.ts";
import type { ChannelTrack } from "./track.ts";

export type PrincipalOutcome = "none" | "waiting" | "accepted" | "countered" | "declined" | "unanswered" | "took-place";

/** The last call request between principals, and what became of it. */
export interface Principals {
  readonly request: Placed | undefined;
  readonly outcome: PrincipalOutcome;
  /** Who made it so: the party that accepted, countered, declined or recorded; the one that asked; the one that owes. */
  readonly by: number | undefined;
  readonly at: number | undefined;
  readonly act: Placed | undefined;
}

const NONE: Principals = { request: undefined, outcome: "none", by: undefined, at: undefined, act: undefined };

/** The principals axis of one channel at `at`. */
export function principalsAt(record: LineRecord, track: ChannelTrack, at: number): Principals {
  const call = lastRequest(record, track, at);
  return call === undefined ? NONE : outcomeOf(record, call, at);
}

/** Instants after `at` at which a step of the channel's last call that stands on another channel may become overdue. */
export function callInstants(record: LineRecord, track: ChannelTrack, at: number): readonly number[] {
  const steps = lastRequest(record, track, at)?.steps ?? [];
  return steps.flatMap((step) => {
    const other = record.channels.get(step.header.channel);
    if (other === undefined || other === track) return [];
    return other.debts.of(step.leaf).flatMap((debt) => instantsOf(record, other, { debt, at }));
  });
}

/** The last effective call request between principals; a withdrawn one is as if it had not been made. */
function lastRequest(record: LineRecord, track: ChannelTrack, at: number): CallTrack | undefined {
  let last: CallTrack | undefined;
  for (const calls of track.calls.principal.values()) {
    for (const call of backwards(calls)) {
      if (effectAt(record, call.request, at) > at || call.withdrawals.some((act) => effectAt(record, act, at) <= at)) continue;
      if (last === undefined || later(record, call.request, last.request, at)) last = call;
      break;
    }
  }
  return last;
}

/** Which of two acts counts as the later: by placement, then held, then log order; between parties, by place in the accord. */
export function later(record: LineRecord, a: Placed, b: Placed, at: number): boolean {
  if (a.log.party === b.log.party) return logOrder(a, b) > 0;
  const difference = placedAt(record, a, at) - placedAt(record, b, at) || effectAt(record, a, at) - effectAt(record, b, at);
  return difference !== 0 ? difference > 0 : a.log.party > b.log.party;
}

function outcomeOf(record: LineRecord, call: CallTrack, at: number): Principals {
  const { request } = call;
  const steps = call.steps.filter((act) => effectAt(record, act, at) <= at);
  const found = (act: Placed, outcome: PrincipalOutcome): Principals => ({
    request,
    outcome,
    by: act.log.party,
    at: placedAt(record, act, at),
    act,
  });
  const records = steps.filter((act) => act.header.kind === "call-record");
  const [first, ...others] = records;
  if (first !== undefined)
    return found(
      others.reduce((earliest, act) => (later(record, act, earliest, at) ? earliest : act), first),
      "took-place",
    );
  const last = steps.reduce((latest, act) => (later(record, act, latest, at) ? act : latest), request);
  if (last.header.kind === "call-accept") return found(last, "accepted");
  if (last.header.kind === "call-decline") return found(last, "declined");
  return overdue(record, { call, last, at }) ?? found(last, last === request ? "waiting" : "countered");
}

/** Unanswered: the request's clock has run out and nothing has ended it. It stays so after 30 days and after a later proof,
 *  which lift what weighs on the debtor and answer nothing. */
function overdue(record: LineRecord, options: { call: CallTrack; last: Placed; at: number }): Principals | undefined {
  const { call, last, at } = options;
  // A counter may stand on another channel than the request, and so does its clock.
  const track = record.channels.get(last.header.channel);
  if (track === undefined) return undefined;
  const owed = track.debts.of(last.leaf).filter((debt) => debt.clock === "call-request");
  const late = owed.map((debt) => debtAt(record, track, { debt, at })).find((now) => now.ended > at && now.deadline <= at);
  if (late === undefined) return undefined;
  return { request: call.request, outcome: "unanswered", by: late.debt.debtor, at: late.deadline, act: last };
}
