import {
  type Entry,
  type Frontier,
  type LineRecord,
  type LogId,
  type Result,
  type Sha256,
  EMPTY_FRONTIER,
  appendLeaf,
  fromHex,
  parseDigest,
  rootOf,
  toHex,
} from "@openline/core";
import { type Store, pageMax } from "./store/store.ts";
import { FRONTIER_ENTRIES } from "./stored-log.ts";

/** The latest frontiers of each log are all remembered: nearly every head that an entry names is one of them. */
const RECENT_FRONTIERS = 64;

/** Tells the record the root of every head that an entry names, before the entry is read: a named head is right or wrong by the
 *  leaves alone, whether or not a checkpoint of just that size ever came here. */
export class Roots {
  readonly #suite: Sha256;
  readonly #store: Store;
  readonly #record: LineRecord;
  readonly #marks: Map<LogId, Frontier[]> = new Map();
  /** In order of size, without gaps. */
  readonly #recent: Map<LogId, Frontier[]> = new Map();
  /** Sizes that entries name and that are not here yet. */
  readonly #wanted: Map<LogId, Set<number>> = new Map();

  constructor(options: { readonly suite: Sha256; readonly store: Store; readonly record: LineRecord }) {
    this.#suite = options.suite;
    this.#store = options.store;
    this.#record = options.record;
  }

  /** Takes up a log as the store has it, after a start. */
  load(log: LogId, frontiers: readonly Frontier[]): void {
    this.#marks.set(log, [...frontiers]);
    const end = frontiers.at(-1);
    if (end !== undefined) this.#note(log, end);
  }

  /** Remembers a frontier of a log: for good if the last such one lies far enough behind, else until others have followed. */
  mark(log: LogId, frontier: Frontier): void {
    this.#keepRecent(log, frontier);
    const marks = this.#marks.get(log);
    if (marks === undefined) this.#marks.set(log, [frontier]);
    else if (frontier.size >= (marks.at(-1)?.size ?? 0) + FRONTIER_ENTRIES) marks.push(frontier);
  }

  #keepRecent(log: LogId, frontier: Frontier): void {
    const recent = this.#recent.get(log);
    if (recent?.at(-1)?.size !== frontier.size - 1) this.#recent.set(log, [frontier]);
    else if (recent.push(frontier) > 2 * RECENT_FRONTIERS) recent.splice(0, RECENT_FRONTIERS);
  }

  /** The largest remembered frontier of at most `size` entries. */
  #before(log: LogId, size: number): Frontier {
    const recent = this.#recent.get(log) ?? [];
    const first = recent[0]?.size ?? Infinity;
    const near = size >= first ? recent[Math.min(size - first, recent.length - 1)] : undefined;
    return near ?? this.#marks.get(log)?.findLast((mark) => mark.size <= size) ?? EMPTY_FRONTIER;
  }

  /** Finds the roots these entries name. `sizeOf`: entries of a log that are stored here. */
  async find(entries: readonly Result<Entry>[], sizeOf: (log: LogId) => number): Promise<void> {
    for (const entry of entries) {
      for (const { log, size } of entry.ok ? entry.value.placement.heads : []) {
        if (this.#record.rootAt(log, size) !== undefined) continue;
        if (size > sizeOf(log)) this.#want(log, size);
        else await this.#compute(log, size);
      }
    }
  }

  #want(log: LogId, size: number): void {
    const sizes = this.#wanted.get(log);
    if (sizes === undefined) this.#wanted.set(log, new Set([size]));
    else sizes.add(size);
  }

  async #compute(log: LogId, size: number): Promise<void> {
    const frontier = await this.frontierAt(log, size);
    if (frontier !== undefined) this.#note(log, frontier);
  }

  /** The frontier of the first `size` entries; undefined where not as many are stored. */
  async frontierAt(log: LogId, size: number): Promise<Frontier | undefined> {
    let frontier = this.#before(log, size);
    while (frontier.size < size) {
      const page = await this.#store.entries(log, frontier.size, Math.min(pageMax, size - frontier.size));
      // An own entry may have its place and not be written yet: nobody else can name it.
      if (page.length === 0) return undefined;
      for (const { leaf } of page) frontier = appendLeaf(this.#suite, frontier, fromHex(leaf));
    }
    return frontier;
  }

  /** A log has grown by these leaves: the roots that were waited for are told, and its new end. */
  grew(log: LogId, before: Frontier, leaves: readonly Uint8Array[]): void {
    const wanted = this.#wanted.get(log);
    let frontier = before;
    for (const leaf of leaves) {
      frontier = appendLeaf(this.#suite, frontier, leaf);
      this.mark(log, frontier);
      if (wanted?.delete(frontier.size) === true) this.#note(log, frontier);
    }
    this.#note(log, frontier);
  }

  #note(log: LogId, frontier: Frontier): void {
    this.#record.noteRoot(log, frontier.size, parseDigest(toHex(rootOf(this.#suite, frontier))));
  }
}
