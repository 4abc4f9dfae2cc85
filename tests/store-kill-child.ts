/** Appends to a store until it is killed. Each line it prints is a log size that is durable in both places, written only
 *  after both said so. Arguments: folder, seed. */
import { writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { fromHex, parseLeafHash, parseLogId, parseLogIndex, toHex } from "@openline/core";
import { allEntries, FileSecondPlace, openSqlite, type Batch } from "@openline/node";
import { GrowingTree, leafHash } from "./store-tree.ts";

// A process that is killed leaves nothing of what it has compiled: the next one would compile it all again.
flushCompileCache();
const [folder = "", seed = "1"] = process.argv.slice(2);
const log = parseLogId("0123456789abcdef");
let state = Number(seed);
/** A small generator (Park and Miller): whole numbers from 0 to `below` − 1. */
const chance = (below: number): number => {
  state = (state * 48_271) % 2_147_483_647;
  return state % below;
};

const store = await openSqlite(join(folder, "store.db"));
const second = new FileSecondPlace(join(folder, "second"));
const tree = new GrowingTree();
const leaves: Uint8Array[] = [];

function place(leaf: Uint8Array): void {
  leaves.push(leaf);
  tree.append(leaf);
}

/** The next entry, and the tile it fills. */
function nextBatch(): Batch {
  const index = parseLogIndex(leaves.length);
  const entry = new TextEncoder().encode(`entry ${index} ${"x".repeat(chance(3000))}`);
  const leaf = leafHash(entry);
  place(leaf);
  const disclosure = { disclosure: new Uint8Array(chance(2000)).fill(index) };
  return {
    entries: [{ log, index, leaf: parseLeafHash(toHex(leaf)), entry, ...(chance(2) === 0 && disclosure) }],
    ...(leaves.length % 256 === 0 && {
      tiles: [{ log, level: 0, index: leaves.length / 256 - 1, hashes: Buffer.concat(leaves.slice(-256)) }],
    }),
  };
}

for await (const { leaf } of allEntries(store, log)) place(fromHex(leaf));
let signed = await second.read(log);
const acknowledge = async (): Promise<void> => {
  const next = { size: leaves.length, root: tree.root() };
  await second.swap(log, signed, next);
  signed = next;
  writeSync(1, `${next.size}\n`);
};

await acknowledge();
for (;;) {
  await Promise.all(Array.from({ length: 1 + chance(12) }, () => store.commit(nextBatch())));
  await acknowledge();
}
