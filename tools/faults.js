// Runs tests/faults for longer than `npm test` does: npm run faults -- --rounds 20 --seed 7
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "10" }, seed: { type: "string", default: "1" } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write("usage: npm run faults -- [--rounds N] [--seed N]\n");
  process.exit(2);
}

const MINUTE_MS = 60_000;
const run = spawnSync("npx", ["vitest", "run", "--project", "process", "--testTimeout", String(3 * rounds * MINUTE_MS), "tests/faults"], {
  stdio: "inherit",
  env: { ...process.env, OPENLINE_ROUNDS: values.rounds, OPENLINE_SEED: values.seed },
});
process.exit(run.status ?? 1);
