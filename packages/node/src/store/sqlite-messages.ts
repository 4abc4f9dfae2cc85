import type { FaultCode } from "@openline/core";
import type { SqliteReader } from "./sqlite-reader.ts";
import type { Batch, Finding, StoredEntry } from "./store.ts";
import type { StoreFiles } from "./store-files.ts";

/** The questions of the port. What else a reader offers is for the writer. */
export type ReadMethod =
  | "size"
  | "logs"
  | "entries"
  | "byLeaf"
  | "tile"
  | "latestHead"
  | "heads"
  | "findings"
  | "meta"
  | "object"
  | "objectBytes"
  | "openObjects"
  | "objectsSize"
  | "bytesFree";
type Answering = SqliteReader & Pick<StoreFiles, "bytesFree">;
export type Arguments<M extends ReadMethod> = Parameters<Answering[M]>;
export type Answer<M extends ReadMethod> = ReturnType<Answering[M]>;
export type Question = { [M in ReadMethod]: { readonly method: M; readonly args: Arguments<M> } }[ReadMethod];

/** What the worker is started with. */
export interface Opening {
  readonly path: string;
  readonly readOnly: boolean;
  /** The caller holds the lock of the store, and keeps it until the store is closed. */
  readonly locked: boolean;
}

/** To the worker, which handles them in the order they were sent. */
export type StoreRequest =
  | { readonly kind: "commit"; readonly batches: readonly Batch[] }
  | { readonly kind: "ask"; readonly id: number; readonly question: Question }
  | { readonly kind: "close" };

/** From the worker. `committed` answers commits in the order they were sent; nothing follows `failed`. */
export type StoreReply =
  | { readonly kind: "open" }
  | { readonly kind: "committed"; readonly outcomes: readonly (string | null)[] }
  | { readonly kind: "answer"; readonly id: number; readonly value: Answer<ReadMethod> }
  | { readonly kind: "closed" }
  | { readonly kind: "failed"; readonly code: FaultCode; readonly detail: string };

/** Only our own two threads speak here, so the shape is a matter of the types above. */
export const parseRequest = (message: unknown): StoreRequest => message as StoreRequest;
export const parseReply = (message: unknown): StoreReply => message as StoreReply;
export const parseOpening = (message: unknown): Opening => message as Opening;
export const parseQuestion = <M extends ReadMethod>(method: M, args: Arguments<M>): Question => ({ method, args }) as unknown as Question;
export const parseAnswer = <M extends ReadMethod>(value: Answer<ReadMethod>): Answer<M> => value as Answer<M>;

/** The same batches with all their bytes copied into one buffer, to be transferred. Cloning each byte string by itself costs
 *  an allocation on both sides, and a view of a pooled `Buffer` would take its whole pool along. */
export function packed(batches: readonly Batch[]): { readonly batches: readonly Batch[]; readonly buffer: ArrayBuffer } {
  let length = 0;
  for (const batch of batches) length += lengthOf(batch);
  const arena = new Arena(length);
  return { batches: batches.map((batch) => packBatch(batch, arena)), buffer: arena.buffer };
}

function packBatch(batch: Batch, arena: Arena): Batch {
  const { entries, disclosures, tiles, heads, findings, ranges, meta } = batch;
  return {
    ...batch,
    ...(entries && { entries: entries.map((entry) => packEntry(entry, arena)) }),
    ...(disclosures && { disclosures: disclosures.map((it) => ({ ...it, disclosure: arena.copy(it.disclosure) })) }),
    ...(tiles && { tiles: tiles.map((it) => ({ ...it, hashes: arena.copy(it.hashes) })) }),
    ...(heads && { heads: heads.map((it) => ({ ...it, root: arena.copy(it.root), checkpoint: arena.copy(it.checkpoint) })) }),
    ...(findings && { findings: findings.map((finding) => packFinding(finding, arena)) }),
    ...(ranges && { ranges: ranges.map((it) => ({ ...it, bytes: arena.copy(it.bytes) })) }),
    ...(meta && { meta: meta.map(({ key, value }) => ({ key, value: value && arena.copy(value) })) }),
  };
}

export function packEntry(it: StoredEntry, arena: Arena): StoredEntry {
  return { ...it, entry: arena.copy(it.entry), ...(it.disclosure && { disclosure: arena.copy(it.disclosure) }) };
}

function packFinding(it: Finding, arena: Arena): Finding {
  return { ...it, ...(it.bytes && { bytes: arena.copy(it.bytes) }) };
}

/** One buffer for many byte strings. */
export class Arena {
  readonly buffer: ArrayBuffer;
  #at = 0;

  constructor(length: number) {
    this.buffer = new ArrayBuffer(length);
  }

  copy(bytes: Uint8Array): Uint8Array {
    const view = new Uint8Array(this.buffer, this.#at, bytes.length);
    view.set(bytes);
    this.#at += bytes.length;
    return view;
  }
}

/** Bytes of all byte strings of a batch. */
export function lengthOf({ entries, disclosures, tiles, heads, findings, ranges, meta }: Batch): number {
  let length = 0;
  for (const { entry, disclosure } of entries ?? []) length += entry.length + (disclosure?.length ?? 0);
  for (const { disclosure } of disclosures ?? []) length += disclosure.length;
  for (const { hashes } of tiles ?? []) length += hashes.length;
  for (const { root, checkpoint } of heads ?? []) length += root.length + checkpoint.length;
  for (const { bytes } of findings ?? []) length += bytes?.length ?? 0;
  for (const { bytes } of ranges ?? []) length += bytes.length;
  for (const { value } of meta ?? []) length += value?.length ?? 0;
  return length;
}
