import {
  type AheadFrame,
  type EntriesFrame,
  type Head,
  type LogId,
  type PackedFrame,
  type Rank,
  type WireCheckpoint,
  decodeEntry,
  firstToOvertake,
  headNamed,
  keepsReserve,
  limits,
  mayOvertake,
  moreUrgent,
  packEntries,
  parseWireCheckpoint,
  placeProof,
  sendingRank,
  refusable,
  rootOf,
} from "@openline/core";
import type { Peer } from "./exchange-peer.ts";
import { headSigner } from "./own-log.ts";
import { nextPart } from "./parts.ts";
import type { ExchangeOptions } from "./received.ts";
import type { Roots } from "./roots.ts";
import type { StoredEntry } from "./store/store.ts";

/** A log as far as it may be sent. */
export interface Sendable {
  readonly log: LogId;
  readonly size: number;
  readonly checkpoint: WireCheckpoint | undefined;
  readonly closed: Head | undefined;
}

/** The next frame of a log in order, and what it is worth. */
export interface InOrder {
  readonly frame: EntriesFrame;
  /** The entries before them. */
  readonly before: readonly Uint8Array[];
  readonly rank: Rank;
  /** Every one of them is what a peer at its quota still takes. */
  readonly reserved: boolean;
  /** Bytes of entries and bodies. */
  readonly bytes: number;
}

/** Entries looked at beyond the next one for such as may overtake. */
const LOOK_AHEAD = 4096;
const PAGE = 64;

interface Looked {
  readonly from: number;
  to: number;
  waiting: { readonly index: number; readonly rank: Rank }[];
}

/** What leaves next for a peer: bundles in order, and what overtakes them. The queue is the log itself. */
export class Outbox {
  readonly #options: ExchangeOptions;
  readonly #roots: Roots;
  /** What was made last for each peer: it is looked at before it is sent. */
  readonly #planned: WeakMap<Peer, { readonly log: LogId; readonly key: string; readonly plan: InOrder | undefined }> = new WeakMap();
  readonly #looked: WeakMap<Peer, Map<LogId, Looked>> = new WeakMap();

  constructor(options: ExchangeOptions, roots: Roots) {
    this.#options = options;
    this.#roots = roots;
  }

  /** The next entries in order, in about as many bytes as the peer's best bearer carries at once. */
  async inOrder(peer: Peer, log: Sendable): Promise<InOrder | undefined> {
    const mtu = peer.live[0]?.mtu ?? 0;
    const from = peer.sent.next(log.log);
    if (from >= log.size) return undefined;
    const key = `${from} ${log.size} ${mtu} ${peer.bearers.length} ${peer.credit <= limits.frameBytesMax}`;
    const last = this.#planned.get(peer);
    if (last?.key === key && last.log === log.log) return last.plan;
    const plan = await this.#plan(peer, log, { from, mtu });
    this.#planned.set(peer, { log: log.log, key, plan });
    return plan;
  }

  async #plan(peer: Peer, log: Sendable, { from, mtu }: { readonly from: number; readonly mtu: number }): Promise<InOrder | undefined> {
    const part = await nextPart(this.#options.store, log, { from, bytes: Math.min(limits.frameBytesMax / 2, Math.max(4 * mtu, 4096)) });
    if (part === undefined) return undefined;
    const { frame, before } = part;
    const bytes = frame.entries.reduce((sum, { entry, disclosure }) => sum + entry.length + (disclosure?.length ?? 0), 0);
    // With one way and nothing held back it makes no difference what is urgent in it.
    const plain = peer.bearers.length < 2 && peer.credit > limits.frameBytesMax;
    if (plain) return { frame, before, rank: "ROUTINE", reserved: false, bytes };
    const ranks = frame.entries.map((entry) => ranked("ROUTINE", entry));
    return { frame, before, rank: ranks.reduce(moreUrgent, "ROUTINE"), reserved: ranks.every(keepsReserve), bytes };
  }

  /** Without what the peer has or can compute. Roots of its own log it can, as far as it has said that it has it. */
  packed(peer: Peer, { frame, before }: InOrder): PackedFrame {
    const { suite, accord } = this.#options;
    return packEntries({ suite, accord, before }, frame, (entry) => {
      const head = headNamed(entry, (log) => peer.saidSize(log) > 0);
      return head !== undefined && head.size <= peer.saidSize(head.log) ? head : undefined;
    });
  }

  /** The most urgent entry of a log that overtakes what stands before it. */
  async overtaking(peer: Peer, log: Sendable): Promise<{ readonly frame: AheadFrame; readonly rank: Rank } | undefined> {
    const looked = await this.#look(peer, log);
    while (peer.sent.aheadCount(log.log) < limits.heldAheadMax) {
      const next = peer.sent.next(log.log);
      looked.waiting = looked.waiting.filter(({ index }) => index >= next);
      const first = firstToOvertake(looked.waiting.filter(({ index }) => !peer.sent.isAhead(log.log, index)));
      if (first === undefined) return undefined;
      const frame = await this.#ahead(log, first.index);
      if (frame !== undefined) return { frame, rank: first.rank };
      looked.waiting = looked.waiting.filter((item) => item !== first);
    }
    return undefined;
  }

  async #look(peer: Peer, log: Sendable): Promise<Looked> {
    const next = peer.sent.next(log.log);
    let logs = this.#looked.get(peer);
    if (logs === undefined) this.#looked.set(peer, (logs = new Map()));
    let looked = logs.get(log.log);
    // A peer that turns out to have less than we thought is looked at afresh.
    if (looked === undefined || next < looked.from) logs.set(log.log, (looked = { from: next, to: next, waiting: [] }));
    looked.to = Math.max(looked.to, next);
    while (looked.to < Math.min(log.size, next + LOOK_AHEAD)) {
      const page = await this.#options.store.entries(log.log, looked.to, Math.min(PAGE, log.size - looked.to));
      if (page.length === 0) break;
      looked.to += page.length;
      for (const stored of page) {
        const rank = ranked("ROUTINE", stored);
        // A beat ahead of its gap says nothing that the next HAVE does not say.
        if (mayOvertake(rank) && rank !== "beat") looked.waiting.push({ index: stored.index, rank });
      }
    }
    return looked;
  }

  /** With the checkpoint that ends at it: one of our own log may be signed after larger ones. */
  async #ahead(log: Sendable, index: number): Promise<AheadFrame | undefined> {
    const { store } = this.#options;
    const [stored] = await store.entries(log.log, index, 1);
    const frontier = await this.#roots.frontierAt(log.log, index);
    if (stored === undefined || frontier === undefined) return undefined;
    const checkpoint = await this.#headOver(log, stored);
    if (checkpoint === undefined) return undefined;
    const { entry, disclosure } = stored;
    return { kind: "ahead", checkpoint, entry, disclosure: disclosure ?? null, proof: placeProof(frontier) };
  }

  async #headOver({ log, size }: Sendable, { index }: StoredEntry): Promise<WireCheckpoint | undefined> {
    const { store, own, suite, accord, party, keys } = this.#options;
    const [head] = await store.heads(log, index + 1, 1);
    const wire = head?.size === index + 1 ? parseWireCheckpoint(head.checkpoint) : undefined;
    if (wire?.ok === true) return wire.value;
    if (log !== own().log || index + 1 > size) return undefined;
    const frontier = await this.#roots.frontierAt(log, index + 1);
    if (frontier === undefined) return undefined;
    return headSigner(suite, accord, party, keys)({ log, size: index + 1, root: rootOf(suite, frontier) });
  }
}

function ranked(rank: Rank, { entry }: { readonly entry: Uint8Array }): Rank {
  const read = refusable(() => decodeEntry(entry));
  return read.ok ? moreUrgent(rank, sendingRank(read.value.act.header)) : rank;
}
