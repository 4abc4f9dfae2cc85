import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import {
  type Accord,
  EMPTY_FRONTIER,
  appendLeaf,
  decodeEntry,
  encodeAccordFiles,
  fromHex,
  leafOf,
  origin,
  parseLogId,
  rootOf,
  verifyCheckpoint,
} from "@openline/core";
import { FileSecondPlace, allEntries, encodeNodeKeys, nativeSuite as suite, openSqlite } from "@openline/node";
import { benchLine } from "../packages/node/src/measure/line.ts";

const KILLS = 10;
const SEED = Number(process.env["OPENLINE_SEED"] ?? 20_261);
const child = fileURLToPath(new URL("./node-kill-child.ts", import.meta.url));

interface Promised {
  /** By `log/index`. */
  readonly leaves: Map<string, string>;
  /** By `log/size`: the one signature that ever left. */
  readonly heads: Map<string, string>;
}

/** Runs the child and kills it `afterMs` after the first word of this kind: on a busy machine the first act may be acknowledged
 *  long after the first head has left. Adds what it said to `promised`. */
async function runUntilKilled(folder: string, word: "head" | "leaf", afterMs: number, promised: Promised): Promise<void> {
  const running = spawn(process.execPath, ["--conditions=openline-source", child, folder], { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let trouble = "";
  running.stderr.on("data", (data: Buffer) => (trouble += data.toString()));
  const first = new Promise<void>((resolve) => {
    running.stdout.on("data", (data: Buffer) => {
      out += data.toString();
      if (out.includes(word)) resolve();
    });
  });
  const ended = new Promise<string | null>((resolve) => running.on("close", (_, signal) => resolve(signal)));
  await Promise.race([first, ended]);
  await wait(afterMs);
  running.kill("SIGKILL");
  expect(await ended, trouble).toBe("SIGKILL");
  for (const line of out.slice(0, out.lastIndexOf("\n")).split("\n")) {
    const [what, log, place, value = ""] = line.split(" ");
    const known = what === "leaf" ? promised.leaves : promised.heads;
    const before = known.get(`${log}/${place}`);
    // An index acknowledged or signed twice must have been the same both times.
    if (before !== undefined) expect(value).toBe(before);
    known.set(`${log}/${place}`, value);
  }
}

/** Everything acknowledged is in the log once and in order, and every head that ever left is a head of what is there. */
async function check(folder: string, accord: Accord, lineSecret: Uint8Array, promised: Promised): Promise<number> {
  const [party] = accord.parties;
  const store = await openSqlite(join(folder, "store.db"));
  let frontier = EMPTY_FRONTIER;
  let heads = 0;
  const { incarnation, file, key } = party!;
  const name = origin(suite, accord.line, key, incarnation, lineSecret);
  const seen = new Set<string>();
  for await (const { index, leaf, entry } of allEntries(store, incarnation)) {
    expect(index).toBe(frontier.size);
    expect(leafOf(suite, entry)).toBe(leaf);
    expect(decodeEntry(entry).placement.index).toBe(index);
    expect(seen.has(leaf)).toBe(false);
    seen.add(leaf);
    const acknowledged = promised.leaves.get(`${incarnation}/${index}`);
    if (acknowledged !== undefined) expect(leaf).toBe(acknowledged);
    frontier = appendLeaf(suite, frontier, fromHex(leaf));
    const signature = promised.heads.get(`${incarnation}/${frontier.size}`);
    if (signature === undefined) continue;
    heads++;
    const head = { origin: name, size: frontier.size, root: rootOf(suite, frontier) };
    expect(verifyCheckpoint(suite, file.log.ed25519, head, fromHex(signature))).toBe(true);
  }
  for (const leaf of promised.leaves.values()) expect(seen.has(leaf)).toBe(true);
  expect(heads).toBe(promised.heads.size);
  await store.close();
  const second = new FileSecondPlace(join(folder, "second"));
  expect((await second.read(parseLogId(incarnation)))!.size).toBeLessThanOrEqual(frontier.size);
  await second.close();
  return frontier.size;
}

test(`a node killed ${KILLS} times loses nothing it acknowledged and signs no index twice (seed ${SEED})`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "openline-node-kill-"));
  const { accord, secrets } = benchLine();
  await writeFile(join(folder, "accord.cbor"), encodeAccordFiles(accord.files));
  await writeFile(join(folder, "keys.cbor"), encodeNodeKeys(secrets[0]!.keys));
  const promised: Promised = { leaves: new Map(), heads: new Map() };
  let state = SEED;
  const chance = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
  let size = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    await runUntilKilled(folder, kill % 3 === 0 ? "head" : "leaf", chance(800), promised);
    const found = await check(folder, accord, secrets[0]!.keys.lineSecret, promised);
    expect(found).toBeGreaterThanOrEqual(size);
    size = found;
  }
  expect(promised.leaves.size).toBeGreaterThan(KILLS);
  await rm(folder, { recursive: true });
}, 600_000);
