import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parseLogId, toHex } from "@openline/core";
import { allEntries, FileSecondPlace, openSqlite } from "@openline/node";
import { GrowingTree, leafHash } from "./store-tree.ts";

const LOOPS = 24;
const SEED = Number(process.env["OPENLINE_SEED"] ?? 20_261);
const log = parseLogId("0123456789abcdef");
const child = fileURLToPath(new URL("./store-kill-child.ts", import.meta.url));

/** Starts the child, kills it `afterMs` after its first line. Returns the last size it acknowledged. */
async function appendUntilKilled(folder: string, seed: number, afterMs: number): Promise<number> {
  const process_ = spawn(process.execPath, ["--conditions=openline-source", child, folder, String(seed)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let trouble = "";
  process_.stderr.on("data", (data: Buffer) => (trouble += data.toString()));
  const first = new Promise<void>((resolve) => {
    process_.stdout.on("data", (data: Buffer) => {
      out += data.toString();
      resolve();
    });
  });
  const ended = new Promise<string | null>((resolve) => process_.on("close", (_, signal) => resolve(signal)));
  await Promise.race([first, ended]);
  await wait(afterMs);
  process_.kill("SIGKILL");
  expect(await ended, trouble).toBe("SIGKILL");
  return Number(out.slice(0, out.lastIndexOf("\n")).split("\n").at(-1));
}

/** Reopens both places and checks all that was promised. Returns the size found. */
async function check(folder: string, acknowledged: number): Promise<number> {
  const store = await openSqlite(join(folder, "store.db"));
  const second = new FileSecondPlace(join(folder, "second"));
  const signed = await second.read(log);
  const tree = new GrowingTree();
  const leaves: string[] = [];
  let rootWhenSigned = signed?.size === 0 ? tree.root() : undefined;
  for await (const { index, leaf, entry } of allEntries(store, log)) {
    expect(index).toBe(leaves.length);
    expect(new TextDecoder().decode(entry)).toMatch(new RegExp(`^entry ${index} x*$`));
    expect(leaf).toBe(toHex(leafHash(entry)));
    tree.append(leafHash(entry));
    leaves.push(leaf);
    if (leaves.length === signed?.size) rootWhenSigned = tree.root();
  }
  expect(leaves.length).toBeGreaterThanOrEqual(acknowledged);
  expect(signed?.size).toBeGreaterThanOrEqual(acknowledged);
  expect(signed?.size).toBeLessThanOrEqual(leaves.length);
  expect(signed?.root).toEqual(rootWhenSigned);
  for (let tile = 0; tile < Math.floor(leaves.length / 256); tile++) {
    const hashes = await store.tile(log, 0, tile);
    expect(hashes && toHex(hashes)).toBe(leaves.slice(tile * 256, (tile + 1) * 256).join(""));
  }
  await second.close();
  await store.close();
  return leaves.length;
}

test(`a process killed at ${LOOPS} random moments loses nothing it acknowledged (seed ${SEED})`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "openline-kill-"));
  let state = SEED;
  const chance = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
  let found = 0;
  for (let loop = 0; loop < LOOPS; loop++) {
    const acknowledged = await appendUntilKilled(folder, 1 + chance(1_000_000), chance(350));
    expect(acknowledged).toBeGreaterThanOrEqual(found);
    found = await check(folder, acknowledged);
  }
  expect(found).toBeGreaterThan(LOOPS);
  await rm(folder, { recursive: true });
});
