import {
  type Accord,
  type Body,
  type Digest,
  type Draft,
  type Head,
  type Judged,
  type KindName,
  type LeafHash,
  type LineRecord,
  type LogId,
  type OwnLog,
  type Party,
  type Refusal,
  type Result,
  type Suite,
  type UnixSeconds,
  assert,
  decodeAct,
  decodeFrame,
  emptyOwnLog,
  kidOf,
  loadRecord,
  ok,
  openDisclosure,
  parseActId,
  parseDigest,
  parseLogId,
  parseLogIndex,
  parseUnixSeconds,
  place,
  prepare,
  refusable,
  refuse,
  rootOf,
  secondsOf,
  signAct,
  toHex,
  LINE_CHANNEL,
} from "@openline/core";
import type { Bearer } from "./bearers/bearer.ts";
import { Exchange } from "./exchange.ts";
import type { NodeKeys } from "./keys.ts";
import { headSigner, originOfOwn, startOwn } from "./own-log.ts";
import type { SecondPlace, Store, World } from "./ports.ts";
import { Receipts } from "./receipts.ts";
import { type StoredEntry, allEntries } from "./store/store.ts";
import { Writer } from "./writer.ts";

export interface NodeOptions {
  readonly suite: Suite;
  readonly accord: Accord;
  /** Which party this node is. */
  readonly party: Party;
  readonly keys: NodeKeys;
  readonly store: Store;
  readonly second: SecondPlace;
  readonly world: World;
  /** Receipts are entered on the next tick after this; a replay uses 0. Milliseconds. */
  readonly receiptDelayMs: number;
  /** Interval beats and the daily state act; off in a replay, which enters receipts only. */
  readonly unprompted: boolean;
}

/** Where an act came to stand. */
export interface Receipt {
  readonly log: LogId;
  readonly index: number;
  readonly leaf: LeafHash;
}

/** A party's node: three doors, `submit`, `receive` and `tick`. All behaviour starts at one of them, one at a time. */
export class Node {
  readonly options: NodeOptions;
  /** All logs of the line as far as they have been read here. */
  readonly record: LineRecord;
  readonly receipts: Receipts;
  readonly #exchange: Exchange;
  #own: OwnLog;
  #writer: Writer;

  private constructor(
    options: NodeOptions,
    start: { record: LineRecord; own: OwnLog; writer: Writer; receipts: Receipts; exchange: Exchange },
  ) {
    this.options = options;
    this.record = start.record;
    this.receipts = start.receipts;
    this.#exchange = start.exchange;
    this.#own = start.own;
    this.#writer = start.writer;
  }

  /** Reads the store again, compares it with the second place, and goes on, in a new incarnation where it must. */
  static async open(options: NodeOptions): Promise<Node> {
    const { store, second, suite, accord, party } = options;
    const stored = new Map<LogId, readonly StoredEntry[]>();
    for (const { log } of await store.logs()) stored.set(log, await Array.fromAsync(allEntries(store, log)));
    const logs = [...stored].map(([log, entries]) => ({
      log,
      entries: entries.map((item) => item.entry),
      leaves: entries.map((item) => item.leaf),
    }));
    const { record } = loadRecord(suite, accord, logs, { signatures: false, complete: [] });
    const position = accord.parties.indexOf(party);
    const current = record.logsOf[position]?.at(-1)?.id ?? party.incarnation;
    const swapped = await second.read(current);
    const { own, decision } = startOwn(suite, current, stored.get(current) ?? [], swapped);
    record.complete(current);
    const writer = new Writer({ suite, store, second, swapped, sign: headSigner(suite, accord, party, options.keys) });
    const receipts = new Receipts({ accord, party, delayMs: options.receiptDelayMs, unprompted: options.unprompted });
    const exchange: Exchange = new Exchange({ ...options, record, own: () => node.own });
    const node: Node = new Node(options, { record, own, writer, receipts, exchange });
    await exchange.load(stored);
    receipts.stored(exchange.held(), options.world.clock.now());
    if (decision === "restored") await node.restore();
    else if (own.frontier.size > 0) await node.#resume();
    else await node.#enter("accord-sign", { facts: { digest: accord.ceremony, ...node.#identity(current) } });
    return node;
  }

  async #resume(): Promise<void> {
    await this.#writer.catchUp(this.#own);
    this.#noteHead();
  }

  #identity(log: LogId): { readonly incarnation: LogId; readonly origin: string } {
    const { suite, accord, party, keys } = this.options;
    return { incarnation: log, origin: originOfOwn(suite, accord, { party, log, lineSecret: keys.lineSecret }) };
  }

  /** First door: an act of our own people, with its disclosure. Refused before it is placed if it would have no effect. */
  async submit(actBytes: Uint8Array, disclosure?: Uint8Array): Promise<Result<Receipt>> {
    const act = refusable(() => decodeAct(actBytes));
    if (!act.ok) return act;
    const body = this.#bodyOf(act.value.header, disclosure);
    if (!body.ok) return body;
    return this.#place(actBytes, disclosure, { checked: false });
  }

  #bodyOf(
    header: { readonly body?: Digest; readonly kind: KindName | undefined },
    disclosure: Uint8Array | undefined,
  ): Result<Body | undefined> {
    if (header.kind === undefined) return refuse("unknown-kind", "this node does not know the kind");
    if (header.body === undefined) return disclosure === undefined ? ok(undefined) : refuse("wrong-disclosure", "the act has no body");
    if (disclosure === undefined) return refuse("missing-disclosure", "an own act comes with its body");
    return openDisclosure({ suite: this.options.suite, commitment: header.body, disclosure, kind: header.kind });
  }

  /** Place, judge, keep, and only then send. */
  async #place(actBytes: Uint8Array, disclosure: Uint8Array | undefined, options: { checked: boolean }): Promise<Result<Receipt>> {
    const { suite } = this.options;
    const heads = this.receipts.heads(this.record);
    const { own, placed } = place(suite, this.#own, { bytes: actBytes, now: this.#now(), heads, ahead: this.receipts.late });
    const refusal = options.checked ? undefined : this.record.preview(own.log, placed.entry);
    if (refusal !== undefined) return { ok: false, refusal };
    const index = parseLogIndex(placed.entry.placement.index);
    this.#own = own;
    this.receipts.named(this.options.world.clock.now());
    const judged = this.record.offer({ log: own.log, index, leaf: placed.leaf, bytes: placed.entry.bytes, checked: true });
    assert(
      judged.every((item) => item.log !== own.log || item.refusal === undefined),
      "an own entry has effect",
    );
    const entry: StoredEntry = {
      log: own.log,
      index,
      leaf: placed.leaf,
      entry: placed.entry.bytes,
      ...(disclosure === undefined ? {} : { disclosure }),
    };
    await this.#writer.write(entry, own);
    this.#noteHead();
    await this.#exchange.push();
    return ok({ log: own.log, index, leaf: placed.leaf });
  }

  /** Our own head is durable: peers may name it from now on. */
  #noteHead(): void {
    const head = this.#writer.signed;
    if (head === undefined) return;
    this.record.noteRoot(head.checkpoint.incarnation, head.size, parseDigest(toHex(head.root)));
    this.#exchange.ownHead(head);
  }

  #now(): UnixSeconds {
    return secondsOf(this.options.world.clock.now());
  }

  /** Second door: bytes from a bearer. Nothing in them is believed before it has been checked; what is refused is kept. */
  async receive(bytes: Uint8Array, bearer: Bearer): Promise<void> {
    const now = this.options.world.clock.now();
    const frame = decodeFrame(bytes);
    if (!frame.ok) return this.#exchange.find(frame.refusal, { bytes, now });
    const received = await this.#exchange.receive(frame.value, { bearer, now, bytes });
    if (received.tail !== undefined) await this.restore(received.tail);
    for (const fork of received.forks)
      await this.#enter("fork-found", { facts: { incarnation: fork.log }, body: new Map([["proof", fork.proof]]) });
    for (const item of received.judged) await this.#judged(item);
    this.receipts.stored(received.stored, now);
    if (received.late !== undefined) this.receipts.holdLate(received.late, now);
    if (this.receipts.due(now)) await this.beat();
  }

  /** What a peer's entry turned out to be: an entry without effect is refused in our own log. */
  async #judged({ refusal, leaf, entry }: Judged): Promise<void> {
    const code = refusal?.code ?? this.#lookAhead(entry);
    if (code === undefined || code === "unknown-kind") return;
    await this.refuse({ code, detail: refusal?.detail ?? "by this node's own clock" }, leaf);
  }

  /** Refused on our own evidence alone: it stops no clock. */
  #lookAhead(entry: Judged["entry"]): Refusal["code"] | undefined {
    if (entry === undefined) return undefined;
    return entry.placement.time > this.#now() + 60 ? "future-dated" : undefined;
  }

  /** Enters a refusal: code and leaf. */
  async refuse(refusal: Refusal, leaf: LeafHash): Promise<void> {
    await this.#enter("refusal", {
      facts: { code: refusal.code },
      refs: [leaf],
      body: new Map([["detail", refusal.detail.slice(0, 512)]]),
    });
  }

  /** Third door: time has passed. */
  async tick(): Promise<void> {
    const now = this.options.world.clock.now();
    for (const missing of this.#exchange.overdueDisclosures(now)) {
      await this.refuse({ code: "missing-disclosure", detail: "the body did not arrive within the held clock" }, missing.leaf);
      this.receipts.stored(this.#exchange.release(missing), now);
    }
    if (this.receipts.due(now)) await this.beat();
    await this.#exchange.say();
  }

  /** Says what this node holds, when it has nothing else to say. */
  async beat(): Promise<void> {
    const heads = this.receipts.heads(this.record);
    const cosignature = this.#exchange.cosign(heads, this.#now());
    await this.#enter("beat", cosignature === undefined ? {} : { body: new Map([["cosignature", cosignature]]) });
  }

  /** Opens a new incarnation: the store no longer holds what this log may have signed. Its first entry names the last head
   *  known; no index is ever signed twice. */
  async restore(closed: Head = this.#head()): Promise<void> {
    const { suite, store, second, accord, party, keys, world } = this.options;
    const log = parseLogId(toHex(world.random(8)));
    this.#own = { ...emptyOwnLog(log), time: this.#own.time };
    this.#writer = new Writer({ suite, store, second, swapped: undefined, sign: headSigner(suite, accord, party, keys) });
    this.record.complete(log);
    await this.#enter("restored", { facts: { ...this.#identity(log), closed } });
  }

  #head(): Head {
    const { log, frontier } = this.#own;
    return { log, size: frontier.size, root: parseDigest(toHex(rootOf(this.options.suite, frontier))) };
  }

  /** An act of the node itself. */
  async #enter(kind: KindName, act: { facts?: Draft["facts"]; refs?: readonly LeafHash[]; body?: Body }): Promise<Receipt> {
    const { suite, accord, party, keys, world } = this.options;
    const now = world.clock.now();
    const draft: Draft = {
      line: accord.line,
      party: party.key,
      actId: parseActId(toHex(world.random(16))),
      kind,
      channel: LINE_CHANNEL,
      precedence: "ROUTINE",
      drafted: now,
      to: [],
      refs: act.refs ?? [],
      facts: act.facts ?? {},
      // A node places at once; a minute covers a clock that was set back while it wrote.
      notAfter: parseUnixSeconds(Math.max(secondsOf(now), this.#own.time) + 60),
    };
    const { payload, disclosure } = prepare(suite, draft, act.body, world.random(16));
    const hand = {
      kid: kidOf(suite, party.file.node),
      role: "node" as const,
      sign: (message: Uint8Array) => suite.signEd25519(keys.node, message),
    };
    const bytes = signAct(payload, { accordDigest: party.accordDigest, time: secondsOf(now), hands: [hand] });
    const placed = await this.#place(bytes, disclosure, { checked: true });
    assert(placed.ok, "a node's own act is placed");
    return placed.value;
  }

  /** Joins a bearer: frames to the counterpart leave on it from now on. */
  async join(bearer: Bearer): Promise<void> {
    this.#exchange.join(bearer);
    await this.#exchange.say();
  }

  /** The latest signed head of the own log, with an ML-DSA-44 line. */
  async seal(): Promise<void> {
    await this.#exchange.seal(this.#now());
  }

  get own(): OwnLog {
    return this.#own;
  }
}
