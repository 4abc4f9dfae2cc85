import { spawnSync } from "node:child_process";
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, expect, test } from "vitest";
import { openline, startNode, stopNodes, workFolder } from "./support/openline.ts";

/** The machine's own alarm of a real node. */
const dir = workFolder();
const jpn = join(dir, "notice", "jpn");
const late = ["--dir", jpn, "--clock", "2025-12-06T09:00:00Z"];

/** A program that writes down what it is told, and when it begins. */
function program(name: string): { readonly path: string; readonly read: () => string } {
  const [path, out] = [join(dir, name), join(dir, `${name}.txt`)];
  writeFileSync(path, `#!/bin/sh\necho begun >> '${out}'\ncat >> '${out}'\n`);
  chmodSync(path, 0o755);
  return { path, read: () => (existsSync(out) ? readFileSync(out, "utf8") : "") };
}

beforeAll(async () => {
  const run = await openline(["exercise", "run", "exercises/notice-2025-12-06.yaml", "--dir", join(dir, "notice")]);
  expect(run.code).toBe(0);
});
afterEach(stopNodes);

test("a bell that cannot be started and a log that nobody reads end nothing: the bell rings when it can, and the node stops", async () => {
  const [bell, feed] = [program("bell"), program("feed")];
  const log = join(dir, "log");
  expect(spawnSync("mkfifo", [log]).status).toBe(0);
  writeFileSync(join(jpn, "alarm.yaml"), JSON.stringify({ program: [bell.path], deadMan: [feed.path], log }));
  const writing = openSync(bell.path, "r+");
  const node = await startNode(late);
  await expect.poll(node.printed, { timeout: 10_000 }).toMatch(/the alarm program \S+ failed: it cannot be started \(spawn ETXTBSY\)/);
  closeSync(writing);
  await expect.poll(node.printed, { timeout: 10_000 }).toContain("cannot be written: it has not answered");
  await expect.poll(bell.read, { timeout: 10_000 }).toContain(`"reason":"overdue"`);
  const asked = performance.now();
  expect(await node.stop()).toBe(0);
  expect(performance.now() - asked).toBeLessThan(8000);
  expect(feed.read()).toBe("begun\n");
});

test("a node that does not come up leaves no dead man behind", async () => {
  const feed = program("unfed");
  writeFileSync(join(jpn, "alarm.yaml"), JSON.stringify({ deadMan: [feed.path] }));
  const blocked = join(jpn, "control.sock");
  mkdirSync(join(blocked, "x"), { recursive: true });
  await expect(startNode(late)).rejects.toThrow(/ended with [1-9]\d*: /);
  rmSync(blocked, { recursive: true });
  expect(feed.read()).toBe("");
});

test("the built command opens the log at once, and writes nothing into it before there is anything to say", async () => {
  const log = join(dir, "alarm.log");
  writeFileSync(join(jpn, "alarm.yaml"), JSON.stringify({ log }));
  const node = await startNode(late);
  await expect.poll(() => existsSync(log), { timeout: 10_000 }).toBe(true);
  expect(await node.stop()).toBe(0);
  expect([node.printed().includes("cannot be written"), readFileSync(log, "utf8")]).toEqual([false, ""]);
});
