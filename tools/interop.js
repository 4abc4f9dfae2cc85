/** `npm run interop -- OUT...`: checks exported records with Go's transparency log packages, which share no code with
 *  Openline. Without OUT it plays an exercise, exports both parties' records and checks those.
 *  `npm run interop -- -vectors`: compares vectors/log with the same packages. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "interop");
const binary = join(source, "bin", "openline-interop");
const EXERCISE = { file: "exercises/notice-2025-12-06.yaml", parties: ["chn", "jpn"] };
/** Where Debian's golang-*-dev packages put their sources. */
const DEBIAN_GOPATH = "/usr/share/gocode";

process.exitCode = main(process.argv.slice(2));

function main(outs) {
  const missing = build();
  if (missing !== undefined) {
    console.log(`not run: interop (${missing})`);
    return process.env["OPENLINE_REQUIRE_GO"] === "1" ? 1 : 0;
  }
  if (outs[0] === "-vectors") return run(binary, ["-vectors", join(root, "vectors", "log")]);
  if (outs.length > 0) return run(binary, outs);
  const folder = mkdtempSync(join(tmpdir(), "openline-interop-"));
  try {
    return run(binary, exportExercise(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Builds the program. Returns what this machine lacks, if anything; a program that does not compile is an error. */
function build() {
  const version = spawnSync("go", ["version"], { encoding: "utf8" });
  if (version.error !== undefined || version.status !== 0) return "Go is not on this machine";
  const gopath = goPath();
  if (gopath === undefined) return "golang.org/x/mod/sumdb is not on this machine";
  mkdirSync(join(source, "bin"), { recursive: true });
  const env = { ...process.env, GO111MODULE: "off", GOFLAGS: "", GOPROXY: "off", GOPATH: gopath };
  const built = spawnSync("go", ["build", "-o", binary, "."], { cwd: source, env, stdio: "inherit" });
  if (built.status !== 0) throw new Error("interop does not compile");
  return undefined;
}

function goPath() {
  const own = spawnSync("go", ["env", "GOPATH"], { encoding: "utf8" }).stdout.trim();
  return [...own.split(delimiter), DEBIAN_GOPATH].find((path) => existsSync(join(path, "src/golang.org/x/mod/sumdb/tlog")));
}

/** Plays the exercise with two parties and exports both records; returns the export folders. */
function exportExercise(folder) {
  const openline = join(root, "packages/cli/bin/openline.js");
  const lines = join(folder, "lines");
  mustRun(openline, ["exercise", "run", EXERCISE.file, "--dir", lines, "--fresh"]);
  return EXERCISE.parties.map((party) => {
    const out = join(folder, `export-${party}`);
    mustRun(openline, ["record", "export", "--dir", join(lines, party), out]);
    return out;
  });
}

function mustRun(script, args) {
  const done = spawnSync(process.execPath, [script, ...args], { cwd: root, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`openline ${args.join(" ")}: ${done.stderr || done.stdout || done.error}`);
}

function run(program, args) {
  return spawnSync(program, args, { stdio: "inherit" }).status ?? 1;
}
