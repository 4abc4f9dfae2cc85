import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseLogId } from "@openline/core";
import { openSqlite } from "@openline/node";

const log = parseLogId("0123456789abcdef");
const child = fileURLToPath(new URL("./store-fault-child.ts", import.meta.url));
const strace = spawnSync("strace", ["-V"]).status === 0;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "openline-fault-"));
  path = join(folder, "store.db");
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs the child under `wrapper`; what it printed. */
function run(wrapper: readonly string[]): string[] {
  const { stdout, stderr, status } = spawnSync("env", [...wrapper, process.execPath, "--conditions=openline-source", child, path], {
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return stdout.trim().split("\n");
}

/** The store failed for good, and on a healthy disk it opens with everything acknowledged and goes on. */
async function expectFatalAndClean(lines: readonly string[]): Promise<void> {
  const acknowledged = lines.filter((line) => /^\d+$/.test(line)).length;
  const rest = lines.slice(acknowledged);
  expect([["failed storage", "then storage", "then storage"], ["unopened storage"], []]).toContainEqual(rest);
  const store = await openSqlite(path);
  const size = await store.size(log);
  expect(size === acknowledged || size === acknowledged + 1).toBe(true);
  const entries = await store.entries(log, 0, 4096);
  expect(entries.every(({ entry }, i) => entry.length === 60_000 && entry[59_999] === i % 256)).toBe(true);
  await store.commit({ meta: [{ key: "k", value: new Uint8Array(1) }] });
  await store.close();
}

test("a file that may not grow (EFBIG) is fatal, loses nothing acknowledged and reopens clean", async () => {
  const lines = run(["sh", "-c", 'ulimit -f 3000; exec "$@"', "sh"]);
  expect(lines).toContain("failed storage");
  await expectFatalAndClean(lines);
});

/** Runs the child while sync number `when` of `file` fails, once. What it printed, and the calls on that file afterwards. */
async function runWithFailedSync(file: string, when: number): Promise<{ lines: string[]; after: string[] }> {
  const trace = join(folder, "trace");
  const filter = ["-e", "trace=fsync,fdatasync,pwrite64,ftruncate", "-e", `inject=fsync,fdatasync:error=EIO:when=${when}`];
  const lines = run(["strace", "-f", "-qq", "-o", trace, "-P", file, ...filter]);
  const calls = (await readFile(trace, "utf8")).split("\n").filter((line) => line.includes("("));
  const injected = calls.findIndex((line) => line.includes("INJECTED"));
  expect(injected).toBeGreaterThanOrEqual(0);
  return { lines, after: calls.slice(injected + 1) };
}

/** The same for a store that exists: its file is left as it was. */
async function runAndWriteNoMore(file: string, when: number): Promise<string[]> {
  const { lines, after } = await runWithFailedSync(file, when);
  expect(after).toEqual([]);
  return lines;
}

describe.skipIf(!strace)(strace ? "an fsync that fails once" : "not run: strace is absent", () => {
  test.each([1, 2, 3, 20, 120, 200])("of the log of a commit (sync %i): fatal, and nothing is written afterwards", async (when) => {
    await expectFatalAndClean(await runAndWriteNoMore(`${path}-wal`, when));
  });

  test.each([1, 2])("of the database at checkpoint %i: fatal, and nothing is written afterwards", async (when) => {
    await expectFatalAndClean(await runAndWriteNoMore(path, when));
  });

  test.each(["-wal", ""])("of store.db%s when opening after a crash: not opened, and nothing is written afterwards", async (suffix) => {
    const before = await runAndWriteNoMore(`${path}-wal`, 30);
    expect(await runAndWriteNoMore(`${path}${suffix}`, 1)).toEqual(["unopened storage"]);
    await expectFatalAndClean(before);
  });

  test("of a store being made: it is not there, and is made the next time", async () => {
    const { lines } = await runWithFailedSync(`${path}.new`, 1);
    expect(lines).toEqual(["unopened storage"]);
    expect(await readdir(folder)).not.toContain("store.db");
    await expectFatalAndClean([]);
  });
});
