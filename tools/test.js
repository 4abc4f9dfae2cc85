// The whole test of the project, in order; the first failure stops it. What this machine lacks is named in the last lines.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const notRun = [];
const steps = [
  ["format", "npm", ["run", "--silent", "format:check"]],
  ["build", "npm", ["run", "--silent", "build"]],
  ["lint", "npm", ["run", "--silent", "lint"]],
  ["unused", "npm", ["run", "--silent", "unused"]],
  ["tests", "npx", ["vitest", "run", "--reporter=default", "--reporter=json", "--outputFile.json=node_modules/.cache/openline-tests.json"]],
  ["interop", "npm", ["run", "--silent", "interop"]],
];

for (const [name, command, args] of steps) {
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
    process.stdout.write(`\n${name} FAILED\n`);
    summary();
    process.exit(1);
  }
  process.stdout.write(`== ${name} passed in ${((Date.now() - begun) / 1000).toFixed(0)} s\n`);
}
summary();

function summary() {
  const counts = results();
  process.stdout.write(`\n${notRun.length === 0 ? "everything was run" : notRun.join("\n")}\n`);
  if (counts !== undefined) process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
}

function results() {
  try {
    const file = JSON.parse(readFileSync("node_modules/.cache/openline-tests.json", "utf8"));
    return { passed: file.numPassedTests, failed: file.numFailedTests, skipped: file.numPendingTests };
  } catch {
    return undefined;
  }
}
