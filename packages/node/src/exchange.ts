import {
  type Accord,
  type EntriesFrame,
  type Frame,
  type HaveFrame,
  type Head,
  type Judged,
  type LeafHash,
  type LineRecord,
  type LogId,
  type OwnLog,
  type Party,
  type Refusal,
  type Suite,
  type UnixMillis,
  type UnixSeconds,
  cosignEd25519,
  encodeFrame,
  encodeWireCheckpoint,
  fromHex,
  parseWireCheckpoint,
} from "@openline/core";
import type { Bearer } from "./bearers/bearer.ts";
import { Incoming, type Missing } from "./incoming.ts";
import { type ExchangeOptions, NOTHING, type Received, sealedHead } from "./received.ts";
import type { NodeKeys } from "./keys.ts";
import { mldsaLine } from "./own-log.ts";
import type { StoredUpTo } from "./receipts.ts";
import type { Store, StoredEntry } from "./store/store.ts";
import type { SignedHead } from "./writer.ts";

/** Entries in one frame: a page of the store. */
const CHUNK = 512;

/** Sends a peer what it lacks and takes what it sends, over bearers that may lose everything in between. It decides nothing
 *  about effect. Source: docs/spec/exchange.md. */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #incoming: Incoming;
  /** For each bearer, how much of each log the other side has, as far as we know. */
  readonly #peers: Map<string, { readonly bearer: Bearer; readonly has: Map<LogId, number>; heard: boolean }> = new Map();
  #own: SignedHead | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#incoming = new Incoming(options);
  }

  /** Takes up what the store has, after a start. */
  async load(stored: ReadonlyMap<LogId, readonly StoredEntry[]>): Promise<void> {
    await this.#incoming.load(stored);
  }

  join(bearer: Bearer): void {
    this.#peers.set(bearer.id, { bearer, has: new Map(), heard: false });
  }

  /** Our own log is durable up to this head. */
  ownHead(head: SignedHead): void {
    this.#own = head;
  }

  held(): readonly StoredUpTo[] {
    return this.#incoming.held();
  }

  /** Says what we have, to everybody. */
  async say(): Promise<void> {
    for (const { bearer } of this.#peers.values()) await this.#say(bearer);
  }

  async #say(bearer: Bearer): Promise<void> {
    const own = this.#own;
    const logs = this.#incoming.have();
    const mine = own === undefined ? [] : [{ log: own.checkpoint.incarnation, size: own.size, head: own.checkpoint, missing: [] }];
    await bearer.send(encodeFrame({ kind: "have", logs: [...mine, ...logs.filter((item) => item.log !== own?.checkpoint.incarnation)] }));
  }

  /** Sends every peer what it is not known to have. */
  async push(): Promise<void> {
    for (const { bearer, has, heard } of this.#peers.values()) {
      if (!heard) continue;
      const own = this.#own;
      if (own !== undefined) await this.#pushLog(bearer, has, { log: own.checkpoint.incarnation, size: own.size });
      for (const { log, size } of this.#incoming.have())
        if (log !== own?.checkpoint.incarnation) await this.#pushLog(bearer, has, { log, size });
    }
  }

  /** Whole chunks, each ending at a head its owner signed: only those can be checked on the other side. */
  async #pushLog(bearer: Bearer, has: Map<LogId, number>, log: { readonly log: LogId; readonly size: number }): Promise<void> {
    for (let from = has.get(log.log) ?? 0; from < log.size; from = has.get(log.log) ?? 0) {
      const checkpoint = await this.#chunkEnd(log, from);
      if (checkpoint === undefined) return;
      const entries = await this.#options.store.entries(log.log, from, checkpoint.size - from);
      has.set(log.log, checkpoint.size);
      const list = entries.map((item) => ({ entry: item.entry, disclosure: item.disclosure ?? null }));
      await bearer.send(encodeFrame({ kind: "entries", log: log.log, from, entries: list, checkpoint }));
    }
  }

  async #chunkEnd(log: { readonly log: LogId; readonly size: number }, from: number): Promise<EntriesFrame["checkpoint"] | undefined> {
    const own = this.#own;
    if (own !== undefined && own.checkpoint.incarnation === log.log && own.size - from <= CHUNK) return own.checkpoint;
    const heads = (await this.#options.store.heads(log.log, from + 1, CHUNK)).filter((head) => head.size <= log.size);
    const best = heads.findLast((head) => head.size - from <= CHUNK) ?? heads[0];
    if (best === undefined) return own?.checkpoint.incarnation === log.log ? own.checkpoint : undefined;
    const wire = parseWireCheckpoint(best.checkpoint);
    return wire.ok ? wire.value : undefined;
  }

  async receive(frame: Frame, from: { readonly bearer: Bearer; readonly now: UnixMillis; readonly bytes: Uint8Array }): Promise<Received> {
    switch (frame.kind) {
      case "have":
        await this.#have(frame, from.bearer);
        return NOTHING;
      case "entries": {
        const received = await this.#incoming.entries(frame, from);
        const peer = this.#peers.get(from.bearer.id);
        const end = frame.from + frame.entries.length;
        if (peer !== undefined && (peer.has.get(frame.log) ?? 0) < end) peer.has.set(frame.log, end);
        if (received.askAgain) await this.#say(from.bearer);
        return received;
      }
      case "disclosure":
        return this.#incoming.disclosure(frame, from.now);
    }
  }

  async #have(frame: HaveFrame, bearer: Bearer): Promise<void> {
    const peer = this.#peers.get(bearer.id);
    if (peer === undefined) return;
    peer.heard = true;
    peer.has.clear();
    for (const { log, size, missing } of frame.logs) {
      peer.has.set(log, size);
      for (const index of missing) await this.#disclose(bearer, log, index);
    }
    const ours = new Map(this.#incoming.have().map((item) => [item.log, item.size]));
    if (this.#own !== undefined) ours.set(this.#own.checkpoint.incarnation, this.#own.size);
    if (frame.logs.some(({ log, size }) => size > (ours.get(log) ?? 0))) await this.#say(bearer);
    await this.push();
  }

  async #disclose(bearer: Bearer, log: LogId, index: number): Promise<void> {
    const [entry] = await this.#options.store.entries(log, index, 1);
    if (entry?.disclosure !== undefined) await bearer.send(encodeFrame({ kind: "disclosure", log, index, disclosure: entry.disclosure }));
  }

  /** Something refused that has no place in a log. It is kept: it is evidence. */
  async find(refusal: Refusal, from: { readonly bytes: Uint8Array; readonly now: UnixMillis }): Promise<void> {
    await this.#incoming.find(refusal, from);
  }

  overdueDisclosures(now: UnixMillis): readonly Missing[] {
    return this.#incoming.overdue(now);
  }

  /** The refusal of a missing body has been entered: heads above it may be named. */
  release(missing: Missing): readonly StoredUpTo[] {
    return this.#incoming.release(missing);
  }

  /** The C2SP cosignature over the head that a beat names, for outside tools: the same claim as the beat itself. */
  cosign(heads: readonly Head[], time: UnixSeconds): Uint8Array | undefined {
    const head = heads[0];
    const origin = head === undefined ? undefined : this.#incoming.originOf(head.log);
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
    for (const { bearer } of this.#peers.values()) await bearer.send(frame);
  }
}
