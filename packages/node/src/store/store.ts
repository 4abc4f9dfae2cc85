import type { Digest, LeafHash, LogId, LogIndex, Range, RefusalCode, UnixMillis } from "@openline/core";

/** An entry as it lies in its log. Entries are never changed and never removed. */
export interface StoredEntry {
  readonly log: LogId;
  readonly index: LogIndex;
  /** SHA-256(0x00 || entry). */
  readonly leaf: LeafHash;
  /** The exact bytes, at most `limits.entryBytesMax`. */
  readonly entry: Uint8Array;
  /** Absent while it has not arrived, where there is none, and after it was erased. At most `limits.disclosureBytesMax`. */
  readonly disclosure?: Uint8Array;
  /** Why the entry has no effect, where it has none. */
  readonly refusal?: RefusalCode;
}

/** A head that its log's owner signed. */
export interface StoredHead {
  readonly log: LogId;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** The compact wire form, docs/spec/log.md. */
  readonly checkpoint: Uint8Array;
}

/** Something refused that has no place in a log; kept because it is evidence. */
export interface Finding {
  readonly at: UnixMillis;
  readonly code: string;
  readonly log?: LogId;
  readonly index?: LogIndex;
  /** For people reading the record, never parsed. */
  readonly detail: string;
  readonly bytes?: Uint8Array;
}

/** A finding with the number the store gave it: 1 for the first, rising by one. */
export interface StoredFinding extends Finding {
  readonly number: number;
}

/** A full tile of C2SP tlog-tiles: 256 hashes of 32 bytes. Partial tiles are computed, never stored. */
export interface StoredTile {
  readonly log: LogId;
  readonly level: number;
  readonly index: number;
  /** Exactly `tileBytes`. */
  readonly hashes: Uint8Array;
}

/** An attachment: bytes beside the log, named by their SHA-256. */
export interface StoredObject {
  readonly object: Digest;
  /** At most `limits.objectBytesMax`. */
  readonly size: number;
}

/** Bytes of an object from `offset` on. */
export interface StoredRange {
  readonly object: Digest;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Everything that becomes durable together. Its parts apply in the order they are listed here. */
export interface Batch {
  /** Each at the index that is its log's size at that moment. */
  readonly entries?: readonly StoredEntry[];
  /** For entries already stored, or in this batch. The same bytes again change nothing; what was erased stays erased. */
  readonly disclosures?: readonly { readonly log: LogId; readonly index: LogIndex; readonly disclosure: Uint8Array }[];
  /** Entries whose disclosure is deleted for good. */
  readonly erasures?: readonly { readonly log: LogId; readonly index: LogIndex }[];
  /** The same bytes again change nothing. */
  readonly tiles?: readonly StoredTile[];
  /** In any order of size. A second head of one size and root changes nothing: the first checkpoint stays. */
  readonly heads?: readonly StoredHead[];
  readonly findings?: readonly Finding[];
  /** Objects known by name, of which no byte need be here. The same again changes nothing. */
  readonly objects?: readonly StoredObject[];
  /** Bytes of objects that are known and not whole; no byte is stored twice. */
  readonly ranges?: readonly StoredRange[];
  /** Objects of which every byte is here and has been checked against the name. */
  readonly whole?: readonly Digest[];
  /** Objects whose bytes are deleted; their names stay. */
  readonly emptied?: readonly Digest[];
  /** Small values of the node itself; the last value wins, `null` removes. */
  readonly meta?: readonly { readonly key: string; readonly value: Uint8Array | null }[];
}

/** Where a node keeps what it must not lose. Three implementations pass `test/store/acceptance.ts`.
 *
 *  Commits take effect in the order of the calls. A read sees every commit that resolved before the read was asked for,
 *  and may see later ones; it never sees part of a batch. The bytes handed in must not change until the promise settles.
 *
 *  Every method rejects with `OpenlineError("storage")` once the store has failed or is closed. A failed store stays
 *  failed: the kernel may have dropped pages it reported lost only once, so the process must end and read afresh. */
export interface Store {
  /** When it resolves the whole batch is on disk and synced. When it rejects with `OpenlineError("storage")` this store is
   *  failed and the batch is either there as a whole after reopening, or not at all. A batch that breaks
   *  the append-only rules rejects with `AssertionError`: it is a bug, nothing of it is kept, and the store goes on. */
  commit(batch: Batch): Promise<void>;
  /** Number of entries; 0 for a log never heard of. */
  size(log: LogId): Promise<number>;
  /** Every log with at least one entry, in order of id. */
  logs(): Promise<readonly { readonly log: LogId; readonly size: number }[]>;
  /** Up to `count` (at most `pageMax`) entries from index `from`, in index order; fewer only at the end of the log. */
  entries(log: LogId, from: number, count: number): Promise<readonly StoredEntry[]>;
  /** The entry with this leaf. Where two logs hold equal bytes, one of them. */
  byLeaf(leaf: LeafHash): Promise<StoredEntry | undefined>;
  tile(log: LogId, level: number, index: number): Promise<Uint8Array | undefined>;
  /** The head of greatest size. */
  latestHead(log: LogId): Promise<StoredHead | undefined>;
  /** Up to `count` (at most `pageMax`) heads of size `fromSize` or more, smallest first. */
  heads(log: LogId, fromSize: number, count: number): Promise<readonly StoredHead[]>;
  /** Up to `count` (at most `pageMax`) findings with a number above `after`, in order. */
  findings(after: number, count: number): Promise<readonly StoredFinding[]>;
  meta(key: string): Promise<Uint8Array | undefined>;
  /** An object that is known, with the ranges that are here: in order, and none touches the next. */
  object(object: Digest): Promise<{ readonly size: number; readonly whole: boolean; readonly ranges: readonly Range[] } | undefined>;
  /** Bytes [from, to) of an object; undefined unless all of them are here. */
  objectBytes(object: Digest, from: number, to: number): Promise<Uint8Array | undefined>;
  /** Up to `count` (at most `pageMax`) objects that are not whole, those known first. */
  openObjects(count: number): Promise<readonly StoredObject[]>;
  /** Sizes of all known objects together, bytes. */
  objectsSize(): Promise<number>;
  /** Bytes that its disk has left; Infinity: it has none. Writes nothing. A store whose files no longer stand under their names fails at
   *  this, and at every commit. */
  bytesFree(): Promise<number>;
  /** Waits for what was asked before, then lets go of the file. Closing twice is allowed. */
  close(): Promise<void>;
}

/** 256 hashes of 32 bytes. */
export const tileBytes = 8192;

/** Longest page one read returns, so that no read holds up a commit for long. */
export const pageMax = 4096;
/** Of a whole log so many are asked for at a time: their bodies may be long. */
const PAGE_ENTRIES = 256;

/** All of a log at once; the next page is read while this one is taken. */
export async function everyEntry(store: Store, log: LogId): Promise<readonly StoredEntry[]> {
  const entries: StoredEntry[] = [];
  const pageAt = (at: number): Promise<readonly StoredEntry[]> => store.entries(log, at, PAGE_ENTRIES);
  for (let next = pageAt(0), at = PAGE_ENTRIES; ; at += PAGE_ENTRIES) {
    const page = await next;
    if (page.length === PAGE_ENTRIES) next = pageAt(at);
    for (const entry of page) entries.push(entry);
    if (page.length < PAGE_ENTRIES) return entries;
  }
}

/** All entries of a log from index `from`, page by page. Entries appended while it runs are included. */
export async function* allEntries(store: Store, log: LogId, from = 0): AsyncGenerator<StoredEntry, void, void> {
  for (let at = from; ; at += PAGE_ENTRIES) {
    const page = await store.entries(log, at, PAGE_ENTRIES);
    yield* page;
    if (page.length < PAGE_ENTRIES) return;
  }
}
