import type { PartyFile } from "../accord/party-file.ts";

/** When a clock that runs only in a party's agreed hours ends. All times UTC seconds. Source: docs/spec/state.md §5. */

const DAY = 86_400;
const WEEK = 7 * DAY;
/** 1970-01-01 was a Thursday: the first Monday was four days later. */
const FIRST_MONDAY = 4 * DAY;

/** Is the party open at `at`: inside its hours and not on a holiday? */
function isOpenAt(file: Opening, at: number): boolean {
  if (file.holidays.includes(at - (at % DAY))) return false;
  const minute = minuteOfWeek(at);
  return file.hours === null || file.hours.some((window) => minute >= window.from && minute < window.to);
}

const minuteOfWeek = (at: number): number => Math.floor(((((at - FIRST_MONDAY) % WEEK) + WEEK) % WEEK) / 60);

type Opening = Pick<PartyFile, "hours" | "holidays">;
/** The hours of a party, each version from when it counts, in order. */
export type Openings = readonly { readonly file: Opening; readonly from: number }[];

/** Two years without an open minute is a party that is never open. */
const SEARCH = 106 * WEEK;

/** The instant at which `seconds` of open time have passed since `start`; Infinity if the party is never open again.
 *  Without hours and holidays that is `start + seconds`. */
export function endOfClock(openings: Openings, start: number, seconds: number): number {
  if (start === Infinity || openings.every(({ file }) => file.hours === null && file.holidays.length === 0)) return start + seconds;
  let left = seconds;
  let at = start;
  while (at < start + SEARCH) {
    const { open, until } = openness(openings, at);
    if (open) {
      if (left <= until - at) return at + left;
      left -= until - at;
    }
    at = until;
  }
  return Infinity;
}

/** From when the party is open again, if it is closed by agreement at `at`: null if it is open, Infinity if never again. */
export function closedUntil(openings: Openings, at: number): number | null {
  if (openness(openings, at).open) return null;
  for (let next = at; next < at + SEARCH;) {
    const now = openness(openings, next);
    if (now.open) return next;
    next = now.until;
  }
  return Infinity;
}

/** Whether the party is open at `at`, and until when that is sure. */
function openness(openings: Openings, at: number): { readonly open: boolean; readonly until: number } {
  const counting = openings.findLast(({ from }) => from <= at);
  const next = Math.min(...openings.map(({ from }) => from).filter((from) => from > at), Infinity);
  if (counting === undefined) return { open: true, until: next };
  return { open: isOpenAt(counting.file, at), until: Math.min(nextChange(counting.file, at), next) };
}

/** The next instant after `at` at which openness may change: a window's edge or midnight. */
function nextChange(file: Opening, at: number): number {
  const week = at - ((((at - FIRST_MONDAY) % WEEK) + WEEK) % WEEK);
  const midnight = at - (at % DAY) + DAY;
  const edges = (file.hours ?? []).flatMap((window) => [week + window.from * 60, week + window.to * 60]);
  return Math.min(midnight, ...edges.filter((edge) => edge > at));
}
