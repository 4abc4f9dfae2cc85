import fc from "fast-check";
import { expect, test } from "vitest";
import {
  dtg,
  formatDate,
  formatDuration,
  formatTime,
  parseDate,
  parseDateOrTime,
  parseDateSeconds,
  parseDuration,
  parseTime,
  parseUnixSeconds,
  utcDayNumber,
  utcWeekday,
} from "../src/index.ts";

const seconds = fc.integer({ min: 0, max: 253_402_300_799 }).map(parseUnixSeconds);

test("a time is written as Date writes it and read back", () => {
  fc.assert(
    fc.property(seconds, (at) => {
      const date = new Date(at * 1000);
      const text = date.toISOString().replace(".000", "");
      expect(formatTime(at)).toBe(text);
      expect(parseTime(text)).toBe(at);
      expect(formatDate(at)).toBe(text.slice(0, 10));
      expect(parseDate(text.slice(0, 10))).toBe(Date.parse(text.slice(0, 10)) / 1000);
      expect(utcDayNumber(at)).toBe(Math.floor(date.getTime() / 86_400_000));
      expect(utcWeekday(at) % 7).toBe(date.getUTCDay());
    }),
    { numRuns: 5000 },
  );
});

test("a date of any year is written as Date writes it and read back", () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }).map(parseDateSeconds), (at) => {
      const text = new Date(at * 1000).toISOString().replace(".000", "");
      expect(formatTime(at)).toBe(text);
      expect(parseDateOrTime(text)).toBe(at);
      expect(parseDateOrTime(text.slice(0, 10))).toBe(Date.parse(text.slice(0, 10)) / 1000);
    }),
    { numRuns: 2000 },
  );
});

test.each(["0000-12-31", "1963-02-29", "1963-06-20T24:00:00Z", "1963", "10000-01-01"])("%s is no date of the calendar", (text) => {
  expect(() => parseDateOrTime(text)).toThrow(RangeError);
});

test("a date is read exactly when the calendar has it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1970, max: 9999 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }), (y, m, d) => {
      const text = `${y}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`;
      const date = new Date(`${text}T00:00:00Z`);
      const real = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
      if (real) expect(parseDate(text)).toBe(date.getTime() / 1000);
      else expect(() => parseDate(text)).toThrow(RangeError);
    }),
    { numRuns: 5000 },
  );
});

test.each([
  "2022-08-05",
  "2022-08-05T12:00Z",
  "2022-08-05T12:00:00",
  "2022-08-05T12:00:00+00:00",
  "2022-08-05T12:00:00.5Z",
  "2022-08-05t12:00:00z",
  "2022-08-05 12:00:00Z",
  "2022-08-05T24:00:00Z",
  "2022-08-05T12:60:00Z",
  "2016-12-31T23:59:60Z",
  "2023-02-29T00:00:00Z",
  "1969-12-31T23:59:59Z",
  " 2022-08-05T12:00:00Z",
  "2022-08-05T12:00:00Z\n",
  "",
])("%j is no time", (text) => {
  expect(() => parseTime(text)).toThrow(RangeError);
});

test("a date-time group has day, time, month and two digits of the year", () => {
  expect(dtg(parseTime("2026-11-22T14:02:59Z"))).toBe("221402Z NOV 26");
  expect(dtg(parseTime("2000-01-01T00:00:00Z"))).toBe("010000Z JAN 00");
});

test.each([
  ["PT15M", 900],
  ["P30D", 2_592_000],
  ["PT48H", 172_800],
  ["P1DT2H", 93_600],
  ["P2W", 1_209_600],
  ["PT0S", 0],
  ["P1DT2H3M4S", 93_784],
] as const)("%s is %d seconds", (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each(["P1M", "P1Y", "P1Y2M3DT4H", "P1MT1M"])("%s has no fixed length", (text) => {
  expect(() => parseDuration(text)).toThrow(/no fixed length/);
});

test.each(["", "P", "PT", "P1DT", "15M", "PT1.5H", "-PT1H", "pt15m", "P1W2D", "PT1M1H", "PT 5M", "PT15M\n"])(
  "%j is no duration",
  (text) => {
    expect(() => parseDuration(text)).toThrow(RangeError);
  },
);

test("a duration is read back as written", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 1e10 }), (length) => parseDuration(formatDuration(length)) === length));
  expect(formatDuration(172_800)).toBe("P2D");
  expect(formatDuration(0)).toBe("PT0S");
  expect(() => formatDuration(1.5)).toThrow(RangeError);
});
