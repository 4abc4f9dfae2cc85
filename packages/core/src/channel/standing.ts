import type { Placed } from "../record/log-track.ts";
import { sees } from "../record/judge-context.ts";
import type { LineRecord } from "../record/record.ts";
import { effectAt, placedAt } from "../record/times.ts";
import { backwards } from "./log-ordered.ts";
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
  const acts = sinceResumption(track.standing.get(party) ?? [], (act) => countsFrom(record, act, at) <= at);
  return foldStanding(acts, (act) => shownSince(record, act, at));
}

/** Of the acts that count, those after the last resumption of everything; what was before it is over. */
function sinceResumption(acts: readonly Placed[], counts: (act: Placed) => boolean): readonly Placed[] {
  const found: Placed[] = [];
  for (const act of backwards(acts)) {
    if (!counts(act)) continue;
    if (resumesAll(act)) break;
    found.push(act);
  }
  return found.toReversed();
}

const resumesAll = ({ header }: Placed): boolean => header.kind === "resume" && header.facts.scope === undefined;

/** `since` shows the author's placement; an effective time later than held is the later start it counts from. */
export function shownSince(record: LineRecord, act: Placed, at: number): number {
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
      const from = since(act);
      if (whole === undefined) whole = { value, since: from, act, acts: [act] };
      else {
        const raises = value === "cancelled" && whole.value === "suspended";
        // One that was to count only later may stand before one that counted at once: the earlier start is kept, and the act that made it.
        const shown = raises || (value === whole.value && from < whole.since) ? act : whole.act;
        whole.acts.push(act);
        whole = { ...whole, value: raises ? value : whole.value, since: Math.min(whole.since, from), act: shown };
      }
    }
  }
  if (whole === undefined) return { value: "open", since: 0, act: undefined, acts: [], forms };
  return { ...whole, forms };
}

/** A suspension by one party that the author of a request had seen, as its last act about standing. */
export interface SeenSuspension {
  readonly party: number;
  readonly last: Placed;
}

/** The suspensions of the whole channel that the author of `opener` had seen when it placed it, its own among them. */
export function seenSuspensions(track: ChannelTrack, opener: Placed): readonly SeenSuspension[] {
  return [...track.standing.keys()].flatMap((party) => {
    const seen = seenBy(track, party, opener);
    const last = seen.at(-1);
    return last === undefined || foldStanding(seen, () => 0).value === "open" ? [] : [{ party, last }];
  });
}

/** What the author of `opener` had seen of a party's standing, since its last resumption of everything. */
const seenBy = (track: ChannelTrack, party: number, opener: Placed): readonly Placed[] =>
  sinceResumption(
    track.standing.get(party) ?? [],
    (act) => (act.header.facts.effective ?? 0) <= opener.placement.time && before(act, opener) && sees(opener.log, opener, act),
  );

/** When a suspension that was seen is resumed and the resumption is held; Infinity: not yet. */
export function resumedAt(record: LineRecord, track: ChannelTrack, { party, last }: SeenSuspension, at: number): number {
  let resumption: Placed | undefined;
  for (const act of backwards(track.standing.get(party) ?? [])) {
    if (act === last) break;
    if (resumesAll(act)) resumption = act;
  }
  return resumption === undefined ? Infinity : countsFrom(record, resumption, at);
}

/** The later dates from which acts about standing, and withdrawals, said that they count. */
export const nextStanding = (track: ChannelTrack, at: number): readonly number[] =>
  track.dated.map(({ header }) => header.facts.effective ?? 0).filter((effective) => effective > at);

/** An author sees its own acts only once it has placed them. */
const before = (act: Placed, opener: Placed): boolean =>
  act.log.party !== opener.log.party ||
  act.log.incarnation < opener.log.incarnation ||
  (act.log === opener.log && act.index < opener.index);

/** The debtor's suspensions of forms that the author of `opener` had seen when it placed it. A suspension that it had not seen
 *  changes nothing: its debtor would otherwise suspend what it has already received. */
export const seenFormsSuspended = (track: ChannelTrack, debtor: number, opener: Placed): ReadonlyMap<string, Placed> =>
  foldStanding(seenBy(track, debtor, opener), () => 0).forms;
