import { type DateSeconds, parseDateSeconds, parseUnixSeconds, type UnixSeconds } from "../ids.ts";

/** Time as text, without a clock and without `Date`: RFC 3339 in UTC, ISO 8601 durations, military date-time groups.
 *  Every reader is strict, so each value has one spelling; all throw `RangeError` with the reason.
 *  Times run from 1970 to 9999, as `UnixSeconds` do; the dates of agreements from year 1. Source: docs/spec/encoding.md. */

const DAY_S = 86_400;
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"] as const;

/** Seconds of RFC 3339 text in UTC with whole seconds, `2022-08-05T12:00:00Z`. Leap seconds, fractions, offsets
 *  and lower-case letters are refused. */
export function parseTime(text: string): UnixSeconds {
  return sinceEpoch(timeSeconds(text), "time", text);
}

/** Seconds at 00:00Z of a calendar date, `2022-08-05`. */
export function parseDate(text: string): UnixSeconds {
  return sinceEpoch(dateSeconds(text), "date", text);
}

/** Seconds of a date or a time, `1963-06-20` or `1963-06-20T12:00:00Z`, of any year from 1. */
export const parseDateOrTime = (text: string): DateSeconds => parseDateSeconds(text.includes("T") ? timeSeconds(text) : dateSeconds(text));

function sinceEpoch(seconds: number, what: string, text: string): UnixSeconds {
  if (seconds < 0) throw new RangeError(`${what}: before 1970, "${text}"`);
  return parseUnixSeconds(seconds);
}

function timeSeconds(text: string): number {
  const found = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})Z$/.exec(text);
  if (found === null) throw new RangeError(`time: 2022-08-05T12:00:00Z expected, not "${text}"`);
  const [, date = "", hour, minute, second] = found;
  const clock = { hour: Number(hour), minute: Number(minute), second: Number(second) };
  if (clock.hour > 23 || clock.minute > 59 || clock.second > 59) throw new RangeError(`time: no such time of day in "${text}"`);
  return dateSeconds(date) + clock.hour * 3600 + clock.minute * 60 + clock.second;
}

/** RFC 3339 text in UTC: `2022-08-05T12:00:00Z`. */
export function formatTime(seconds: UnixSeconds | DateSeconds): string {
  const { hour, minute, second } = parts(seconds);
  return `${formatDate(seconds)}T${two(hour)}:${two(minute)}:${two(second)}Z`;
}

/** The UTC date: `2022-08-05`. */
export function formatDate(seconds: UnixSeconds | DateSeconds): string {
  const { year, month, day } = parts(seconds);
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

/** Number of the UTC day, 0 on 1970-01-01. `days` of a state is the difference of two of these. */
export const utcDayNumber = (seconds: UnixSeconds | DateSeconds): number => Math.floor(seconds / DAY_S);

/** Day of the week of a UTC time, 1 on Monday to 7 on Sunday (ISO 8601). */
export const utcWeekday = (seconds: UnixSeconds): number => ((utcDayNumber(seconds) + 3) % 7) + 1;

/** Date-time group as the services write it, `221402Z NOV 26`; seconds are dropped. */
export function dtg(seconds: UnixSeconds | DateSeconds): string {
  const { year, month, day, hour, minute } = parts(seconds);
  return `${two(day)}${two(hour)}${two(minute)}Z ${MONTHS[month - 1]} ${two(year % 100)}`;
}

/** Seconds of an ISO 8601 duration of weeks, or of days, hours, minutes and seconds: `P2W`, `P1DT2H`, `PT15M`.
 *  Years and months have no fixed length and are refused. */
export function parseDuration(text: string): number {
  const weeks = /^P(\d{1,6})W$/.exec(text);
  if (weeks !== null) return Number(weeks[1]) * 7 * DAY_S;
  const found = /^P(?=[\dT])(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/.exec(text);
  if (found === null) {
    const calendar = /^P(\d+Y)?(\d+M)?(\d+D)?(T.*)?$/.test(text) && /^P[^T]*[YM]/.test(text);
    const why = calendar ? "months and years have no fixed length" : "PT15M, PT48H, P30D or P1DT2H expected";
    throw new RangeError(`duration: ${why}, not "${text}"`);
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return days * DAY_S + hours * 3600 + minutes * 60 + seconds;
}

/** The shortest duration text in days, hours, minutes and seconds; `PT0S` for 0. Throws for what is no whole number ≥ 0. */
export function formatDuration(seconds: number): string {
  if (!Number.isSafeInteger(seconds) || seconds < 0) throw new RangeError(`duration: whole seconds expected, not ${seconds}`);
  const day = Math.floor(seconds / DAY_S);
  const { hour, minute, second } = clockOf(seconds % DAY_S);
  const date = day === 0 ? "" : `${day}D`;
  const time = (hour === 0 ? "" : `${hour}H`) + (minute === 0 ? "" : `${minute}M`) + (second === 0 ? "" : `${second}S`);
  if (date + time === "") return "PT0S";
  return `P${date}${time === "" ? "" : `T${time}`}`;
}

const two = (value: number): string => String(value).padStart(2, "0");

function clockOf(secondOfDay: number): { hour: number; minute: number; second: number } {
  return { hour: Math.floor(secondOfDay / 3600), minute: Math.floor(secondOfDay / 60) % 60, second: secondOfDay % 60 };
}

function dateSeconds(date: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new RangeError(`date: 2022-08-05 expected, not "${date}"`);
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month))
    throw new RangeError(`date: no such day, "${date}"`);
  return dayNumber(year, month, day) * DAY_S;
}

function daysOfMonth(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return leap ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days of one 400-year cycle of the Gregorian calendar, and from 0000-03-01 to 1970-01-01. */
const CYCLE_DAYS = 146_097;
const EPOCH_DAYS = 719_468;

/** Counting years from March puts the leap day last, so that no month's length depends on the year. */
function dayNumber(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = (month + 9) % 12;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) + day - 1 - EPOCH_DAYS;
}

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function parts(seconds: UnixSeconds | DateSeconds): Parts {
  const days = utcDayNumber(seconds) + EPOCH_DAYS;
  const cycle = Math.floor(days / CYCLE_DAYS);
  const ofCycle = days - cycle * CYCLE_DAYS;
  const yearOfCycle = Math.floor(
    (ofCycle - Math.floor(ofCycle / 1460) + Math.floor(ofCycle / 36_524) - Math.floor(ofCycle / 146_096)) / 365,
  );
  const dayOfYear = ofCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return { year: cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0), month, day, ...clockOf(seconds - utcDayNumber(seconds) * DAY_S) };
}
