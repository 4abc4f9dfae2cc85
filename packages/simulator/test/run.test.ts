import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { huntFor } from "../src/hunt.ts";
import { type Options, drawOptions } from "../src/options.ts";
import { runSeed } from "../src/run.ts";

/** Runs that once broke a law, with what was wrong. */
const parseRegressions = (text: string): readonly { readonly was: string; readonly options: Options }[] => JSON.parse(text);
const regressions = parseRegressions(readFileSync(new URL("regressions.json", import.meta.url), "utf8"));

test("one seed is one run: the same trace and the same entries, twice", async () => {
  const options = drawOptions(2, 1);
  const first = await runSeed(options);
  const second = await runSeed(options);
  expect(first.violation).toBeUndefined();
  expect(first.entries).toBeGreaterThan(20);
  expect(second).toEqual(first);
});

test("a first sweep: thirty seeds of an hour break no law", { timeout: 120_000 }, async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const { violation } = await runSeed(drawOptions(seed, 1));
    expect(violation, `seed ${seed}`).toBeUndefined();
  }
});

test.for(regressions)("never again: $was", { timeout: 60_000 }, async ({ options }) => {
  expect((await runSeed(options)).violation).toBeUndefined();
});

test.for(["acknowledges-before-sync", "second-place-not-swapped", "receipt-before-body", "act-placed-twice"])(
  "the planted bug %s is found",
  { timeout: 60_000 },
  async (name) => {
    expect((await huntFor(name)).law).toBeDefined();
  },
);
