import { assert, equalBytes, limits, type LogId } from "@openline/core";
import { pageMax, tileBytes, type Batch } from "./store.ts";

/** What a store already holds, as far as the append-only rules ask. */
export interface Held {
  size(log: LogId): number;
  /** `"erased"` when the entry had a disclosure, or could have had one, and it was erased. */
  disclosure(log: LogId, index: number): Uint8Array | "erased" | undefined;
  tile(log: LogId, level: number, index: number): Uint8Array | undefined;
  headRoot(log: LogId, size: number): Uint8Array | undefined;
}

/** Throws `AssertionError` when `batch` would break the append-only rules over what is held. Every store calls it before
 *  it writes the first byte of a batch, so that a bug in one batch neither half-applies nor spoils its neighbours. */
export function checkBatch(batch: Batch, held: Held): void {
  const disclosed = new Map<string, Uint8Array>();
  const sizeAfter = checkEntries(batch, held, disclosed);
  checkDisclosures(batch, held, sizeAfter, disclosed);
  for (const { log, index } of batch.erasures ?? [])
    assert(index < sizeAfter(log), `erasure of entry ${log}/${index}, which is not stored`);
  checkTiles(batch, held);
  checkHeads(batch, held);
}

/** A page is bounded and starts somewhere. Throws `AssertionError`. */
export function checkPage(from: number, count: number): void {
  assert(Number.isSafeInteger(from) && from >= 0, `a page starts at a whole number, not ${from}`);
  assert(Number.isSafeInteger(count) && count >= 0 && count <= pageMax, `a page holds 0 to ${pageMax} rows, not ${count}`);
}

function checkEntries(batch: Batch, held: Held, disclosed: Map<string, Uint8Array>): (log: LogId) => number {
  const sizes = new Map<LogId, number>();
  const sizeOf = (log: LogId) => sizes.get(log) ?? held.size(log);
  for (const { log, index, entry, disclosure } of batch.entries ?? []) {
    const size = sizeOf(log);
    assert(index === size, `entry ${log}/${index} must be appended at the log's size ${size}`);
    assert(entry.length <= limits.entryBytesMax, `entry ${log}/${index} of ${entry.length} bytes should have been refused`);
    sizes.set(log, size + 1);
    if (disclosure === undefined) continue;
    checkDisclosureLength(disclosure, `${log}/${index}`);
    disclosed.set(`${log}/${index}`, disclosure);
  }
  return sizeOf;
}

function checkDisclosures(batch: Batch, held: Held, sizeAfter: (log: LogId) => number, disclosed: Map<string, Uint8Array>): void {
  for (const { log, index, disclosure } of batch.disclosures ?? []) {
    const place = `${log}/${index}`;
    assert(index < sizeAfter(log), `disclosure for entry ${place}, which is not stored`);
    checkDisclosureLength(disclosure, place);
    const before = disclosed.get(place) ?? held.disclosure(log, index);
    if (before === "erased") continue;
    assert(before === undefined || equalBytes(before, disclosure), `entry ${place} already has another disclosure`);
    disclosed.set(place, disclosure);
  }
}

function checkDisclosureLength(disclosure: Uint8Array, place: string): void {
  assert(disclosure.length <= limits.disclosureBytesMax, `disclosure of ${place} of ${disclosure.length} bytes should have been refused`);
}

function checkTiles(batch: Batch, held: Held): void {
  const written = new Map<string, Uint8Array>();
  for (const { log, level, index, hashes } of batch.tiles ?? []) {
    const place = `${log}/${level}/${index}`;
    assert(hashes.length === tileBytes, `tile ${place} has ${hashes.length} bytes and not ${tileBytes}`);
    const before = written.get(place) ?? held.tile(log, level, index);
    assert(before === undefined || equalBytes(before, hashes), `tile ${place} was written before with other hashes`);
    written.set(place, hashes);
  }
}

function checkHeads(batch: Batch, held: Held): void {
  const roots = new Map<string, Uint8Array>();
  for (const { log, size, root } of batch.heads ?? []) {
    const place = `${log}/${size}`;
    assert(root.length === 32, `root of head ${place} has ${root.length} bytes and not 32`);
    const before = roots.get(place) ?? held.headRoot(log, size);
    assert(before === undefined || equalBytes(before, root), `head ${place} is held with another root: that is a fork, and a finding`);
    roots.set(place, root);
  }
}

/** A copy that shares nothing: `slice()` of a `Buffer` is a view of it. */
export const copyOf = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);
