import { type Entry, decodeEntry } from "../entry/entry.ts";
import type { Head } from "../entry/facts.ts";
import { type Result, assert, ok, refusable } from "../errors.ts";
import type { Digest, LeafHash, LogId } from "../ids.ts";
import type { LogTrack } from "./log-track.ts";
import type { Judged, LogEntry } from "./record.ts";

/** An entry that waits, without what reading it does not need. */
export interface Queued extends Pick<LogEntry, "log" | "index" | "leaf"> {
  readonly checked: boolean;
  readonly entry: Result<Entry>;
}

/** Entries of one log that wait, from position `next` on; what is before it has been read. */
interface Queue {
  next: number;
  readonly entries: Queued[];
}
const lengthOf = (queue: Queue | undefined): number => (queue === undefined ? 0 : queue.entries.length - queue.next);

/** The record as far as the order of reading needs it. */
interface Reading {
  readonly logs: ReadonlyMap<LogId, LogTrack>;
  readonly logsOf: readonly (readonly LogTrack[])[];
  /** Whether nobody can judge this entry without an amendment that is not here. */
  lacksAmendment(log: LogTrack, entry: Entry): boolean;
  rootAt(log: LogId, size: number): Digest | undefined;
  /** Reads one entry whose turn has come. */
  read(queued: Queued): Judged;
}

/** Which entries wait, and which of them can be read now: an entry is read when everything it names has been.
 *  Source: docs/spec/state.md §2. */
export class ReadingOrder {
  readonly #reading: Reading;
  readonly #queues: Map<LogId, Queue> = new Map();
  readonly #complete: Set<LogId> = new Set();
  /** Leaves that were offered and wait to be read. Made when the first entry lists a leaf: in most records none ever does. */
  #waiting: Map<LeafHash, LogId> | undefined;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** Nothing more of this log exists: a head beyond its end is then wrong and no longer waited for. */
  complete(log: LogId): void {
    this.#complete.add(log);
  }

  /** More of this log has turned up after all. */
  reopen(log: LogId): void {
    this.#complete.delete(log);
  }

  /** Puts the next entry of a log at the end of its queue. */
  enqueue(entry: LogEntry): Result<Entry> {
    const queue = this.#queues.get(entry.log) ?? { next: 0, entries: [] };
    const position = this.#lengthRead(entry.log) + lengthOf(queue);
    assert(entry.index === position, `entry ${entry.index} of ${entry.log} offered at position ${position}`);
    const found = entry.decoded === undefined ? refusable(() => decodeEntry(entry.bytes)) : ok(entry.decoded);
    const { log, index, leaf, checked = false } = entry;
    queue.entries.push({ log, index, leaf, checked, entry: found });
    if (this.#queues.has(entry.log)) this.#queues.set(entry.log, queue);
    else this.#addQueue(entry.log, queue);
    this.#waiting?.set(entry.leaf, entry.log);
    return found;
  }

  /** Queues stand in order of log id, so that two logs which could open at once open in one order wherever they are read. */
  #addQueue(log: LogId, queue: Queue): void {
    const all = [...this.#queues, [log, queue] as const].toSorted(([a], [b]) => (a < b ? -1 : 1));
    this.#queues.clear();
    for (const [id, item] of all) this.#queues.set(id, item);
  }

  get waiting(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + lengthOf(queue), 0);
  }

  /** Reads whatever can be read now. A closed log is read to its end before the next one of its party where that is possible:
   *  what both have placed counts in the closed one, whichever came first. */
  drain(): readonly Judged[] {
    const read: Judged[] = [];
    for (let before = -1; before !== read.length;) {
      before = read.length;
      for (const id of this.#queues.keys()) if (!this.#isAfterWaiting(id)) this.#drainLog(id, read, Infinity);
      if (before !== read.length) continue;
      for (const id of this.#inOrderOfOpening()) if (before === read.length) this.#drainLog(id, read, 1);
    }
    return read;
  }

  #drainLog(id: LogId, read: Judged[], most: number): void {
    const queue = this.#queues.get(id);
    if (queue === undefined) return;
    let count = 0;
    for (let next = queue.entries[queue.next]; next !== undefined && count < most && this.#ready(next); next = queue.entries[queue.next]) {
      // Counted out before it is read: a log's length is what was read and what waits.
      queue.next++;
      count++;
      this.#waiting?.delete(next.leaf);
      read.push(this.#reading.read(next));
    }
    if (lengthOf(queue) === 0) this.#queues.set(id, { next: 0, entries: [] });
  }

  #inOrderOfOpening(): readonly LogId[] {
    const opened = (id: LogId): number => this.#reading.logs.get(id)?.incarnation ?? Infinity;
    return [...this.#queues.keys()].toSorted((a, b) => (opened(a) === opened(b) ? 0 : opened(a) - opened(b)));
  }

  /** Does an earlier log of the same party wait for something? `seen`: logs that close each other in a ring open never. */
  #isAfterWaiting(id: LogId, seen: ReadonlySet<LogId> = new Set()): boolean {
    const known = this.#reading.logs.get(id);
    if (known !== undefined) {
      if (known.incarnation === 0) return false;
      const earlier = this.#reading.logsOf[known.party]?.slice(0, known.incarnation) ?? [];
      return earlier.some((log) => lengthOf(this.#queues.get(log.id)) > 0);
    }
    const opening = this.#queues.get(id)?.entries[0]?.entry;
    const closed = opening?.ok === true ? opening.value.act.header.facts.closed : undefined;
    if (closed === undefined || seen.has(id)) return false;
    return lengthOf(this.#queues.get(closed.log)) > 0 || this.#isAfterWaiting(closed.log, new Set([...seen, id]));
  }

  #ready(queued: Queued): boolean {
    const known = this.#reading.logs.has(queued.log);
    if (!queued.entry.ok) return known;
    const { placement, act } = queued.entry.value;
    const closed = act.header.facts.closed;
    // A later incarnation opens when the log that it closes has been read as far as it says, or when it closes another branch
    // of it than the one that is here.
    if (!known) {
      if (queued.index !== 0 || act.header.kind !== "restored" || closed === undefined || !this.#reading.logs.has(closed.log)) return false;
      return (this.#readTo(closed.log, closed.size) || this.#isWrong(closed)) && this.#hasRead(placement.heads);
    }
    if (placement.ahead.some((leaf) => this.#listsUnread(queued.log, leaf))) return false;
    return this.#hasRead(placement.heads) && !this.#lacks(queued);
  }

  /** Has every head been read that can be right? */
  #hasRead(heads: readonly Head[]): boolean {
    return heads.every((head) => this.#readTo(head.log, head.size) || this.#isWrong(head));
  }

  /** An entry that waits for an amendment that is not here, if one does. */
  get lacking(): { readonly log: LogId; readonly index: number } | undefined {
    for (const [log, queue] of this.#queues) {
      const next = queue.entries[queue.next];
      if (next !== undefined && this.#lacks(next)) return { log, index: next.index };
    }
    return undefined;
  }

  #lacks({ log: id, entry }: Queued): boolean {
    const log = this.#reading.logs.get(id);
    return log !== undefined && entry.ok && this.#reading.lacksAmendment(log, entry.value);
  }

  /** A leaf of another log that is here and not read: what is held ahead of a gap has been placed before. */
  #listsUnread(log: LogId, leaf: LeafHash): boolean {
    const other = (this.#waiting ??= this.#allWaiting()).get(leaf);
    return other !== undefined && other !== log;
  }

  #allWaiting(): Map<LeafHash, LogId> {
    const waiting = new Map<LeafHash, LogId>();
    for (const [log, { next, entries }] of this.#queues) for (const { leaf } of entries.slice(next)) waiting.set(leaf, log);
    return waiting;
  }

  #readTo(log: LogId, size: number): boolean {
    return this.#lengthRead(log) >= size;
  }

  /** A head that cannot be right is not waited for: its root is another one, or it lies beyond a complete log's end. */
  #isWrong({ log, size, root }: Head): boolean {
    const known = this.#reading.rootAt(log, size);
    if (known !== undefined) return known !== root;
    const offered = this.#lengthRead(log) + lengthOf(this.#queues.get(log));
    return this.#complete.has(log) && size > offered;
  }

  #lengthRead(log: LogId): number {
    return this.#reading.logs.get(log)?.times.length ?? 0;
  }
}
