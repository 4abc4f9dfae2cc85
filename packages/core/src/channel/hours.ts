import type { PartyFile } from "../accord/party-file.ts";

/** When a clock that runs only in a party's agreed hours ends. All times UTC seconds. Source: docs/spec/state.md §5. */

const DAY = 86_400;
const WEEK = 7 * DAY;
/** 1970-01-01 was a Thursday: the first Monday was four days later. */
const FIRST_MONDAY = 4 * DAY;

/** Is the party open at `at`: inside its hours and not on a holiday? */
export function isOpenAt(file: Pick<PartyFile, "hours" | "holidays">, at: number): boolean {
  if (file.holidays.includes(at - (at % DAY))) return false;
  const minute = minuteOfWeek(at);
  return file.hours === null || file.hours.some((window) => minute >= window.from && minute < window.to);
}

const minuteOfWeek = (at: number): number => Math.floor(((((at - FIRST_MONDAY) % WEEK) + WEEK) % WEEK) / 60);

/** The instant at which `seconds` of open time have passed since `start`; Infinity if the party is never open again.
 *  Without hours and holidays that is `start + seconds`. */
export function endOfClock(file: Pick<PartyFile, "hours" | "holidays">, start: number, seconds: number): number {
  if (start === Infinity || (file.hours === null && file.holidays.length === 0)) return start + seconds;
  let left = seconds;
  let at = start;
  // Two years without an open minute is a party that is never open.
  for (const limit = start + 106 * WEEK; at < limit;) {
    const next = nextChange(file, at);
    if (isOpenAt(file, at)) {
      if (left <= next - at) return at + left;
      left -= next - at;
    }
    at = next;
  }
  return Infinity;
}

/** The next instant after `at` at which openness may change: a window's edge or midnight. */
export function nextChange(file: Pick<PartyFile, "hours" | "holidays">, at: number): number {
  const week = at - ((((at - FIRST_MONDAY) % WEEK) + WEEK) % WEEK);
  const midnight = at - (at % DAY) + DAY;
  const edges = (file.hours ?? []).flatMap((window) => [week + window.from * 60, week + window.to * 60]);
  return Math.min(midnight, ...edges.filter((edge) => edge > at));
}
