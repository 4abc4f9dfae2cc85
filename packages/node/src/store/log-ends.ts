import type { LogId } from "@openline/core";
import { Arena, lengthOf, packEntry } from "./sqlite-messages.ts";
import type { Batch, StoredEntry, StoredHead } from "./store.ts";

/** So many entries and heads of a log are answered from memory: what one frame carries, twice. */
const KEPT = 1024;

/** All heads of a log of size `from` or more, smallest first. */
interface LastHeads {
  from: number;
  heads: StoredHead[];
}

/** The ends of logs as they were last committed. Whoever has just written an entry reads it to send it; on the one thread of the
 *  database that read would wait for whatever is being written. What it cannot answer for certain it does not answer. */
export class LogEnds {
  /** The last entries of a log, without a gap. */
  readonly #entries: Map<LogId, StoredEntry[]> = new Map();
  readonly #heads: Map<LogId, LastHeads> = new Map();

  /** Takes note of a batch that is durable. Batches come in the order in which they were committed. */
  committed({ entries = [], disclosures = [], erasures = [], heads = [] }: Batch): void {
    for (const entry of copied(entries)) this.#add(entry);
    // What changes an entry that stands already is rare: its log is read from the database again.
    for (const { log } of [...disclosures, ...erasures]) this.#entries.delete(log);
    for (const head of heads) this.#addHead(head);
  }

  /** As `Store.entries`; undefined where the database must be asked. */
  entries(log: LogId, from: number, count: number): readonly StoredEntry[] | undefined {
    const known = this.#entries.get(log);
    const first = known?.[0]?.index;
    return known === undefined || first === undefined || from < first ? undefined : known.slice(from - first, from - first + count);
  }

  /** As `Store.heads`; undefined where the database must be asked. */
  heads(log: LogId, fromSize: number, count: number): readonly StoredHead[] | undefined {
    const known = this.#heads.get(log);
    if (known === undefined || fromSize < known.from) return undefined;
    const at = firstOfSize(known.heads, fromSize);
    return known.heads.slice(at, at + count);
  }

  /** The database has said that a log has these heads of size `from` or more, and no other. */
  seen(log: LogId, from: number, heads: readonly StoredHead[]): void {
    this.#heads.set(log, { from, heads: [...heads] });
  }

  #add(entry: StoredEntry): void {
    const known = this.#entries.get(entry.log);
    if (known === undefined) this.#entries.set(entry.log, [entry]);
    else if (known.push(entry) > 2 * KEPT) this.#entries.set(entry.log, known.slice(-KEPT));
  }

  /** A head below the last one is rare too. The first of one size stays. */
  #addHead(given: StoredHead): void {
    const known = this.#heads.get(given.log);
    if (known === undefined || given.size < known.from) return;
    const last = known.heads.at(-1)?.size ?? -1;
    if (given.size < last) this.#heads.delete(given.log);
    if (given.size <= last) return;
    known.heads.push({ ...given, root: new Uint8Array(given.root), checkpoint: new Uint8Array(given.checkpoint) });
    if (known.heads.length <= 2 * KEPT) return;
    known.heads = known.heads.slice(-KEPT);
    known.from = known.heads[0]?.size ?? known.from;
  }
}

/** Position of the first head of this size or more; their number where there is none. */
function firstOfSize(heads: readonly StoredHead[], size: number): number {
  let [low, high] = [0, heads.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((heads[middle]?.size ?? Infinity) < size) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Copies: the bytes that were handed in may change from now on. They lie in one buffer: making one for each would cost more than
 *  everything else that is done here. */
function copied(entries: readonly StoredEntry[]): readonly StoredEntry[] {
  const arena = new Arena(lengthOf({ entries }));
  return entries.map((entry) => packEntry(entry, arena));
}
