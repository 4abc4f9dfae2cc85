import { equalBytes, fromHex, toHex } from "../encoding/bytes.ts";
import { type Entry, decodeEntry } from "../entry/entry.ts";
import { OpenlineError, assert, refusable } from "../errors.ts";
import { type Proof, inclusionProof } from "../log/proof.ts";
import { type HashReader, leavesHashReader } from "../log/tiles.ts";
import { type Sha256, leafHash, rootOfLeaves } from "../log/tree.ts";
import { type RecordSource, type SourceLog, orderedLogs } from "./record-source.ts";

/** Place of an entry: position of its log in the order of the record, and index. */
export interface Place {
  readonly log: number;
  readonly index: number;
}

/** What a pack is made from: one log, decoded and hashed when it is first asked for. */
export class PackableLog {
  readonly source: SourceLog;
  readonly position: number;
  readonly #suite: Sha256;
  readonly #entries = new Map<number, Entry | undefined>();
  #leaves: readonly Uint8Array[] | undefined;
  #reader: HashReader | undefined;

  constructor(suite: Sha256, source: SourceLog, position: number) {
    this.#suite = suite;
    this.source = source;
    this.position = position;
  }

  get size(): number {
    return this.source.entries.length;
  }

  /** Undefined where its bytes are no entry. */
  entry(index: number): Entry | undefined {
    if (this.#entries.has(index)) return this.#entries.get(index);
    const bytes = this.source.entries[index]?.bytes;
    const read = bytes === undefined ? undefined : refusable(() => decodeEntry(bytes));
    const entry = read?.ok === true ? read.value : undefined;
    this.#entries.set(index, entry);
    return entry;
  }

  leaf(index: number): Uint8Array {
    const leaf = this.#allLeaves()[index];
    assert(leaf !== undefined, "an entry of the log");
    return leaf;
  }

  proof(index: number, size: number): Proof {
    this.#reader ??= leavesHashReader(this.#suite, this.#allLeaves());
    return inclusionProof(this.#suite, this.#reader, { index, size });
  }

  /** Whether the first `size` entries have this root (hex). */
  hasHead(size: number, root: string): boolean {
    return size <= this.size && equalBytes(rootOfLeaves(this.#suite, this.#allLeaves().slice(0, size)), fromHex(root));
  }

  #allLeaves(): readonly Uint8Array[] {
    this.#leaves ??= this.source.entries.map(({ bytes }) => leafHash(this.#suite, bytes));
    return this.#leaves;
  }
}

export const packableLogs = (suite: Sha256, source: RecordSource): readonly PackableLog[] =>
  orderedLogs(source).map((log, position) => new PackableLog(suite, log, position));

/** The log at a position or with an id. Throws the fault `usage` where there is none: the caller asked for it. */
export function logAt(logs: readonly PackableLog[], which: (log: PackableLog) => boolean, what: string): PackableLog {
  const log = logs.find(which);
  if (log === undefined) throw new OpenlineError("usage", `the record has no log ${what}`);
  return log;
}

/** The control acts on which the entry at `index` rests, by the pointers of the acts themselves: each names the one before, the
 *  first entry of the log stands below all, and a `restored` goes on in the log that it closes. */
export function controlChain(logs: readonly PackableLog[], log: PackableLog, index: number): readonly Place[] {
  const chain = new Map<string, Place>();
  const waiting = [{ log, index }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const below of belowOf(logs, next)) {
      const key = `${below.log.position}/${below.index}`;
      if (chain.has(key)) continue;
      chain.set(key, { log: below.log.position, index: below.index });
      waiting.push(below);
    }
  }
  return [...chain.values()];
}

interface ChainLink {
  readonly log: PackableLog;
  readonly index: number;
}

/** What an entry rests on directly. A pointer forwards is none. */
function belowOf(logs: readonly PackableLog[], { log, index }: ChainLink): readonly ChainLink[] {
  const entry = log.entry(index);
  const control = entry?.placement.control ?? null;
  const below: ChainLink[] = index === 0 ? [] : [{ log, index: 0 }];
  if (control !== null && control.index < index) below.push({ log, index: control.index });
  const closed = index === 0 ? entry?.act.header.facts.closed : undefined;
  const before = logs.find((item) => item.source.log === closed?.log);
  if (closed === undefined || before === undefined || before.position >= log.position) return below;
  return closed.size > 0 && closed.size <= before.size ? [...below, { log: before, index: closed.size - 1 }] : below;
}

/** Where `by` first held the entry: an own entry that names a head above it, or lists its leaf. One that was refused for its
 *  missing disclosure is held only when it is listed. */
export function receiptOf(
  log: PackableLog,
  index: number,
  by: readonly PackableLog[],
): (Place & { readonly size: number | null }) | undefined {
  const leaf = toHex(log.leaf(index));
  for (const other of by) {
    let refused = false;
    for (let i = 0; i < other.size; i++) {
      const entry = other.entry(i);
      if (entry === undefined) continue;
      const { placement, act } = entry;
      if (placement.ahead.some((item) => item === leaf)) return { log: other.position, index: i, size: null };
      const head = placement.heads.find((item) => item.log === log.source.log);
      if (head !== undefined && head.size > index && !refused && log.hasHead(head.size, head.root))
        return { log: other.position, index: i, size: head.size };
      const { kind, facts, refs } = act.header;
      refused ||= kind === "refusal" && facts.code === "missing-disclosure" && refs.some((item) => item === leaf);
    }
  }
  return undefined;
}
