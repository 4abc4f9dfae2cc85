// The whole test of the project, in order; the first failure stops it. What this machine lacks, and what passed only by itself, is named in
// the last lines.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { relative, sep } from "node:path";

const RESULTS = "node_modules/.cache/openline-tests.json";
/** More than this is no accident of a busy machine. */
const BY_ITSELF_AT_MOST = 2;
const notes = [];
const npm = (script) => () => spawnSync("npm", ["run", "--silent", script], { stdio: ["ignore", "inherit", "inherit"] }).status === 0;
const steps = [
  { name: "format", run: npm("format:check") },
  { name: "build", run: npm("build") },
  { name: "lint", run: npm("lint") },
  { name: "unused", run: npm("unused") },
  { name: "tests", run: () => vitest([RESULTS]) || passedByThemselves() },
  { name: "interop", run: interop },
];

rmSync(RESULTS, { force: true });
for (const { name, run } of steps) {
  const begun = Date.now();
  process.stdout.write(`\n== ${name}\n`);
  if (!run()) {
    process.stdout.write(`\n${name} FAILED; what follows it was not run\n`);
    counts();
    process.exit(1);
  }
  process.stdout.write(`== ${name} passed in ${((Date.now() - begun) / 1000).toFixed(0)} s\n`);
}
process.stdout.write(`\n${notes.length === 0 ? "everything was run" : notes.join("\n")}\n`);
counts();

function vitest([results, ...files]) {
  const args = ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${results}`, ...files];
  return spawnSync("npx", args, { stdio: ["ignore", "inherit", "inherit"] }).status === 0;
}

/** A file of real processes that failed beside others runs once more with the machine to itself (docs/decisions/0015). */
function passedByThemselves() {
  const failed = failedFiles();
  const accident = failed.length > 0 && failed.length <= BY_ITSELF_AT_MOST && failed.every((file) => file.startsWith(`tests${sep}`));
  if (!accident) return false;
  for (const file of failed) {
    process.stdout.write(`\n== ${file} FAILED beside others; once more, by itself\n`);
    if (!vitest([`${RESULTS}.again`, file])) return false;
    notes.push(`failed beside others, passed by itself: ${file}`);
  }
  return true;
}

function interop() {
  const ran = spawnSync("npm", ["run", "--silent", "interop"], { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
  process.stdout.write(ran.stdout ?? "");
  notes.push(...(ran.stdout ?? "").split("\n").filter((line) => line.startsWith("not run: ")));
  return ran.status === 0;
}

function counts() {
  const report = results();
  if (report === undefined) return;
  process.stdout.write(`${report.numPassedTests} passed, ${report.numFailedTests} failed, ${report.numPendingTests} skipped\n`);
}

function failedFiles() {
  const failed = (results()?.testResults ?? []).filter(({ status }) => status === "failed");
  return failed.map(({ name }) => relative(process.cwd(), name));
}

function results() {
  try {
    return JSON.parse(readFileSync(RESULTS, "utf8"));
  } catch {
    return undefined;
  }
}
