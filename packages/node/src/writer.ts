import { type LogId, type OwnLog, type Sha256, type WireCheckpoint, emptyRoot, encodeWireCheckpoint, rootOf } from "@openline/core";
import type { SecondPlace, SignedUpTo } from "./store/second-place.ts";
import type { Store, StoredEntry, StoredHead } from "./store/store.ts";

/** A head of our own log that may leave the house. */
export interface SignedHead {
  readonly size: number;
  readonly root: Uint8Array;
  readonly checkpoint: WireCheckpoint;
}

/** Signs a head of our own log: called only when the head is durable in both places. */
export type SignHead = (head: { readonly log: LogId; readonly size: number; readonly root: Uint8Array }) => WireCheckpoint;

export interface WriterOptions {
  readonly suite: Sha256;
  readonly store: Store;
  readonly second: SecondPlace;
  /** What the second place holds for the log. */
  readonly swapped: SignedUpTo | undefined;
  readonly sign: SignHead;
}

/** Entries of one group. Each group ends at a signed head, and a peer takes what lies between two heads in one frame. */
const GROUP_ENTRIES = 256;
const GROUP_BYTES = 4_194_304;

interface Group {
  readonly entries: StoredEntry[];
  bytes: number;
  own: OwnLog;
  readonly done: PromiseWithResolvers<void>;
}

/** Makes own entries durable in the order that is law: entries and leaves in one commit, then (size, root) swapped in the
 *  second place, then the checkpoint signed; only then does anything leave. Whatever arrives while one group is being
 *  written goes into the next. Any storage error is final. Source: docs/spec/log.md, docs/spec/exchange.md §3. */
export class Writer {
  readonly #store: Store;
  readonly #second: SecondPlace;
  readonly #suite: Sha256;
  readonly #sign: SignHead;
  readonly #groups: Group[] = [];
  #running: Promise<void> | undefined;
  #fault: unknown;
  #swapped: SignedUpTo | undefined;
  #signed: SignedHead | undefined;
  #keptSize = 0;

  constructor(options: WriterOptions) {
    this.#suite = options.suite;
    this.#store = options.store;
    this.#second = options.second;
    this.#swapped = options.swapped;
    this.#sign = options.sign;
  }

  /** The latest head that is durable in both places. */
  get signed(): SignedHead | undefined {
    return this.#signed;
  }

  /** Before the first entry of a log: from here on a lost second place is told from one never written. */
  async begin(log: LogId): Promise<void> {
    if (this.#swapped !== undefined) return;
    const nothing = { size: 0, root: emptyRoot(this.#suite) };
    await this.#second.swap(log, undefined, nothing);
    this.#swapped = nothing;
  }

  /** Writes one placed entry; `own` is the log after it. Resolves when a checkpoint above it has been signed. Once one
   *  group has failed every later one fails with it. */
  write(entry: StoredEntry, own: OwnLog): Promise<void> {
    const bytes = entry.entry.length + (entry.disclosure?.length ?? 0);
    let group = this.#groups.at(-1);
    if (group === undefined || group.entries.length >= GROUP_ENTRIES || group.bytes + bytes > GROUP_BYTES)
      this.#groups.push((group = { entries: [], bytes: 0, own, done: Promise.withResolvers<void>() }));
    group.entries.push(entry);
    group.bytes += bytes;
    group.own = own;
    this.#running ??= this.#run();
    return group.done.promise;
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Swaps and signs a head that the store already has: after a start, when the store is ahead of the second place. */
  async catchUp(own: OwnLog): Promise<void> {
    await this.#swapAndSign(own);
    await this.keep();
  }

  /** Stores the latest signed head, which otherwise lies in the store only with the entries that follow it. */
  async keep(): Promise<void> {
    const signed = this.#signed;
    if (signed === undefined || this.#keptSize === signed.size || this.#running !== undefined) return;
    this.#keptSize = signed.size;
    await this.#store.commit({ heads: [storedHead(signed.checkpoint.incarnation, signed)] });
  }

  async #run(): Promise<void> {
    // Calls of the same moment travel together.
    await Promise.resolve();
    for (let group = this.#groups.shift(); group !== undefined; group = this.#groups.shift()) {
      try {
        if (this.#fault !== undefined) throw this.#fault;
        await this.#write(group);
        group.done.resolve();
      } catch (error) {
        this.#fault = error;
        group.done.reject(error);
      }
    }
    this.#running = undefined;
  }

  async #write(group: Group): Promise<void> {
    const before = this.#signed;
    const heads = before === undefined || before.size === this.#keptSize ? [] : [storedHead(group.own.log, before)];
    await this.#store.commit({ entries: group.entries, heads });
    this.#keptSize = before?.size ?? 0;
    await this.#swapAndSign(group.own);
  }

  async #swapAndSign(own: OwnLog): Promise<void> {
    const next = { size: own.frontier.size, root: rootOf(this.#suite, own.frontier) };
    if (this.#swapped?.size !== next.size) await this.#second.swap(own.log, this.#swapped, next);
    this.#swapped = next;
    this.#signed = { ...next, checkpoint: this.#sign({ ...next, log: own.log }) };
  }
}

function storedHead(log: LogId, head: SignedHead): StoredHead {
  return { log, size: head.size, root: head.root, checkpoint: encodeWireCheckpoint(head.checkpoint) };
}
