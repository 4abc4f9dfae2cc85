import type { Accord } from "../accord/accord.ts";
import type { VerifySuite } from "../crypto/suite.ts";
import { fromHex, toHex } from "../encoding/bytes.ts";
import { decodeEntry, leafOf } from "../entry/entry.ts";
import { refusable } from "../errors.ts";
import { type LeafHash, type LogId, parseDigest } from "../ids.ts";
import { EMPTY_FRONTIER, appendLeaf, rootOf } from "../log/tree.ts";
import { type Judged, LineRecord } from "./record.ts";

/** One log's entries from index 0, as a store or an export has them. `leaves` may be given when they are known. */
export interface LoadedLog {
  readonly log: LogId;
  readonly entries: readonly Uint8Array[];
  readonly leaves?: readonly LeafHash[];
  /** Signatures were checked before these entries were kept, except at these positions. */
  readonly checked?: { readonly except: ReadonlySet<number> };
}

/** The record of exactly these entries: roots are computed where a head names them, every entry is judged in causal order,
 *  and heads beyond the logs that are `complete` (all of them, unless said) are wrong. Equal entries give equal records, whoever loads them. */
export function loadRecord(
  suite: VerifySuite,
  accord: Accord,
  logs: readonly LoadedLog[],
  options: { readonly signatures: boolean; readonly complete?: readonly LogId[] } = { signatures: true },
): { readonly record: LineRecord; readonly judged: readonly Judged[] } {
  const record = new LineRecord(suite, accord, options);
  const named = namedSizes(logs);
  const hashed = logs.map((log) => ({ ...log, leaves: log.leaves ?? log.entries.map((bytes) => leafOf(suite, bytes)) }));
  for (const { log, leaves } of hashed) noteRoots(record, { log, leaves, sizes: named.get(log) ?? new Set() });
  for (const { log, entries, leaves, checked } of hashed) {
    for (const [index, bytes] of entries.entries()) {
      const leaf = leaves[index];
      if (leaf !== undefined) {
        const before = checked?.except.has(index) === false;
        record.enqueue({ log, index, leaf, bytes, ...(before ? { checked: true } : {}) });
      }
    }
  }
  for (const log of options.complete ?? hashed.map((item) => item.log)) record.complete(log);
  return { record, judged: record.drain() };
}

/** Every size of every log that some entry names. */
function namedSizes(logs: readonly LoadedLog[]): ReadonlyMap<LogId, ReadonlySet<number>> {
  const sizes = new Map<LogId, Set<number>>();
  for (const bytes of logs.flatMap((log) => log.entries)) {
    const entry = refusable(() => decodeEntry(bytes));
    for (const head of entry.ok ? entry.value.placement.heads : []) {
      const known = sizes.get(head.log);
      if (known === undefined) sizes.set(head.log, new Set([head.size]));
      else known.add(head.size);
    }
  }
  return sizes;
}

function noteRoots(record: LineRecord, log: { log: LogId; leaves: readonly LeafHash[]; sizes: ReadonlySet<number> }): void {
  let frontier = EMPTY_FRONTIER;
  for (const leaf of log.leaves) {
    frontier = appendLeaf(record.suite, frontier, fromHex(leaf));
    if (log.sizes.has(frontier.size)) record.noteRoot(log.log, frontier.size, parseDigest(toHex(rootOf(record.suite, frontier))));
  }
}
