import { assert, type Digest, equalBytes, limits, type LogId } from "@openline/core";
import { pageMax, tileBytes, type Batch } from "./store.ts";

/** What a store already holds, as far as the append-only rules ask. */
export interface Held {
  size(log: LogId): number;
  /** `"erased"` when the entry had a disclosure, or could have had one, and it was erased. */
  disclosure(log: LogId, index: number): Uint8Array | "erased" | undefined;
  tile(log: LogId, level: number, index: number): Uint8Array | undefined;
  headRoot(log: LogId, size: number): Uint8Array | undefined;
  knownObject(object: Digest): { readonly size: number; readonly whole: boolean } | undefined;
  /** How many bytes of [from, to) are here. */
  bytesIn(object: Digest, from: number, to: number): number;
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
  checkObjects(batch, held);
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
    const place = `${log}/${index}`;
    checkDisclosureLength(disclosure, place);
    if (batch.disclosures !== undefined) disclosed.set(place, disclosure);
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

function checkObjects(batch: Batch, held: Held): void {
  const sizes = new Map<Digest, number>();
  for (const { object, size } of batch.objects ?? []) {
    assert(
      Number.isSafeInteger(size) && size > 0 && size <= limits.objectBytesMax,
      `object ${object} of ${size} bytes should have been refused`,
    );
    const before = sizes.get(object) ?? held.knownObject(object)?.size ?? size;
    assert(before === size, `object ${object} is known with another size`);
    sizes.set(object, size);
  }
  const fresh = new Map<Digest, { from: number; to: number }[]>();
  for (const { object, offset, bytes } of batch.ranges ?? []) {
    const size = sizes.get(object) ?? held.knownObject(object)?.size ?? 0;
    const range = { from: offset, to: offset + bytes.length };
    assert(bytes.length > 0 && range.to <= size, `range ${offset} of object ${object} does not lie in it`);
    const others = fresh.get(object) ?? [];
    const free = held.bytesIn(object, range.from, range.to) === 0 && others.every(({ from, to }) => to <= range.from || from >= range.to);
    assert(free, `range ${offset} of object ${object} is stored already`);
    fresh.set(object, [...others, range]);
  }
  for (const object of batch.whole ?? []) {
    const size = sizes.get(object) ?? held.knownObject(object)?.size;
    assert(size !== undefined, `object ${object} is not known`);
    const added = (fresh.get(object) ?? []).reduce((sum, { from, to }) => sum + to - from, 0);
    assert(held.bytesIn(object, 0, size) + added === size, `object ${object} is not whole`);
  }
}

/** A copy that shares nothing: `slice()` of a `Buffer` is a view of it. */
export const copyOf = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);
