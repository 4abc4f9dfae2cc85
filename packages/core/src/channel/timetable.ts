import type { Timetable } from "../accord/terms.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { effectAt, heldAt, placedAt } from "../record/times.ts";
import { debtorsOf } from "./parties.ts";
import { countsFrom, resumedAt, standingOf } from "./standing.ts";
import { backwards } from "./log-ordered.ts";
import type { ChannelTrack, TestTrack } from "./track.ts";
import { changesBetween, channelAt } from "./versions.ts";

/** Slots of the timetable, and who has missed which. Source: docs/spec/state.md §6. */

const DAY = 86_400;
/** How far ahead a party's next slot is looked for: more days than any timetable may leave out. */
const SLOT_SEARCH = 3 * 366 * DAY;

/** One missed slot: at which instant it became missed, and by whom. */
export interface Miss {
  readonly slot: number;
  readonly at: number;
  readonly party: number;
}

export interface TestsNow {
  /** Misses of each party since it last cleared them. */
  readonly missed: ReadonlyMap<number, readonly Miss[]>;
  /** Slots at which a party had the channel suspended, since every party has cleared its misses. */
  readonly whileSuspended: number;
  readonly lastTest: TestTrack | undefined;
}

/** 1 = Monday … 7 = Sunday. Day 0 of the POSIX count was a Thursday. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

const hasSlots = (table: Timetable, day: number): boolean => table.weekdays.includes(weekdayOf(day)) && !table.except.includes(day * DAY);

/** The slots of one UTC day, rising. */
const slotsOfDay = (table: Timetable, day: number): readonly number[] =>
  hasSlots(table, day) ? table.times.map((time) => day * DAY + time).toSorted((a, b) => a - b) : [];

/** Every slot from the first one at or after `from`, with its caller. Whole weeks before it are counted and not walked. */
function* slotsFrom(
  callers: readonly number[],
  table: Timetable,
  options: { readonly start: number; readonly from: number; readonly end: number },
): Generator<{ readonly slot: number; readonly caller: number }> {
  const { start, from, end } = options;
  let number = slotNumber(table, start, from);
  for (let day = Math.floor(from / DAY); day * DAY < end; day++) {
    for (const slot of slotsOfDay(table, day)) {
      if (slot < from || slot >= end) continue;
      yield { slot, caller: callers[number % callers.length] ?? 0 };
      number++;
    }
  }
}

/** How many slots lie in [from, slot): whole days are counted, and only the two at the ends are looked into. */
function slotNumber(table: Timetable, from: number, slot: number): number {
  const [first, last] = [Math.floor(from / DAY), Math.floor(slot / DAY)];
  const before = (instant: number): number => {
    const day = Math.floor(instant / DAY);
    return hasSlots(table, day) ? table.times.filter((time) => day * DAY + time < instant).length : 0;
  };
  return slotDays(table, first, last) * table.times.length - before(from) + before(slot);
}

/** Days with slots in [first, last): whole weeks are multiplied. */
function slotDays(table: Timetable, first: number, last: number): number {
  const weeks = Math.floor((last - first) / 7);
  let days = weeks * table.weekdays.length;
  for (let day = first + weeks * 7; day < last; day++) if (table.weekdays.includes(weekdayOf(day))) days++;
  const left = table.except.filter(
    (at) => at >= first * DAY && at < last * DAY && table.weekdays.includes(weekdayOf(Math.floor(at / DAY))),
  );
  return days - left.length;
}

/** Slots of one timetable with the same callers: [start, end). */
interface Period {
  readonly table: Timetable;
  /** In turn from the first slot: a named party, or those with a post on the channel in the accord's order. */
  readonly callers: readonly number[];
  readonly parties: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** The timetables of a channel by `at`: one ends where an amendment that changes it begins to count, and none reaches back. Slots
 *  run from the later of the basis and the ceremony. */
function periodsOf(record: LineRecord, track: ChannelTrack, at: number): readonly Period[] {
  const began = ceremonyAt(record);
  const changes = changesBetween(record, -Infinity, at);
  const periods: Period[] = [];
  for (const [i, from] of [-Infinity, ...changes].entries()) {
    const instant = i === 0 ? Math.min(at, (changes[0] ?? Infinity) - 1) : from;
    const { timetable: table, basis } = channelAt(record, track, instant);
    if (table === null) continue;
    const parties = debtorsOf(record, track, instant);
    const callers = table.caller === "alternate" ? parties : [record.accord.terms.parties.indexOf(table.caller)];
    const start = Math.max(basis.from, began, from);
    const end = Math.min(basis.to ?? Infinity, changes[i] ?? Infinity);
    const last = periods.at(-1);
    const goesOn =
      last !== undefined && last.end === start && JSON.stringify([last.table, last.callers]) === JSON.stringify([table, callers]);
    if (goesOn) periods.splice(-1, 1, { ...last, parties, end });
    else periods.push({ table, callers, parties, start, end });
  }
  return periods;
}

/** When the line began: the latest of the parties' first entries. */
export function ceremonyAt(record: LineRecord): number {
  return Math.max(
    ...record.logsOf.flatMap((logs, party) => (record.accord.parties[party]?.absent === true ? [] : [logs[0]?.times[0] ?? Infinity])),
  );
}

/** Tests held and missed at `at`. */
export function testsAt(record: LineRecord, track: ChannelTrack, at: number): TestsNow {
  const lastTest = lastTestAt(record, track, at);
  const parties = debtorsOf(record, track, at);
  const cleared = new Map(parties.map((party) => [party, clearedAt(record, track, party, at)]));
  const missed = new Map<number, Miss[]>();
  let whileSuspended = 0;
  const allCleared = Math.min(...cleared.values());
  for (const period of periodsOf(record, track, at)) {
    const { table, callers, start } = period;
    const from = Math.max(start, allCleared - 2 * table.grace);
    if (from === Infinity || from > at) continue;
    const tests = testsBySlot(record, track, { period, from, at });
    for (const { slot, caller } of slotsFrom(callers, table, { start, from, end: Math.min(at + 1, period.end) })) {
      const suspended = isSuspended(record, track, slot);
      if (suspended && slot > allCleared) whileSuspended++;
      const others = period.parties.filter((party) => party !== caller);
      for (const miss of missesOf(record, tests.get(slot) ?? [], { slot, caller, others, grace: table.grace, at })) {
        if (suspended && isExcused(record, track, { miss, grace: table.grace })) continue;
        if (miss.at > (cleared.get(miss.party) ?? -Infinity)) addMiss(missed, miss);
      }
    }
  }
  return { missed, whileSuspended, lastTest };
}

const isSuspended = (record: LineRecord, track: ChannelTrack, at: number): boolean =>
  [...track.standing.keys()].some((party) => standingOf(record, track, { party, at }).value !== "open");

/** Does a suspension excuse this party from the slot? The other side's does; its own does if it counted before the slot's window
 *  began, or still stands when the party had to have done its part: nobody steps around a test by suspending for a moment. */
function isExcused(record: LineRecord, track: ChannelTrack, { miss, grace }: { readonly miss: Miss; readonly grace: number }): boolean {
  return [...track.standing.keys()].some((party) => {
    const { acts } = standingOf(record, track, { party, at: miss.slot });
    const [first, last] = [acts[0], acts.at(-1)];
    if (first === undefined || last === undefined) return false;
    if (party !== miss.party || countsFrom(record, first, miss.slot) <= miss.slot - grace) return true;
    return resumedAt(record, track, { party, last }, miss.at) > miss.at;
  });
}

function addMiss(missed: Map<number, Miss[]>, miss: Miss): void {
  const list = missed.get(miss.party);
  if (list === undefined) missed.set(miss.party, [miss]);
  else list.push(miss);
}

/** Who has missed this slot by `at`. No test: its caller, at t + grace. No answer: each other party, at t + 2 × grace. A test
 *  meets the slot only if another party held it in time to answer: one that was dated back, or never arrived, tested nothing,
 *  and nobody can be blamed for not answering it. */
function missesOf(
  record: LineRecord,
  tests: readonly TestTrack[],
  options: { slot: number; caller: number; others: readonly number[]; grace: number; at: number },
): readonly Miss[] {
  const { slot, caller, others, grace, at } = options;
  const due = slot + 2 * grace;
  const held = (track: TestTrack, party: number): boolean => heldAt(record, track.test, { party, at }) < Math.min(due, at + 1);
  const inTime = tests.filter((track) => others.length === 0 || others.some((party) => held(track, party)));
  if (inTime.length === 0) return at >= slot + grace ? [{ slot, at: slot + grace, party: caller }] : [];
  if (at < due) return [];
  const answeredBy = (party: number): boolean =>
    inTime.some((track) =>
      track.answers.some((act) => act.log.party === party && effectAt(record, act, at) <= at && placedAt(record, act, at) < due),
    );
  const silent = others.filter((party) => !answeredBy(party) && inTime.some((track) => held(track, party)));
  return silent.map((party) => ({ slot, at: due, party }));
}

/** The tests in effect that belong to slots from `from` on: each to the nearest slot of its caller in whose window it was
 *  placed, [t − grace, t + grace), the earlier at a tie. */
function testsBySlot(
  record: LineRecord,
  track: ChannelTrack,
  options: { readonly period: Period; readonly from: number; readonly at: number },
): ReadonlyMap<number, readonly TestTrack[]> {
  const { period, from, at } = options;
  const { table, callers, start } = period;
  const found = new Map<number, TestTrack[]>();
  for (const [caller, tests] of track.tests) {
    for (const test of backwards(tests)) {
      const placed = placedAt(record, test.test, at);
      if (placed < from - table.grace) break;
      if (effectAt(record, test.test, at) > at) continue;
      const near = [
        ...slotsFrom(callers, table, {
          start,
          from: Math.max(start, placed - table.grace),
          end: Math.min(placed + table.grace + 1, period.end),
        }),
      ].filter((item) => item.caller === caller && placed < item.slot + table.grace);
      const nearest = near.reduce<number | undefined>(
        (best, { slot }) => (best === undefined || Math.abs(slot - placed) < Math.abs(best - placed) ? slot : best),
        undefined,
      );
      if (nearest === undefined) continue;
      const list = found.get(nearest);
      if (list === undefined) found.set(nearest, [test]);
      else list.push(test);
    }
  }
  return found;
}

/** When `party` last cleared its misses: its test answered, or its own answer to a test. */
function clearedAt(record: LineRecord, track: ChannelTrack, party: number, at: number): number {
  let cleared = -Infinity;
  for (const [author, answers] of track.testAnswers) {
    for (const { act, caller } of backwards(answers)) {
      const effect = effectAt(record, act, at);
      if (effect > at || (author !== party && caller !== party)) continue;
      cleared = Math.max(cleared, effect);
      break;
    }
  }
  return cleared;
}

/** Instants after `at` at which slots may come to be missed. Without a new entry a party that has missed one changes nothing by
 *  missing more, so an endless timetable gives no endless list: of later slots only each party's next one. */
export function nextSlotInstants(
  record: LineRecord,
  track: ChannelTrack,
  options: { readonly at: number; readonly missed: TestsNow["missed"] },
): readonly number[] {
  const { at, missed } = options;
  const instants: number[] = [];
  for (const { table, callers, start, end: over } of periodsOf(record, track, at)) {
    if (start === Infinity) continue;
    const end = Math.min(over, at + SLOT_SEARCH);
    const from = Math.max(start, at - 2 * table.grace);
    // While suspended no slot is missed, and the resumption is an instant of its own.
    const waiting = new Set(isSuspended(record, track, at) ? [] : callers.filter((party) => !missed.has(party)));
    for (const { slot, caller } of slotsFrom(callers, table, { start, from, end })) {
      if (slot > at + table.grace && waiting.size === 0) break;
      instants.push(slot + table.grace, slot + 2 * table.grace);
      if (slot + table.grace > at) waiting.delete(caller);
    }
  }
  return instants.filter((instant) => instant > at);
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
