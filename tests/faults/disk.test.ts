import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { type IncomingMessage, get } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stopNodes, workFolder } from "../support/openline.ts";
import { FaultLine, type Side } from "./fault-line.ts";
import type { PlantedFault } from "./up-child.ts";

/** A node whose disk fails ends with one clear line, and goes on where it was once the disk is mended. */
const SEED = Number(process.env["OPENLINE_SEED"] ?? 1);
const ROUNDS = Number(process.env["OPENLINE_ROUNDS"] ?? 1);
const entry = join(import.meta.dirname, "up-child.ts");
const works = (command: string, ...args: readonly string[]): boolean => spawnSync(command, args, { stdio: "ignore" }).status === 0;
const strace = works("strace", "-V");
const mounts = works("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt");
const mount = (...args: readonly string[]): void => expect(spawnSync("mount", args, { encoding: "utf8" }).stderr).toBe("");

/** What a disk has left when a node starts on it. */
const ROOM_BYTES = 600_000;

const dir = workFolder();
let line: FaultLine;

beforeAll(async () => {
  line = await FaultLine.open(dir, SEED);
}, 120_000);
afterAll(async () => {
  await stopNodes();
  await line.close();
});

/** What a node that ended by itself printed after it had said that it runs, or instead. */
async function endOf(party: Side): Promise<{ readonly code: number | null; readonly lines: readonly string[] }> {
  const node = line.node(party);
  const code = await node.ended;
  return { code, lines: node.printed().split("\n").slice(1, -1) };
}

/** What a node's own socket answers to the question whether it is well. */
async function readiness(party: Side): Promise<unknown> {
  const asked = get({ socketPath: join(line.folder(party), "control.sock"), path: "/readyz" });
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return json(answer);
}

const stopped = (why: RegExp) => ({ code: 4, lines: [expect.stringMatching(why)] });

/** Both sides speak until a node has ended: the one whose disk fails says things, and takes things. */
async function talkUntilEnded(party: Side, words = ""): Promise<void> {
  for (let i = 0; i < 100 && line.runs(party); i++) {
    await line.say("north", words);
    await line.say("south", words);
  }
  expect(line.runs(party)).toBe(false);
}

const PLANTED: readonly PlantedFault[] = [
  { port: "commit", call: 9, end: "failed-but-written" },
  { port: "swap", call: 3, end: "failed" },
  { port: "commit", call: 6, end: "failed" },
  { port: "swap", call: 4, end: "failed-but-written" },
];

test.each(PLANTED.slice(0, ROUNDS > 1 ? 4 : 2))("$port $call $end: the process ends with one line, and nothing is lost", async (fault) => {
  const party: Side = fault.port === "commit" ? "south" : "north";
  await line.node(party).stop();
  await line.start(party, { entry, env: { OPENLINE_FAULT: JSON.stringify(fault) } });
  await talkUntilEnded(party);
  expect(await endOf(party)).toEqual(stopped(/^openline: storage: .*input\/output error; the node has stopped/));
  await line.start(party);
  await line.check();
});

test.skipIf(!strace)(
  strace ? "an fsync that fails once, in a real process" : "an fsync that fails once: NOT RUN, strace is absent",
  async () => {
    await line.node("south").stop();
    const wal = join(line.folder("south"), "openline.db-wal");
    const inject = ["-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=12"];
    await line.start("south", { under: ["strace", "-D", "-f", "-qq", "-o", join(dir, "trace"), "-P", wal, ...inject] });
    await talkUntilEnded("south");
    expect(await endOf("south")).toEqual(stopped(/^openline: storage: .*; the node has stopped/));
    await line.start("south");
    await line.check();
  },
);

test("a file that may not grow (EFBIG): the process ends with one line, and nothing is lost", async () => {
  await line.node("south").stop();
  const largest = Math.max(...readdirSync(line.folder("south")).map((name) => statSync(join(line.folder("south"), name)).size));
  const blocks = Math.ceil(largest / 512) + 400;
  await line.start("south", { under: ["sh", "-c", `ulimit -f ${blocks}; exec "$@"`, "sh"] });
  await talkUntilEnded("south", "x".repeat(30_000));
  expect(await endOf("south")).toEqual(stopped(/^openline: storage: .*; the node has stopped/));
  await line.start("south");
  await line.check();
});

test("the files of a store that are moved away end the process with one line, also while nobody speaks; put back, nothing is lost", async () => {
  await line.say("south");
  const folder = line.folder("south");
  const files = readdirSync(folder).filter((name) => /^openline\.db(-wal|-shm)?$/.test(name));
  expect(files.length).toBe(3);
  const away = join(dir, "away");
  mkdirSync(away);
  for (const name of files) renameSync(join(folder, name), join(away, name));
  expect(await endOf("south")).toEqual(stopped(/^openline: storage: .*openline\.db\S* is no longer the file .*; the node has stopped/));
  for (const name of files) renameSync(join(away, name), join(folder, name));
  await line.start("south");
  await line.check();
});

describe.skipIf(!mounts)(mounts ? "a small disk" : "a full disk: NOT RUN, this account may not mount a tmpfs", () => {
  const at = (): string => line.folder("south");
  afterAll(() => void spawnSync("umount", [at()]));

  test("that is full ends the process with one line; with more room it goes on, and nothing is lost", async () => {
    await line.node("south").stop();
    renameSync(at(), `${at()}-before`);
    mkdirSync(at(), { mode: 0o700 });
    const used = readdirSync(`${at()}-before`, { recursive: true, encoding: "utf8" }).reduce(
      (sum, name) => sum + statSync(join(`${at()}-before`, name)).size,
      0,
    );
    mount("-t", "tmpfs", "-o", `size=${used + ROOM_BYTES},mode=700`, "tmpfs", at());
    cpSync(`${at()}-before`, at(), { recursive: true, filter: (from) => !statSync(from).isSocket() });
    await line.start("south");
    expect(await readiness("south")).toEqual({ ready: false, unready: [{ party: "south", why: "full" }] });
    await talkUntilEnded("south", "y".repeat(30_000));
    expect(await endOf("south")).toEqual(stopped(/^openline: storage: .*full.*; the node has stopped/));
    // Full as it is, it does not start, and says so in one line.
    await expect(line.start("south")).rejects.toThrow(/ended with 4: openline: storage: [^\n]*\n$/);
    mount("-o", "remount,size=64m", at());
    await line.start("south");
    await line.check();
    expect(await readiness("south")).toEqual({ ready: true, unready: [] });
    await line.node("south").stop();
    spawnSync("cp", ["-a", `${at()}/.`, `${at()}-after`]);
    spawnSync("umount", [at()]);
    rmSync(at(), { recursive: true });
    renameSync(`${at()}-after`, at());
    await line.start("south");
    await line.say("south");
    await line.check();
  });
});

test("a machine rolled back to yesterday, second place and all, goes on in a new incarnation and loses nothing", async () => {
  const places = [line.folder("north"), `${line.folder("north")}-second`];
  await line.node("north").stop();
  for (const place of places) cpSync(place, `${place}-yesterday`, { recursive: true, filter: (from) => !statSync(from).isSocket() });
  await line.start("north");
  const last = [await line.say("north"), await line.say("north"), await line.say("north")].at(-1);
  await line.holds("south", last);
  await line.kill("north");
  for (const place of places) {
    rmSync(place, { recursive: true });
    renameSync(`${place}-yesterday`, place);
  }
  await line.start("north");
  await line.say("north");
  await line.say("south");
  await line.check();
  // What it had said after yesterday came back from the other side, and stands in the closed incarnation.
  expect((await line.messages("north")).find(({ leaf }) => leaf === last)?.log).toMatch(/^north@/);
});
