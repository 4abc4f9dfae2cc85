import { formatTime, parseDateOrTime } from "../encoding/time.ts";
import { LAST_SECOND, parseDateSeconds } from "../ids.ts";
import { type Placed, firstAbove } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { logOrder } from "../record/times.ts";
import { statesAt } from "./readings.ts";
import { type ChannelState, trackOf } from "./state.ts";
import { ceremonyAt } from "./timetable.ts";
import { actInstants, nextInstant } from "./valid-until.ts";
import type { StateView } from "./view.ts";

/** The history of a line: the instants at which anything that a state says may change, other than ages. Between two of them every
 *  state is the one before, only older. Source: docs/spec/state.md §9. */

/** The record as it was known at an instant: always the same one for "as known now". Asked for rising instants only. */
export type KnownAt = (at: number) => LineRecord;

/** One instant, with every channel's state then. */
export interface Moment {
  readonly at: number;
  readonly record: LineRecord;
  readonly states: readonly ChannelState[];
}

/** All of a line's history: from its ceremony to now, or to its last entry where that is later, as in an exercise. POSIX seconds. */
export function wholeRange(record: LineRecord, now: number): { readonly from: number; readonly until: number } {
  const from = Math.min(ceremonyAt(record), now);
  return { from, until: Math.max(now, ...[...record.logs.values()].map((log) => log.times.at(-1) ?? now)) };
}

/** What the record as a whole tells of its acts; computed once for a range. */
export interface Acts {
  /** Rising, each once: when an act was placed, began to count or was held. */
  readonly instants: readonly number[];
  /** Acts that people signed, by the second at which they were placed. */
  readonly bySecond: ReadonlyMap<number, readonly Placed[]>;
}

export function actsOf(record: LineRecord): Acts {
  const bySecond = new Map<number, Placed[]>();
  const instants = new Set(actInstants(record, -Infinity));
  for (const item of record.byLeaf.values()) {
    // What is only held has no effect; what nobody signs, a node says.
    if (item.header === undefined || item.header.from === undefined) continue;
    const { time } = item.placement;
    instants.add(time);
    bySecond.set(time, [...(bySecond.get(time) ?? []), item]);
  }
  // Which of two acts of one second was read first says nothing.
  for (const acts of bySecond.values()) acts.sort((a, b) => a.log.party - b.log.party || logOrder(a, b));
  return { instants: [...instants].toSorted((a, b) => a - b), bySecond };
}

/** Moments of `[from, until]` that may differ from the one before, rising. The first is at `from`. POSIX seconds. */
export function* moments(
  known: KnownAt,
  acts: Acts,
  { from, until }: { readonly from: number; readonly until: number },
): Generator<Moment, void, void> {
  for (let at = from; at <= Math.min(until, LAST_SECOND);) {
    const record = known(at);
    const states = statesAt(record, at);
    yield { at, record, states };
    const computed = states.map((state) => nextInstant(record, trackOf(record, state.id), state));
    at = Math.min(...computed, acts.instants[firstAbove(acts.instants, at)] ?? Infinity);
  }
}

/** A state as a history gives it: it holds until a later step gives the channel another one. How long each side has been quiet moves with
 *  every receipt, and hours and holidays with every day: a history leaves them out. */
export type PastState = Omit<StateView, "validUntil" | "reach" | "closed">;

export function pastState({ validUntil: _until, reach: _reach, closed: _closed, ...state }: StateView): PastState {
  return state;
}

/** Whether two states of one channel say the same, but for how old what they say is. */
export const saysTheSame = (a: PastState, b: PastState): boolean => JSON.stringify(ageless(a)) === JSON.stringify(ageless(b));

const ageless = (state: PastState): unknown => ({ ...state, asOf: null, standing: { ...state.standing, days: null } });

/** What a step of a history gives: the states that say another thing than before, all where there is no before. */
export const statesChanged = (before: ReadonlyMap<string, PastState> | undefined, now: Iterable<PastState>): readonly PastState[] =>
  [...now].filter((state) => {
    const known = before?.get(state.id);
    return known === undefined || !saysTheSame(known, state);
  });

const DAY = 86_400;

/** The same state at `at`, POSIX seconds, before the next step of the history: what a clock alone moves is moved. */
export function olderState(state: PastState, at: number): PastState {
  const { since } = state.standing;
  const days = since === null ? null : Math.floor(at / DAY) - Math.floor(parseDateOrTime(since) / DAY);
  return { ...state, asOf: formatTime(parseDateSeconds(at)), standing: { ...state.standing, days } };
}
