import { type LogId, type OwnLog, type Sha256, type WireCheckpoint, encodeWireCheckpoint, rootOf } from "@openline/core";
import type { SecondPlace } from "./store/second-place.ts";
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
  readonly swapped: { readonly size: number; readonly root: Uint8Array } | undefined;
  readonly sign: SignHead;
}

/** Makes own entries durable in the order that is law: entries and leaves in one commit, then (size, root) swapped in the
 *  second place, then the checkpoint signed; only then does anything leave. Whatever arrives while one group is being
 *  written goes into the next. Any storage error is final. Source: docs/spec/log.md §6. */
export class Writer {
  readonly #store: Store;
  readonly #second: SecondPlace;
  readonly #suite: Sha256;
  readonly #sign: SignHead;
  #waiting: { entry: StoredEntry; own: OwnLog }[] = [];
  #scheduled: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #swapped: WriterOptions["swapped"];
  #signed: SignedHead | undefined;

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

  /** Writes one placed entry; `own` is the log after it. Resolves when a checkpoint above it has been signed. Once one
   *  group has failed every later one fails with it. */
  write(entry: StoredEntry, own: OwnLog): Promise<void> {
    this.#waiting.push({ entry, own });
    if (this.#scheduled === undefined) {
      this.#scheduled = this.#last.then(() => this.#group());
      this.#last = this.#scheduled;
    }
    return this.#scheduled;
  }

  /** Swaps and signs a head that the store already has: after a start, when the store is ahead of the second place. */
  async catchUp(own: OwnLog): Promise<void> {
    await this.#swapAndSign(own);
  }

  async #group(): Promise<void> {
    const group = this.#waiting;
    this.#waiting = [];
    this.#scheduled = undefined;
    const last = group.at(-1);
    if (last === undefined) return;
    const heads = this.#signed === undefined ? [] : [storedHead(last.own.log, this.#signed)];
    await this.#store.commit({ entries: group.map((item) => item.entry), heads });
    await this.#swapAndSign(last.own);
  }

  async #swapAndSign(own: OwnLog): Promise<void> {
    const next = { size: own.frontier.size, root: rootOf(this.#suite, own.frontier) };
    if (this.#swapped?.size !== next.size) await this.#second.swap(own.log, this.#swapped, next);
    this.#swapped = next;
    this.#signed = { ...next, checkpoint: this.#sign({ ...next, log: own.log }) };
  }
}

export function storedHead(log: LogId, head: SignedHead): StoredHead {
  return { log, size: head.size, root: head.root, checkpoint: encodeWireCheckpoint(head.checkpoint) };
}
