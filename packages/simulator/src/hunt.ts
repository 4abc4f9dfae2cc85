import { assert } from "@openline/core";
import { drawOptions } from "./options.ts";
import { PLANTS } from "./plants.ts";
import { runSeed } from "./run.ts";

/** A planted bug is found in one of the first so many seeds, each of so many hours. */
export const HUNT = { seeds: 500, hours: 3 } as const;

/** The first seed in which a law is broken with this bug planted, and which law; undefined where none is. */
export async function huntFor(name: string): Promise<{ readonly seed: number | undefined; readonly law: string | undefined }> {
  const plant = PLANTS[name];
  assert(plant !== undefined, `no plant is called ${name}`);
  for (let seed = 1; seed <= HUNT.seeds; seed++) {
    const drawn = drawOptions(seed, HUNT.hours);
    const { violation } = await runSeed(plant.options?.(drawn) ?? drawn, { plant: plant.fitting });
    if (violation !== undefined) return { seed, law: violation.law };
  }
  return { seed: undefined, law: undefined };
}
