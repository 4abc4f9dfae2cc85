import { expect, onTestFinished, test, vi } from "vitest";
import { EXIT, Ended } from "../src/exit.ts";
import { sentenceOf } from "../src/start/sentence.ts";

test("a page is told of a bug in one sentence, and its traces are printed", () => {
  const printed: string[] = [];
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((part) => printed.push(String(part)) > 0);
  onTestFinished(() => spy.mockRestore());
  const told = sentenceOf(new TypeError("x is not a function"));
  expect(told).not.toMatch(/\n|not a function|\.ts/);
  expect(printed.join("")).toMatch(/^openline: TypeError: x is not a function\n +at .*sentence\.test\.ts/);
  printed.length = 0;
  expect([sentenceOf(new Ended(EXIT.unavailable, "a node ended before it ran")), printed]).toEqual(["a node ended before it ran", []]);
});
