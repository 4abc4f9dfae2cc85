import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seeded } from "../../packages/node/test/node/line.ts";
import { stopNodes, workFolder } from "../support/openline.ts";
import { FaultLine, PARTIES, type Side } from "./fault-line.ts";
import type { End, PlantedFault } from "./up-child.ts";

/** Either process is killed, at random and at a certain write, while both sides speak. */
const ROUNDS = Number(process.env["OPENLINE_ROUNDS"] ?? 1);
const SEED = Number(process.env["OPENLINE_SEED"] ?? 1);
const entry = join(import.meta.dirname, "up-child.ts");

const dir = workFolder();
const chance = seeded(SEED);
let line: FaultLine;

beforeAll(async () => {
  line = await FaultLine.open(dir, SEED);
}, 120_000);
afterAll(async () => {
  await stopNodes();
  await line.close();
});

/** Both sides say something, whichever of them can. */
async function talk(times: number): Promise<void> {
  for (let i = 0; i < times; i++) for (const party of PARTIES) await line.say(party);
}

test(`killed at random, ${ROUNDS} times each (seed ${SEED})`, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    for (const party of PARTIES) {
      const talking = talk(2);
      await wait(chance.below(1_000));
      await line.kill(party);
      await talking;
      await line.start(party);
      await talk(1);
    }
  }
  await line.check();
});

const planted = (): PlantedFault => ({
  port: chance.below(2) === 0 ? "commit" : "swap",
  call: 1 + chance.below(8),
  end: (["killed-before", "killed-after"] as const satisfies readonly End[])[chance.below(2)]!,
});

test(`killed at the n-th write, ${ROUNDS} times each (seed ${SEED})`, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    for (const party of PARTIES) {
      await line.node(party).stop();
      await killedAt(party, planted());
      await line.start(party);
      await talk(1);
    }
  }
  await line.check();
});

/** Runs a party's node and speaks until the planted write has ended it. */
async function killedAt(party: Side, fault: PlantedFault): Promise<void> {
  const started = line.start(party, { entry, env: { OPENLINE_FAULT: JSON.stringify(fault) } });
  // At a low number it is killed before it has said that it runs.
  const early = await started.then(
    () => false,
    (error: unknown) => String(error).includes("ended with null"),
  );
  if (early) return;
  for (let said = 0; said < 20 && line.runs(party); said++) await talk(1);
  expect([fault, line.runs(party), line.node(party).child.signalCode]).toEqual([fault, false, "SIGKILL"]);
}
