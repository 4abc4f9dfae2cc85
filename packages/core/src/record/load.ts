import type { Accord } from "../accord/accord.ts";
import type { Amendment } from "../accord/amendment.ts";
import type { VerifySuite } from "../crypto/suite.ts";
import { fromHex } from "../encoding/bytes.ts";
import { decodeEntry } from "../entry/entry.ts";
import { assert, refusable } from "../errors.ts";
import { type LeafHash, type LogId, parseDigest, parseLeafHash } from "../ids.ts";
import { leafHash, rootsAt } from "../log/tree.ts";
import { carriedAmendment } from "./amendments.ts";
import { type Judged, type LogEntry, LineRecord } from "./record.ts";

/** One log's entries from index 0, as a store or an export has them. `leaves` may be given when they are known, in either form. */
export interface LoadedLog {
  readonly log: LogId;
  readonly entries: readonly Uint8Array[];
  readonly leaves?: readonly LeafHash[] | readonly Uint8Array[];
  /** What was disclosed of an entry, where the store has it: the amendments that proposals carry are read from there. */
  readonly disclosureOf?: (index: number) => Uint8Array | undefined;
  /** Signatures were checked before these entries were kept, except at these positions. */
  readonly checked?: { readonly except: ReadonlySet<number> };
}

/** The record of exactly these entries: roots are computed where a head names them, every entry is judged in causal order,
 *  and heads beyond the logs that are `complete` (all of them, unless said) are wrong. Equal entries give equal records, whoever loads them. */
export function loadRecord(
  suite: VerifySuite,
  accord: Accord,
  logs: readonly LoadedLog[],
  options: { readonly signatures: boolean; readonly complete?: readonly LogId[]; readonly amendments?: readonly Amendment[] } = {
    signatures: true,
  },
): { readonly record: LineRecord; readonly judged: readonly Judged[] } {
  const record = new LineRecord(suite, accord, options);
  for (const amendment of options.amendments ?? []) record.learn(amendment);
  const hashed = logs.map((log) => ({ ...log, leaves: log.leaves ?? log.entries.map((bytes) => leafHash(suite, bytes)) }));
  const read = hashed.map((log) => log.entries.map((bytes, index) => logEntry(log, index, bytes)));
  for (const [i, log] of hashed.entries()) learnAmendments(record, log, read[i] ?? []);
  const named = namedSizes(read);
  for (const { log, leaves } of hashed) noteRoots(record, { log, leaves, sizes: named.get(log) ?? new Set() });
  for (const entries of read) for (const entry of entries) record.enqueue(entry);
  for (const log of options.complete ?? hashed.map((item) => item.log)) record.complete(log);
  const judged = record.drain();
  record.loadedAtOnce();
  return { record, judged };
}

function learnAmendments(record: LineRecord, { disclosureOf }: LoadedLog, entries: readonly LogEntry[]): void {
  if (disclosureOf === undefined) return;
  for (const { decoded, index } of entries) {
    const header = decoded?.act.header;
    if (header?.kind !== "propose") continue;
    const carried = carriedAmendment(record.suite, { kind: header.kind, commitment: header.body }, disclosureOf(index));
    if (carried !== undefined) record.learn(carried);
  }
}

/** An entry, decoded once for its heads and for its judgement. What cannot be decoded is refused when it is read. */
function logEntry({ log, leaves, checked }: Required<Pick<LoadedLog, "leaves">> & LoadedLog, index: number, bytes: Uint8Array): LogEntry {
  const leaf = leaves[index];
  assert(leaf !== undefined, "every entry has a leaf");
  const read = refusable(() => decodeEntry(bytes));
  const hex = typeof leaf === "string" ? leaf : parseLeafHash(leaf);
  return { log, index, leaf: hex, bytes, decoded: read.ok ? read.value : undefined, checked: checked?.except.has(index) === false };
}

/** Every size of every log that some entry names. */
function namedSizes(logs: readonly (readonly LogEntry[])[]): ReadonlyMap<LogId, ReadonlySet<number>> {
  const sizes = new Map<LogId, Set<number>>();
  for (const { decoded } of logs.flat()) {
    for (const head of decoded?.placement.heads ?? []) {
      const known = sizes.get(head.log);
      if (known === undefined) sizes.set(head.log, new Set([head.size]));
      else known.add(head.size);
    }
  }
  return sizes;
}

function noteRoots(
  record: LineRecord,
  { log, leaves, sizes }: { log: LogId; leaves: readonly (LeafHash | Uint8Array)[]; sizes: ReadonlySet<number> },
): void {
  const hashes = leaves.map((leaf) => (typeof leaf === "string" ? fromHex(leaf) : leaf));
  for (const [size, root] of rootsAt(record.suite, hashes, sizes)) record.noteRoot(log, size, parseDigest(root));
}
