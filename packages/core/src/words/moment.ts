import { dtg, formatDate, formatTime, utcDayNumber } from "../encoding/time.ts";
import { type DateSeconds, type UnixSeconds, parseDateSeconds } from "../ids.ts";
import type { Language } from "./language.ts";

/** Times and counts in words. Dates are UTC; nothing here asks the machine for its language or zone. */
const DAY = 86_400;
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** `5 August 2022`, `2022年8月5日`. */
export function dateText(seconds: UnixSeconds | DateSeconds, language: Language): string {
  const [year = "", month = "", day = ""] = formatDate(seconds).split("-");
  if (language === "zh") return `${Number(year)}年${Number(month)}月${Number(day)}日`;
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${Number(year)}`;
}

/** Both spellings of one time: `221402Z NOV 26 (2026-11-22T14:02:33Z)`. */
export const timeText = (seconds: UnixSeconds | DateSeconds): string => `${dtg(seconds)} (${formatTime(seconds)})`;

/** A time as a sentence says it: its date, or within a day of `at` its date-time group. */
export function moment(seconds: number, at: number, language: Language): string {
  const time = parseDateSeconds(seconds);
  return Math.abs(at - seconds) < DAY ? dtg(time) : dateText(time, language);
}

/** How long ago: `00:07:41` within a day, then whole days by UTC dates. */
export function ageText(seconds: number, at: number, language: Language): string {
  const age = Math.max(0, at - seconds);
  if (age >= DAY) return dayCount(utcDayNumber(parseDateSeconds(at)) - utcDayNumber(parseDateSeconds(seconds)), language);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  return `${two(age / 3600)}:${two((age / 60) % 60)}:${two(age % 60)}`;
}

/** `1 day`, `419 days`, `419天`. */
export function dayCount(days: number, language: Language): string {
  return language === "zh" ? `${days}天` : `${days} ${days === 1 ? "day" : "days"}`;
}
