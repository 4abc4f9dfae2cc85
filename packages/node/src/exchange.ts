import {
  type Frame,
  type HaveFrame,
  type Head,
  type LogId,
  type ObjectFrame,
  type OwnLog,
  type Party,
  type PartyKey,
  type PartFrame,
  type Rank,
  type UnixMillis,
  type UnixSeconds,
  cosignEd25519,
  noteName,
  decodeObject,
  encodeFrame,
  fromHex,
  keepsReserve,
} from "@openline/core";
import type { Bearer } from "./bearers/bearer.ts";
import { HaveTeller } from "./exchange-have.ts";
import { Outbox, type Sendable } from "./exchange-outbox.ts";
import { Peer } from "./exchange-peer.ts";
import type { Departure } from "./exchange-sent.ts";
import { Incoming } from "./incoming.ts";
import { mldsaLine } from "./own-log.ts";
import { type ExchangeOptions, NOTHING, type Received, sealedHead } from "./received.ts";
import type { StoredLogs } from "./stored-log.ts";
import type { SignedHead } from "./writer.ts";

interface From {
  readonly bearer: Bearer;
  readonly now: UnixMillis;
  readonly bytes: Uint8Array;
}

/** Sends each peer what it lacks and takes what it sends, over bearers that may lose everything in between. It decides nothing
 *  about effect. Source: docs/spec/exchange.md. */
export class Exchange {
  readonly incoming: Incoming;
  readonly #options: ExchangeOptions;
  readonly #outbox: Outbox;
  readonly #have: HaveTeller;
  readonly #peers: Map<PartyKey, Peer> = new Map();
  #own: SignedHead | undefined;
  #pushing: Promise<void> | undefined;
  #pushAgain = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.incoming = new Incoming(options, (party, log) => this.#peers.get(party.key)?.saidToHave(log));
    this.#outbox = new Outbox(options, this.incoming.roots);
    this.#have = new HaveTeller(options, this.incoming);
  }

  /** Takes up what the store has, after a start. */
  async load(stored: StoredLogs, now: UnixMillis): Promise<void> {
    await this.incoming.load(stored, now);
  }

  /** A bearer leads to one party; several may lead to the same. */
  join(bearer: Bearer, party: Party): void {
    this.leave(bearer);
    const peer = this.#peers.get(party.key) ?? this.#newPeer(party);
    peer.join(bearer);
    this.#peers.set(party.key, peer);
  }

  #newPeer(party: Party): Peer {
    const isOwn = (log: LogId): boolean => this.incoming.logs.get(log)?.party === party;
    return new Peer(party, this.#options.suite, () => this.#have.counter, isOwn);
  }

  leave(bearer: Bearer): void {
    for (const peer of this.#peers.values()) peer.leave(bearer);
  }

  /** Every bearer joined, and where it leads. */
  get bearers(): readonly { readonly bearer: Bearer; readonly party: Party }[] {
    return [...this.#peers.values()].flatMap((peer) => peer.bearers.map((bearer) => ({ bearer, party: peer.party })));
  }

  /** A party has used up what it may take of our disk. */
  get isFull(): boolean {
    return this.#options.accord.parties.some((party) => this.incoming.quota.creditOf(party) === 0);
  }

  #peerOn(bearer: Bearer): Peer | undefined {
    return [...this.#peers.values()].find((peer) => peer.isOn(bearer));
  }

  /** Our own log is durable up to this head. */
  ownHead(head: SignedHead): void {
    this.#own = head;
  }

  /** Our own log ends here; what has not been signed of it is vouched for by the incarnation that closes it. */
  closeOwn(own: OwnLog, closed: Head): void {
    this.incoming.logs.closeOwn(own, closed);
    this.#own = undefined;
  }

  /** Says what we have on a bearer that was joined, and asks what is there. */
  async hello(bearer: Bearer): Promise<void> {
    const peer = this.#peerOn(bearer);
    if (peer !== undefined) this.#say(peer, { asks: true, bearer });
    await this.push();
  }

  /** Time has passed: says what we have where that is due, and sends what could not be sent before. `asks`: we may not place
   *  until somebody has answered. */
  async say(now: UnixMillis, asks: boolean): Promise<void> {
    for (const peer of this.#peers.values()) if (asks || this.#have.due(peer, this.#own, now)) this.#say(peer, { asks });
    await this.push();
  }

  #say(peer: Peer, options: { readonly asks: boolean; readonly fromStart?: LogId; readonly bearer?: Bearer }): void {
    const bearer = options.bearer ?? peer.live[0];
    if (bearer === undefined || bearer.oneWay === "in") return;
    const frame = this.#have.frame(peer, this.#own, { ...options, bearer });
    peer.post(bearer, encodeFrame(frame), () => this.#drained());
  }

  /** Whether this HAVE answers one that we have said since we started: it is no old one played again. */
  isFresh({ heard }: HaveFrame): boolean {
    return heard >= this.#have.first;
  }

  /** Sends every peer what it is not known to have, as far as its bearers take it. Calls made while it runs make it run once
   *  more. It never waits for a bearer: one that has drained calls it again. */
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
        for (const peer of this.#peers.values()) while (await this.#sendNext(peer));
      }
    } finally {
      this.#pushing = undefined;
    }
  }

  /** A bearer takes more again. A store that fails says so at every door. */
  #drained(): void {
    for (const peer of this.#peers.values()) if (peer.hasMore) this.push().catch(() => undefined);
  }

  /** Sends one frame: what overtakes, then what was begun, then bodies asked for, then entries in order. */
  async #sendNext(peer: Peer): Promise<boolean> {
    const [best] = peer.live;
    peer.waits = best === undefined;
    if (best === undefined || !(peer.heard || peer.unasked)) return false;
    const logs = this.#logsFor(peer);
    for (const log of logs) if (await this.#overtake(peer, log)) return true;
    if (await peer.goOn(() => this.#drained(), false)) return true;
    if (await this.#disclose(peer)) return true;
    for (const log of logs) if (await this.#inOrder(peer, log)) return true;
    return (await this.#attachment(peer)) || peer.goOn(() => this.#drained(), true);
  }

  /** Begins an attachment that a peer waits for. */
  async #attachment(peer: Peer): Promise<boolean> {
    const { store } = this.#options;
    for (let wanted = peer.wants.shift(); wanted !== undefined; wanted = peer.wants.shift()) {
      const { object, missing } = wanted;
      const stored = await store.object(object);
      if (stored?.whole !== true || missing.some(({ to }) => to > stored.size)) continue;
      const read = (from: number, to: number): Promise<Uint8Array | undefined> => store.objectBytes(object, from, to);
      peer.begin({ object, size: stored.size, rank: "attachment", read, departure: { mark: Infinity } }, missing);
      return true;
    }
    return false;
  }

  /** Other logs first: who has lost the end of its own learns of it before it reads what we made of it. */
  #logsFor(peer: Peer): readonly Sendable[] {
    const current = this.#options.own().log;
    const others = this.incoming.logs.all.flatMap(({ log, frontier, checkpoint, closed }) =>
      log === current || (peer.full && !peer.sent.lists(log)) ? [] : [{ log, size: frontier.size, checkpoint, closed }],
    );
    const own = this.#own;
    if (own === undefined) return others;
    return [...others, { log: current, size: own.size, checkpoint: own.checkpoint, closed: undefined }];
  }

  /** Only where something stands before it: a short log goes in order as it is. */
  async #overtake(peer: Peer, log: Sendable): Promise<boolean> {
    if (peer.sent.next(log.log) >= log.size) return false;
    if (!peer.sent.leaving(log.log) && (await this.#goesWhole(peer, log))) return false;
    const next = await this.#outbox.overtaking(peer, log);
    if (next === undefined || (peer.credit <= 0 && !keepsReserve(next.rank))) return false;
    const { incarnation, size } = next.frame.checkpoint;
    const departure = { mark: Infinity };
    peer.sent.sentAhead(incarnation, size - 1, departure);
    this.#emit(peer, next.frame, next.rank, departure);
    return true;
  }

  async #goesWhole(peer: Peer, log: Sendable): Promise<boolean> {
    const next = await this.#outbox.inOrder(peer, log);
    if (next === undefined) return true;
    const end = next.frame.from + next.frame.entries.length;
    return end >= log.size && next.bytes <= (peer.live[0]?.mtu ?? 0) / 2 && peer.credit >= next.bytes;
  }

  async #inOrder(peer: Peer, log: Sendable): Promise<boolean> {
    const next = await this.#outbox.inOrder(peer, log);
    if (next === undefined || next.frame.from !== peer.sent.next(log.log)) return next !== undefined;
    if (peer.credit < next.bytes && !next.reserved) return false;
    const { from, entries } = next.frame;
    const run = { from, to: from + entries.length, mark: Infinity };
    peer.sent.sent(log.log, run);
    this.#emit(peer, this.#outbox.packed(peer, next), next.rank, run);
    return true;
  }

  /** A body a peer asks for. */
  async #disclose(peer: Peer): Promise<boolean> {
    for (let asked = peer.asked.shift(); asked !== undefined; asked = peer.asked.shift()) {
      const { log, index } = asked;
      const [entry] = await this.#options.store.entries(log, index, 1);
      if (entry?.disclosure === undefined) continue;
      this.#emit(peer, { kind: "disclosure", log, index, disclosure: entry.disclosure }, "ROUTINE");
      return true;
    }
    return false;
  }

  #emit(peer: Peer, frame: ObjectFrame, rank: Rank, departure: Departure = { mark: 0 }): void {
    peer.send(encodeFrame(frame), rank, { departure, drained: () => this.#drained() });
  }

  async receive(frame: Frame, from: From): Promise<Received> {
    switch (frame.kind) {
      case "have":
        await this.#heard(frame, from);
        return NOTHING;
      case "part":
        return this.#part(frame, from);
      case "head":
        return this.#answered(await this.incoming.head(frame, from), frame.checkpoint.incarnation, from);
      case "entries":
      case "packed":
      case "disclosure":
      case "ahead":
        return this.#object(frame, from);
    }
  }

  async #part(frame: PartFrame, from: From): Promise<Received> {
    if (await this.incoming.objects.take(frame, from)) return NOTHING;
    const whole = this.#peerOn(from.bearer)?.assembly.take(frame, from.now);
    if (whole === undefined) return NOTHING;
    if (whole.ok && whole.value === undefined) return NOTHING;
    const bytes = whole.ok && whole.value !== undefined ? whole.value : from.bytes;
    const object = whole.ok ? decodeObject(bytes) : whole;
    if (object.ok) return this.#object(object.value, { ...from, bytes });
    await this.incoming.findings.keep(object.refusal, from);
    return NOTHING;
  }

  async #object(frame: ObjectFrame, from: From): Promise<Received> {
    switch (frame.kind) {
      case "entries": {
        const received = await this.incoming.entries(frame, from);
        if (received.ask === undefined || received.ask === "attachments")
          this.#peerOn(from.bearer)?.sent.has(frame.log, frame.from + frame.entries.length);
        return this.#answered(received, frame.log, from);
      }
      case "packed": {
        const entries = await this.incoming.unpacked(frame, from);
        return "kind" in entries ? this.#object(entries, from) : this.#answered(entries, frame.log, from);
      }
      case "disclosure":
        return this.#answered(await this.incoming.disclosure(frame, from), frame.log, from);
      case "ahead":
        return this.#answered(await this.incoming.overtaking(frame, from), frame.checkpoint.incarnation, from);
    }
  }

  #answered(received: Received, log: LogId, { bearer }: From): Received {
    const peer = this.#peerOn(bearer);
    if (peer === undefined || received.ask === undefined) return received;
    this.#say(peer, { asks: received.ask === "from-start", ...(received.ask === "from-start" ? { fromStart: log } : {}) });
    return received;
  }

  /** A peer says what it has: it is sent what it lacks, and told what we have where it has more or asks. */
  async #heard(frame: HaveFrame, from: From): Promise<void> {
    const { bearer } = from;
    const peer = this.#peerOn(bearer);
    if (peer === undefined) return;
    if (frame.counter <= peer.counter) {
      // It may have started again with a clock that went back: our answer tells it how high it had counted.
      if (frame.asks && frame.counter < peer.counter) this.#say(peer, { asks: false });
      return;
    }
    peer.hears(frame, this.isFresh(frame));
    await this.#noteSmaller(peer, frame, from);
    const other = this.incoming.logs.otherHistory(frame);
    if (other !== undefined) this.#say(peer, { asks: true, fromStart: other });
    else if (this.#have.heard(frame, bearer) || !this.isFresh(frame)) this.#say(peer, { asks: true });
    else if (frame.asks || (this.#hasMore(frame) && this.#have.tells(peer, this.#own, from.now))) this.#say(peer, { asks: false });
    await this.push();
  }

  /** Whether a peer has entries that are not here. */
  #hasMore({ logs }: HaveFrame): boolean {
    return logs.some(({ log, size }) => size > this.#sizeOf(log));
  }

  /** A party that says twice running that it has less of its own log than it has signed was rolled back. Once alone may be a HAVE
   *  that its own entries have overtaken. */
  async #noteSmaller(peer: Peer, frame: HaveFrame, { bytes, now }: From): Promise<void> {
    const smaller = frame.logs.flatMap(({ log, size }) => {
      const known = this.incoming.logs.get(log);
      const open = known !== undefined && known.party.key === peer.party.key && known.closed === undefined && !known.forked;
      return open && size < known.frontier.size ? [{ log, size, signed: known.frontier.size }] : [];
    });
    peer.smaller = smaller.length === 0 ? 0 : peer.smaller + 1;
    if (peer.smaller !== 2) return;
    for (const { log, size, signed } of smaller)
      await this.incoming.findings.keep(
        { code: "smaller-head", detail: `says ${size} of its log, of which it has signed ${signed}` },
        { bytes, now, log },
      );
  }

  #sizeOf(log: LogId): number {
    const own = this.#options.own();
    if (log === own.log) return this.#own?.size ?? own.frontier.size;
    return this.incoming.logs.get(log)?.frontier.size ?? 0;
  }

  /** The C2SP cosignature over the head that a beat names, for outside tools: the same claim as the beat itself. */
  cosign(heads: readonly Head[], time: UnixSeconds): Uint8Array | undefined {
    const head = heads[0];
    const origin = head === undefined ? undefined : this.incoming.logs.get(head.log)?.origin;
    if (head === undefined || origin === undefined) return undefined;
    const checkpoint = { origin: noteName(origin), size: head.size, root: fromHex(head.root) };
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
    const frame = encodeFrame({ kind: "head", checkpoint });
    for (const peer of this.#peers.values()) for (const bearer of peer.live.slice(0, 1)) peer.post(bearer, frame, () => this.#drained());
  }
}
