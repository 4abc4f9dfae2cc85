// The whole test of the project, in order; the first failure stops it. What this machine lacks is named in the last lines.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";

const RESULTS = "node_modules/.cache/openline-tests.json";
const notRun = [];
const npm = (script) => ({ name: script, command: "npm", args: ["run", "--silent", script] });
const steps = [
  npm("format:check"),
  npm("build"),
  npm("lint"),
  npm("unused"),
  {
    name: "tests",
    command: "npx",
    args: ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${RESULTS}`],
  },
  npm("interop"),
];

rmSync(RESULTS, { force: true });
for (const { name, command, args } of steps) {
  const begun = Date.now();
  process.stdout.write(`\n== ${name}\n`);
  const run = spawnSync(command, args, {
    stdio: name === "interop" ? ["ignore", "pipe", "inherit"] : ["ignore", "inherit", "inherit"],
    encoding: "utf8",
  });
  if (name === "interop") {
    process.stdout.write(run.stdout ?? "");
    notRun.push(...(run.stdout ?? "").split("\n").filter((line) => line.startsWith("not run: ")));
  }
  if (run.status !== 0) {
    process.stdout.write(`\n${name} FAILED; what follows it was not run\n`);
    counts();
    process.exit(1);
  }
  process.stdout.write(`== ${name} passed in ${((Date.now() - begun) / 1000).toFixed(0)} s\n`);
}
process.stdout.write(`\n${notRun.length === 0 ? "everything was run" : notRun.join("\n")}\n`);
counts();

function counts() {
  const found = results();
  if (found !== undefined) process.stdout.write(`${found.passed} passed, ${found.failed} failed, ${found.skipped} skipped\n`);
}

function results() {
  try {
    const report = JSON.parse(readFileSync(RESULTS, "utf8"));
    return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests };
  } catch {
    return undefined;
  }
}
