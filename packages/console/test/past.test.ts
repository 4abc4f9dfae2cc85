import { formatTime, parseUnixSeconds } from "@openline/core";
import { expect, test } from "vitest";
import { keyTo, pastOf, stepAt } from "../src/pages/history/past.ts";

const step = (at: number) => ({ at: formatTime(parseUnixSeconds(at)), channels: [], readings: [], said: [], moreSaid: 0 });
const DAY = 86_400;
const past = pastOf([step(DAY), step(3 * DAY)], 400 * DAY);

test("a timeline ends at the present, in which the last step holds", () => {
  expect([past.end, stepAt(past, past.end)]).toEqual([400 * DAY, 1]);
  expect(keyTo(past, 3 * DAY, "ArrowRight")).toBe(400 * DAY);
  expect(keyTo(past, 3 * DAY, "End")).toBe(400 * DAY);
  expect(keyTo(past, 400 * DAY, "ArrowLeft")).toBe(3 * DAY);
  expect(keyTo(past, 390 * DAY, "PageUp")).toBe(400 * DAY);
});

test("one that goes on after its last step ends there, and so does one that lies ahead of the clock", () => {
  for (const until of [-Infinity, 2 * DAY]) expect(pastOf([step(DAY), step(3 * DAY)], until).end).toBe(3 * DAY);
});
