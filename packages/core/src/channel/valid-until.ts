import { type LogTrack, firstAbove } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { countedTime, placedAt } from "../record/times.ts";
import { debtsAt } from "./debt-clock.ts";
import { lastProof } from "./debtor.ts";
import { silentFrom } from "./reach.ts";
import { countsFrom } from "./standing.ts";
import { type ChannelState, channelState, debtorsOf } from "./state.ts";
import { slotsBetween, slotsStart } from "./timetable.ts";
import type { ChannelTrack } from "./track.ts";

const DAY = 86_400;
const THIRTY_DAYS = 30 * DAY;
/** More changes without effect than this are not followed: what is returned is then earlier than need be, and still true. */
const STEPS_MAX = 20_000;

/** The first instant after `state.at` at which verdict, reason codes, responsible, standing, basis or the principals' outcome
 *  change without a new entry; null if never. Ages and days are outside it. Source: docs/spec/state.md §9. */
export function validUntil(record: LineRecord, track: ChannelTrack, state: ChannelState): number | null {
  const before = signature(state);
  let at = state.at;
  for (let step = 0; step < STEPS_MAX; step++) {
    const next = nextInstant(record, track, at);
    if (next === Infinity) return null;
    if (signature(channelState(record, track, next)) !== before) return next;
    at = next;
  }
  return at;
}

function signature(state: ChannelState): string {
  const codes = state.reasons.map((reason) => reason.code);
  return JSON.stringify([state.verdict, codes, state.responsible, state.standing.value, state.basis.value, state.principals.outcome]);
}

/** The next instant after `at` at which anything could change. */
function nextInstant(record: LineRecord, track: ChannelTrack, at: number): number {
  const candidates = [
    ...clocks(record, track, at),
    ...standings(record, track, at),
    ...debtorsOf(record, track).flatMap((party) => ofDebtor(record, track, party, at)),
    ...slots(record, track, at),
    ...[...record.logs.values()].map((log) => nextEntry(log, at)),
  ];
  return Math.min(...candidates.filter((instant) => instant > at), Infinity);
}

function clocks(record: LineRecord, track: ChannelTrack, at: number): readonly number[] {
  const { from, to } = track.terms.basis;
  const debts = debtsAt(record, track, at).flatMap(({ start, deadline }) => [start, deadline, deadline + THIRTY_DAYS]);
  return [from, to ?? Infinity, ...debts];
}

function standings(record: LineRecord, track: ChannelTrack, at: number): readonly number[] {
  const acts = [...track.standing.values()].flat();
  const withdrawn = track.withdrawals.map((act) => Math.max(countsFrom(record, act, at), act.header.facts.effective ?? 0));
  return [...acts.map((act) => countsFrom(record, act, at)), ...withdrawn];
}

function ofDebtor(record: LineRecord, track: ChannelTrack, party: number, at: number): readonly number[] {
  const proof = lastProof(record, track, { party, at });
  const window = proof === undefined ? Infinity : placedAt(record, proof, at) + track.terms.proofWindow;
  const limit = record.accord.terms.silentAfter;
  const silent = silentFrom(record, party, at);
  const due = [...track.posted.values()].flatMap((acts) =>
    acts
      .slice(-64)
      .map(
        (act) =>
          Math.max(act.placement.time, countedTime(record, act.log, act.index)) +
          (track.terms.clocks.held[act.header.precedence] ?? Infinity) +
          track.terms.transit,
      ),
  );
  return [window, silent, limit === null ? Infinity : silent, ...due];
}

/** The two instants that decide each of the next slots. */
function slots(record: LineRecord, track: ChannelTrack, at: number): readonly number[] {
  const table = track.terms.timetable;
  if (table === null) return [];
  const from = Math.max(slotsStart(record, track), at - 2 * table.grace);
  if (from === Infinity) return [];
  const found = slotsBetween(table, from, from + 2 * table.grace + 8 * DAY).filter((slot) => slot < (track.terms.basis.to ?? Infinity));
  return found.flatMap((slot) => [slot + table.grace, slot + 2 * table.grace]);
}

const nextEntry = (log: LogTrack, at: number): number => log.times[firstAbove(log.times, at)] ?? Infinity;
