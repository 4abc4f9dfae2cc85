import { LAST_SECOND } from "../ids.ts";
import { firstAbove } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { effectAt, heldAt, placedAt } from "../record/times.ts";
import { debtInstants } from "./debt-clock.ts";
import { lastProof } from "./debtor.ts";
import { debtorsOf } from "./parties.ts";
import { callInstants } from "./principals.ts";
import { lineBegan, silentFrom } from "./reach.ts";
import { firstUnreceived } from "./receipt.ts";
import { nextStanding } from "./standing.ts";
import { type ChannelState, channelState } from "./state.ts";
import { nextSlotInstants } from "./timetable.ts";
import type { ChannelTrack } from "./track.ts";
import { changesBetween, channelAt, termsAt } from "./versions.ts";

/** More instants without a change than this are not followed: what is returned is then earlier than need be, and true. */
const STEPS_MAX = 20_000;
/** Up to so many entries later than the state are looked at one by one; more are sorted by what bears on a channel. */
const AHEAD_MAX = 64;

/** The first instant after `state.at` at which verdict, reason codes, responsible, standing, basis or the principals' outcome
 *  change without a new entry; null if never. Ages and days are outside it. Source: docs/spec/state.md §9. */
export function validUntil(record: LineRecord, track: ChannelTrack, state: ChannelState): number | null {
  const before = signature(state);
  const entries = entriesAfter(record, state.at);
  let now = state;
  for (let step = 0; step < STEPS_MAX; step++) {
    const next = Math.min(nextInstant(record, track, now), entries[firstAbove(entries, now.at)] ?? Infinity);
    // What changes after the last year that can be written never does, for who reads it.
    if (next > LAST_SECOND) return null;
    now = channelState(record, track, next);
    if (signature(now) !== before) return next;
  }
  return now.at;
}

function signature(state: ChannelState): string {
  const codes = state.reasons.map((reason) => reason.code);
  return JSON.stringify([state.verdict, codes, state.responsible, state.standing.value, state.basis.value, state.principals.outcome]);
}

/** The next instant after a state at which a clock, a window, a slot or a date of the accord could change something. */
export function nextInstant(record: LineRecord, track: ChannelTrack, { at, watch }: ChannelState): number {
  const { from, to } = channelAt(record, track, at).basis;
  const candidates = [
    from,
    lineBegan(record),
    to ?? Infinity,
    ...debtInstants(record, track, at),
    ...callInstants(record, track, at),
    ...nextStanding(track, at),
    ...changesBetween(record, at, Infinity),
    ...nextSlotInstants(record, track, { at, missed: watch.missed }),
    ...debtorsOf(record, track, at).flatMap((party) => [
      proofEnds(record, track, party, at),
      silenceChanges(record, party, at),
      firstUnreceived(record, track, { party, at, after: at })?.since ?? Infinity,
    ]),
  ];
  return Math.min(...candidates.filter((instant) => instant > at), Infinity);
}

function proofEnds(record: LineRecord, track: ChannelTrack, party: number, at: number): number {
  const proof = lastProof(record, track, { party, at });
  return proof === undefined ? Infinity : placedAt(record, proof, Infinity) + channelAt(record, track, at).proofWindow;
}

/** When the party becomes silent, or stops being so by entries that are already in the record. */
function silenceChanges(record: LineRecord, party: number, at: number): number {
  const limit = termsAt(record, at).silentAfter;
  if (limit === null) return Infinity;
  let from = silentFrom(record, party, at);
  if (from > at) {
    // An entry later than `at` may begin a silence of its own, `limit` after it at the earliest.
    for (let reached = at; from > reached && reached < lastEntry(record);) {
      reached = Math.min(from, reached + limit);
      from = silentFrom(record, party, reached);
    }
    return from;
  }
  for (let next = nextEntry(record, at); next !== Infinity; next = nextEntry(record, next))
    if (silentFrom(record, party, next) > next) return next;
  return Infinity;
}

const lastEntry = (record: LineRecord): number => Math.max(...[...record.logs.values()].map((log) => log.times.at(-1) ?? 0));
const nextEntry = (record: LineRecord, at: number): number =>
  Math.min(...[...record.logs.values()].map((log) => log.times[firstAbove(log.times, at)] ?? Infinity));

/** Instants after `at` at which entries of the record itself begin to count, rising: every placement or receipt is dated by
 *  some entry. None are left for a state that is asked for now. */
function entriesAfter(record: LineRecord, at: number): readonly number[] {
  const logs = [...record.logs.values()];
  const ahead = logs.reduce((sum, log) => sum + log.times.length - firstAbove(log.times, at), 0);
  const instants = ahead <= AHEAD_MAX ? logs.flatMap((log) => log.times.slice(firstAbove(log.times, at))) : actInstants(record, at);
  return [...new Set(instants)].filter((instant) => instant > at).toSorted((a, b) => a - b);
}

/** The same for a state of long ago, without the receipts of everything else. An act that ends a debt of this channel may
 *  stand on another. */
export function actInstants(record: LineRecord, at: number): readonly number[] {
  const parties = record.accord.parties.map((_, party) => party);
  const instants = new Set<number>();
  for (const track of record.channels.values()) {
    for (const act of [...track.posted.values()].flat()) {
      instants
        .add(act.placement.time)
        .add(placedAt(record, act, Infinity))
        .add(effectAt(record, act, Infinity));
      for (const party of parties) if (party !== act.log.party) instants.add(heldAt(record, act, { party, at: Infinity }));
    }
  }
  instants.delete(Infinity);
  return [...instants].filter((instant) => instant > at);
}
