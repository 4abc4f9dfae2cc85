import type { Timetable } from "../accord/terms.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { effectAt, placedAt } from "../record/times.ts";
import { standingOf } from "./standing.ts";
import { type ChannelTrack, type TestTrack, backwards } from "./track.ts";

/** Slots of the timetable, and who has missed which. Source: docs/spec/state.md §6. */

const DAY = 86_400;

/** One missed slot: at which instant it became missed, and by whom. */
export interface Miss {
  readonly slot: number;
  readonly at: number;
  readonly party: number;
}

export interface TestsNow {
  /** Misses of each party since it last cleared them. */
  readonly missed: ReadonlyMap<number, readonly Miss[]>;
  readonly whileSuspended: number;
  readonly lastTest: TestTrack | undefined;
}

/** 1 = Monday … 7 = Sunday. Day 0 of the POSIX count was a Thursday. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** The slots of one UTC day, rising. */
function slotsOfDay(table: Timetable, day: number): readonly number[] {
  if (!table.weekdays.includes(weekdayOf(day)) || table.except.includes(day * DAY)) return [];
  return table.times.map((time) => day * DAY + time).sort((a, b) => a - b);
}

/** Slots in [from, to), rising. */
export function slotsBetween(table: Timetable, from: number, to: number): readonly number[] {
  const out: number[] = [];
  for (let day = Math.floor(from / DAY); day * DAY < to; day++)
    out.push(...slotsOfDay(table, day).filter((slot) => slot >= from && slot < to));
  return out;
}

/** How many slots lie in [from, slot), for whose turn it is; whole weeks are multiplied, not walked. */
function slotNumber(table: Timetable, from: number, slot: number): number {
  const first = Math.floor(from / DAY) + 1;
  const last = Math.floor(slot / DAY);
  if (last < first) return slotsBetween(table, from, slot).length;
  const weeks = Math.floor((last - first) / 7);
  const whole = weeks * table.weekdays.length * table.times.length;
  const exceptions = table.except.filter(
    (day) => day >= first * DAY && day < (first + weeks * 7) * DAY && table.weekdays.includes(weekdayOf(day / DAY)),
  );
  const rest = slotsBetween(table, (first + weeks * 7) * DAY, slot).length;
  return slotsBetween(table, from, first * DAY).length + whole - exceptions.length * table.times.length + rest;
}

/** Position of the party that calls a slot: a named one, or each in turn from the first slot. */
export function callerOf(record: LineRecord, table: Timetable, options: { readonly start: number; readonly slot: number }): number {
  if (table.caller !== "alternate") return record.accord.terms.parties.indexOf(table.caller);
  return slotNumber(table, options.start, options.slot) % record.accord.parties.length;
}

/** From when slots run: the later of the basis and the ceremony. */
export function slotsStart(record: LineRecord, track: ChannelTrack): number {
  return Math.max(track.terms.basis.from, ceremonyAt(record));
}

/** When the line began: the latest of the parties' first entries. */
export function ceremonyAt(record: LineRecord): number {
  return Math.max(...record.logsOf.map((logs) => logs[0]?.times[0] ?? Infinity));
}

/** Tests held and missed at `at`. */
export function testsAt(record: LineRecord, track: ChannelTrack, at: number): TestsNow {
  const table = track.terms.timetable;
  const lastTest = lastTestAt(record, track, at);
  const none: TestsNow = { missed: new Map(), whileSuspended: 0, lastTest };
  if (table === null) return none;
  const start = slotsStart(record, track);
  const parties = record.accord.parties.map((_, party) => party);
  const cleared = parties.map((party) => clearedAt(record, track, party, at));
  const from = Math.max(start, Math.min(...cleared) - 2 * table.grace);
  if (from === Infinity || from > at) return none;
  const missed = new Map<number, Miss[]>();
  let whileSuspended = 0;
  const end = Math.min(at, track.terms.basis.to ?? Infinity);
  for (const slot of slotsBetween(table, from, end + 1)) {
    if (slot >= (track.terms.basis.to ?? Infinity)) break;
    if (parties.some((party) => standingOf(record, track, { party, at: slot }).value !== "open")) {
      whileSuspended++;
      continue;
    }
    const miss = missOf(record, track, { table, start, slot, at });
    if (miss === undefined || miss.at <= (cleared[miss.party] ?? -Infinity)) continue;
    const list = missed.get(miss.party);
    if (list === undefined) missed.set(miss.party, [miss]);
    else list.push(miss);
  }
  return { missed, whileSuspended, lastTest };
}

/** Who missed this slot by `at`, if anyone: no test by t + grace, or no answer by t + 2 × grace. */
function missOf(
  record: LineRecord,
  track: ChannelTrack,
  options: { table: Timetable; start: number; slot: number; at: number },
): Miss | undefined {
  const { table, start, slot, at } = options;
  const caller = callerOf(record, table, { start, slot });
  const test = testFor(record, track, { table, start, slot, caller, at });
  if (test === undefined) {
    const due = slot + table.grace;
    return at >= due ? { slot, at: due, party: caller } : undefined;
  }
  const due = slot + 2 * table.grace;
  const answered = test.answers.some((act) => effectAt(record, act, at) <= at && placedAt(record, act, at) < due);
  if (at < due || answered) return undefined;
  const other = record.accord.parties.findIndex((_, party) => party !== caller && !test.answers.some((act) => act.log.party === party));
  return { slot, at: due, party: other < 0 ? record.accord.parties.length - 1 - caller : other };
}

/** The test that meets this slot: its caller's, placed in [t − grace, t + grace); where windows overlap a test belongs to
 *  the nearest slot of its caller, the earlier at a tie. */
function testFor(
  record: LineRecord,
  track: ChannelTrack,
  options: { table: Timetable; start: number; slot: number; caller: number; at: number },
): TestTrack | undefined {
  const { table, start, slot, caller, at } = options;
  for (const track_ of backwards(track.tests.get(caller) ?? [])) {
    const placed = placedAt(record, track_.test, at);
    if (placed < slot - table.grace) return undefined;
    if (placed >= slot + table.grace || effectAt(record, track_.test, at) > at) continue;
    if (nearestSlot(record, { table, start, placed, caller }) === slot) return track_;
  }
  return undefined;
}

function nearestSlot(record: LineRecord, options: { table: Timetable; start: number; placed: number; caller: number }): number | undefined {
  const { table, start, placed, caller } = options;
  const near = slotsBetween(table, Math.max(start, placed - table.grace), placed + table.grace + 1).filter(
    (slot) => callerOf(record, table, { start, slot }) === caller,
  );
  return near.reduce<number | undefined>(
    (best, slot) => (best === undefined || Math.abs(slot - placed) < Math.abs(best - placed) ? slot : best),
    undefined,
  );
}

/** When `party` last cleared its misses: its test answered, or its own answer to a test. */
function clearedAt(record: LineRecord, track: ChannelTrack, party: number, at: number): number {
  let cleared = -Infinity;
  for (const [caller, tests] of track.tests) {
    for (const track_ of backwards(tests)) {
      const effects = track_.answers.filter((act) => caller === party || act.log.party === party).map((act) => effectAt(record, act, at));
      const last = Math.max(...effects.filter((effect) => effect <= at), -Infinity);
      if (last === -Infinity) continue;
      cleared = Math.max(cleared, last);
      break;
    }
  }
  return cleared;
}

function lastTestAt(record: LineRecord, track: ChannelTrack, at: number): TestTrack | undefined {
  let last: TestTrack | undefined;
  for (const tests of track.tests.values()) {
    for (const test of backwards(tests)) {
      if (effectAt(record, test.test, at) > at) continue;
      if (last === undefined || newer(record, test.test, last.test, at)) last = test;
      break;
    }
  }
  return last;
}

const newer = (record: LineRecord, a: Placed, b: Placed, at: number): boolean => {
  const difference = placedAt(record, a, at) - placedAt(record, b, at);
  return difference !== 0 ? difference > 0 : a.log.party > b.log.party;
};
