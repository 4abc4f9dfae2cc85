import { expect, test } from "vitest";
import { ticksOf } from "../src/pages/history/ticks.ts";

const at = (time: string): number => Date.parse(time) / 1000;
const texts = (from: string, until: string): readonly string[] => ticksOf(at(from), at(until)).map(({ text }) => text);

test("an axis is marked as far apart as its range is long", () => {
  expect(texts("2026-11-27T01:30:00Z", "2026-11-28T01:30:00Z")).toEqual([
    "03:00Z",
    "06:00Z",
    "09:00Z",
    "12:00Z",
    "15:00Z",
    "18:00Z",
    "21:00Z",
    "00:00Z",
  ]);
  expect(texts("2026-11-21T01:30:00Z", "2026-11-24T00:00:00Z")).toEqual(["11-22", "11-23", "11-24"]);
  expect(texts("2026-08-30T00:00:00Z", "2026-11-28T00:00:00Z")).toEqual(["2026-09", "2026-10", "2026-11"]);
  expect(texts("2022-06-10T12:00:00Z", "2023-09-28T12:00:00Z")).toEqual(["2022-07", "2023-01", "2023-07"]);
});

test("a range without a tick, an instant and a range of ages have a bounded number of them", () => {
  expect(texts("2026-11-27T01:30:00Z", "2026-11-27T01:31:00Z")).toEqual([]);
  expect(texts("2026-11-27T03:00:00Z", "2026-11-27T03:00:00Z")).toEqual(["03:00Z"]);
  expect(ticksOf(0, at("9999-12-31T00:00:00Z"))).toHaveLength(160);
});
