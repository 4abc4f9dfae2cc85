import type { Placed } from "../record/log-track.ts";
import { sees } from "../record/judge-context.ts";
import type { LineRecord } from "../record/record.ts";
import { effectAt, placedAt } from "../record/times.ts";
import type { ChannelTrack } from "./track.ts";

/** Where one party stands on a channel. */
export interface PartyStanding {
  readonly value: "open" | "suspended" | "cancelled";
  /** From when it counts: the author's placement, or a later `effective`. */
  readonly since: number;
  /** The act that declared `value`, and all whole-channel acts still standing, in log order. */
  readonly act: Placed | undefined;
  readonly acts: readonly Placed[];
  /** Forms suspended while the channel stands open. */
  readonly forms: ReadonlyMap<string, Placed>;
}

/** From when a standing act counts: when held, or from its `effective` if that is later. */
export function countsFrom(record: LineRecord, act: Placed, at: number): number {
  return Math.max(effectAt(record, act, at), act.header.facts.effective ?? 0);
}

/** The standing of `party` at `at`: its own acts in its log's order; ended only by its own resumption. */
export function standingOf(
  record: LineRecord,
  track: ChannelTrack,
  options: { readonly party: number; readonly at: number },
): PartyStanding {
  const { party, at } = options;
  const acts = (track.standing.get(party) ?? []).filter((act) => countsFrom(record, act, at) <= at);
  return foldStanding(acts, (act) => shownSince(record, act, at));
}

/** `since` shows the author's placement; an effective time later than held is the later start it counts from. */
function shownSince(record: LineRecord, act: Placed, at: number): number {
  const effective = act.header.facts.effective ?? 0;
  return effective > effectAt(record, act, at) ? effective : placedAt(record, act, at);
}

function foldStanding(acts: readonly Placed[], since: (act: Placed) => number): PartyStanding {
  let whole: { value: "suspended" | "cancelled"; since: number; act: Placed; acts: Placed[] } | undefined;
  const forms = new Map<string, Placed>();
  for (const act of acts) {
    const { kind, facts } = act.header;
    if (kind === "resume") {
      if (facts.scope === undefined) whole = undefined;
      for (const form of facts.scope ?? [...forms.keys()]) forms.delete(form);
    } else if (facts.scope !== undefined) {
      for (const form of facts.scope) if (!forms.has(form)) forms.set(form, act);
    } else {
      const value = kind === "cancel" ? "cancelled" : "suspended";
      if (whole === undefined) whole = { value, since: since(act), act, acts: [act] };
      else {
        whole.acts.push(act);
        if (value === "cancelled" && whole.value === "suspended") whole = { ...whole, value, act };
      }
    }
  }
  if (whole === undefined) return { value: "open", since: 0, act: undefined, acts: [], forms };
  return { ...whole, forms };
}

/** When a request's clock may start in view of suspensions its author had seen: when the last of them has been resumed
 *  and the resumption is held. 0 when there was none; Infinity while one stands. */
export function clearOfSeenSuspensions(
  record: LineRecord,
  track: ChannelTrack,
  options: { readonly opener: Placed; readonly at: number },
): number {
  const { opener, at } = options;
  let clear = 0;
  for (const acts of track.standing.values()) {
    const seen = acts.filter(
      (act) => sees(opener.log, opener, act) && before(act, opener) && (act.header.facts.effective ?? 0) <= opener.placement.time,
    );
    if (foldStanding(seen, () => 0).value === "open") continue;
    const last = seen.at(-1);
    const resumption = acts.find(
      (act) =>
        last !== undefined &&
        acts.indexOf(act) > acts.indexOf(last) &&
        act.header.kind === "resume" &&
        act.header.facts.scope === undefined,
    );
    clear = Math.max(clear, resumption === undefined ? Infinity : countsFrom(record, resumption, at));
  }
  return clear;
}

/** An author sees its own acts only once it has placed them. */
const before = (act: Placed, opener: Placed): boolean =>
  act.log.party !== opener.log.party ||
  act.log.incarnation < opener.log.incarnation ||
  (act.log === opener.log && act.index < opener.index);

/** Had the debtor suspended this form when it held the entry? Then no clock runs against it. */
export function formSuspended(
  record: LineRecord,
  track: ChannelTrack,
  options: { readonly debtor: number; readonly form: string | undefined; readonly at: number },
): boolean {
  if (options.form === undefined || options.at === Infinity) return false;
  return standingOf(record, track, { party: options.debtor, at: options.at }).forms.has(options.form);
}
