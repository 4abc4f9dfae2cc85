import {
  type DisclosureFrame,
  type EntriesFrame,
  type Frame,
  type HaveFrame,
  type Head,
  type LogId,
  type OwnLog,
  type Party,
  type PartyKey,
  type UnixMillis,
  type UnixSeconds,
  cosignEd25519,
  encodeFrame,
  fromHex,
  limits,
} from "@openline/core";
import type { Bearer } from "./bearers/bearer.ts";
import { Incoming } from "./incoming.ts";
import { mldsaLine } from "./own-log.ts";
import { nextPart } from "./parts.ts";
import type { StoredLogs } from "./peer-log-load.ts";
import { type ExchangeOptions, NOTHING, type Received, sealedHead } from "./received.ts";
import type { SignedHead } from "./writer.ts";

/** One party at the other end of one or more bearers. What it has belongs to it and to no bearer. */
interface Peer {
  readonly bearers: Map<string, Bearer>;
  /** How much of each log the other side has, as far as we know. */
  readonly has: Map<LogId, number>;
  /** It has said what it has: until then nothing is sent to it. */
  heard: boolean;
  /** Its HAVE was full: what it does not list it may have all the same. */
  full: boolean;
}

/** Sends a peer what it lacks and takes what it sends, over bearers that may lose everything in between. It decides nothing
 *  about effect. Source: docs/spec/exchange.md. */
export class Exchange {
  readonly incoming: Incoming;
  readonly #options: ExchangeOptions;
  readonly #peers: Map<PartyKey, Peer> = new Map();
  #own: SignedHead | undefined;
  #pushing: Promise<void> | undefined;
  #pushAgain = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.incoming = new Incoming(options);
  }

  /** Takes up what the store has, after a start. */
  async load(stored: StoredLogs, now: UnixMillis): Promise<void> {
    await this.incoming.load(stored, now);
  }

  /** A bearer leads to one party; several may lead to the same. */
  join(bearer: Bearer, party: Party): void {
    this.leave(bearer);
    const peer = this.#peers.get(party.key) ?? { bearers: new Map(), has: new Map(), heard: false, full: false };
    peer.bearers.set(bearer.id, bearer);
    this.#peers.set(party.key, peer);
  }

  leave(bearer: Bearer): void {
    for (const peer of this.#peers.values()) peer.bearers.delete(bearer.id);
  }

  #peerOn(bearer: Bearer): Peer | undefined {
    return [...this.#peers.values()].find((peer) => peer.bearers.has(bearer.id));
  }

  /** Our own log is durable up to this head. */
  ownHead(head: SignedHead): void {
    this.#own = head;
  }

  /** Our own log ends here; what has not been signed of it is vouched for by the incarnation that closes it. */
  closeOwn(own: OwnLog, closed: Head): void {
    this.incoming.closeOwn(own, closed);
    this.#own = undefined;
  }

  /** Says what we have, to everybody. */
  async say(): Promise<void> {
    for (const { bearers } of this.#peers.values()) for (const bearer of bearers.values()) await this.#say(bearer);
  }

  async #say(bearer: Bearer, fromStart?: LogId): Promise<void> {
    const { log, frontier } = this.#options.own();
    const own = this.#own;
    const mine = { log, size: own?.size ?? frontier.size, head: own?.checkpoint ?? null, missing: [] };
    const others = this.incoming.have(log).map((item) => (item.log === fromStart ? { ...item, size: 0 } : item));
    await bearer.send(encodeFrame({ kind: "have", logs: [mine, ...others] }));
  }

  /** Sends every peer what it is not known to have. Calls made while it runs make it run once more. */
  push(): Promise<void> {
    if (this.#peers.size === 0) return Promise.resolve();
    this.#pushAgain = true;
    this.#pushing ??= this.#pushAll();
    return this.#pushing;
  }

  async #pushAll(): Promise<void> {
    // Not before the caller has taken note that it runs.
    await Promise.resolve();
    try {
      while (this.#pushAgain) {
        this.#pushAgain = false;
        for (const peer of this.#peers.values()) if (peer.heard) await this.#pushTo(peer);
      }
    } finally {
      this.#pushing = undefined;
    }
  }

  /** Other logs first: who has lost the end of its own learns of it before it reads what we made of it. */
  async #pushTo(peer: Peer): Promise<void> {
    const current = this.#options.own().log;
    for (const item of this.incoming.logs) {
      const listed = peer.has.has(item.log);
      if (item.log === current || (peer.full && !listed)) continue;
      await this.#pushLog(peer, { log: item.log, size: item.frontier.size, checkpoint: item.checkpoint, closed: item.closed });
    }
    const own = this.#own;
    if (own !== undefined) await this.#pushLog(peer, { log: current, size: own.size, checkpoint: own.checkpoint, closed: undefined });
  }

  async #pushLog(peer: Peer, log: Parameters<typeof nextPart>[1]): Promise<void> {
    for (let from = peer.has.get(log.log) ?? 0; from < log.size; from = peer.has.get(log.log) ?? 0) {
      const part = await nextPart(this.#options.store, log, from);
      if (part === undefined) return;
      peer.has.set(log.log, from + part.entries.length);
      for (const bearer of peer.bearers.values()) await bearer.send(encodeFrame(part));
    }
  }

  async receive(frame: Frame, from: { readonly bearer: Bearer; readonly now: UnixMillis; readonly bytes: Uint8Array }): Promise<Received> {
    switch (frame.kind) {
      case "have":
        await this.have(frame, from.bearer);
        return NOTHING;
      case "entries":
        return this.#entries(frame, from);
      case "disclosure":
        return this.#disclosure(frame, from);
    }
  }

  async #entries(
    frame: EntriesFrame,
    from: { readonly bearer: Bearer; readonly now: UnixMillis; readonly bytes: Uint8Array },
  ): Promise<Received> {
    const received = await this.incoming.entries(frame, from);
    const peer = this.#peerOn(from.bearer);
    const end = frame.from + frame.entries.length;
    if (peer !== undefined && received.ask === undefined && (peer.has.get(frame.log) ?? 0) < end) peer.has.set(frame.log, end);
    if (received.ask !== undefined) await this.#say(from.bearer, received.ask === "from-start" ? frame.log : undefined);
    return received;
  }

  async #disclosure(frame: DisclosureFrame, from: { readonly now: UnixMillis; readonly bytes: Uint8Array }): Promise<Received> {
    return this.incoming.disclosure(frame, from);
  }

  /** A peer says what it has: it is sent what it lacks, and told what we have where it has more. */
  async have(frame: HaveFrame, bearer: Bearer): Promise<void> {
    const peer = this.#peerOn(bearer);
    if (peer === undefined) return;
    const first = !peer.heard;
    peer.heard = true;
    peer.full = frame.logs.length >= limits.headsMax;
    peer.has.clear();
    for (const { log, size } of frame.logs) peer.has.set(log, size);
    const current = this.#options.own().log;
    const sizeOf = (log: LogId): number =>
      log === current ? (this.#own?.size ?? this.#options.own().frontier.size) : (this.incoming.log(log)?.frontier.size ?? 0);
    if (first || frame.logs.some(({ log, size }) => size > sizeOf(log))) await this.#say(bearer);
    await this.#disclose(frame, bearer);
    await this.push();
  }

  /** Bodies a peer asks for, up to one frame's worth; for the rest it asks again. */
  async #disclose(frame: HaveFrame, bearer: Bearer): Promise<void> {
    let sent = 0;
    for (const { log, missing } of frame.logs) {
      for (const index of missing) {
        if (sent >= limits.frameBytesMax) return;
        const [entry] = await this.#options.store.entries(log, index, 1);
        if (entry?.disclosure === undefined) continue;
        sent += entry.disclosure.length;
        await bearer.send(encodeFrame({ kind: "disclosure", log, index, disclosure: entry.disclosure }));
      }
    }
  }

  /** The C2SP cosignature over the head that a beat names, for outside tools: the same claim as the beat itself. */
  cosign(heads: readonly Head[], time: UnixSeconds): Uint8Array | undefined {
    const head = heads[0];
    const origin = head === undefined ? undefined : this.incoming.log(head.log)?.origin;
    if (head === undefined || origin === undefined) return undefined;
    const checkpoint = { origin: `openline.invalid/${origin}`, size: head.size, root: fromHex(head.root) };
    return cosignEd25519(this.#options.suite, this.#options.keys.mirror, checkpoint, time);
  }

  /** Puts an ML-DSA-44 line on the latest own head and sends it. */
  async seal(time: UnixSeconds): Promise<void> {
    const own = this.#own;
    if (own === undefined) return;
    const { suite, accord, party, keys, store } = this.#options;
    const log = own.checkpoint.incarnation;
    const mldsa = mldsaLine(suite, accord, { party, keys, log, size: own.size, root: own.root, time });
    const checkpoint = { ...own.checkpoint, mldsa };
    this.#own = { ...own, checkpoint };
    await store.commit({ meta: [sealedHead(log, checkpoint)] });
    const frame = encodeFrame({ kind: "entries", log, from: own.size, entries: [], checkpoint });
    for (const { bearers } of this.#peers.values()) for (const bearer of bearers.values()) await bearer.send(frame);
  }
}
