import { expect, test } from "vitest";
import { drawOptions } from "../src/options.ts";
import { runSeed } from "../src/run.ts";

test("one seed is one run: the same trace and the same entries, twice", async () => {
  const options = drawOptions(2, 1);
  const first = await runSeed(options);
  const second = await runSeed(options);
  expect(first.violation).toBeUndefined();
  expect(first.entries).toBeGreaterThan(40);
  expect(second).toEqual(first);
});
