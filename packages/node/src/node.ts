import {
  type Act,
  type Digest,
  type Frame,
  type Head,
  type LeafHash,
  type LineRecord,
  type OwnLog,
  type Party,
  type Refusal,
  type RefusalCode,
  type Result,
  OpenlineError,
  attachmentsIn,
  decodeAct,
  decodeFrame,
  ok,
  refusable,
  refuse,
  secondsOf,
  unfitFacts,
} from "@openline/core";
import { Author, type Placing, type Receipt } from "./author.ts";
import type { Bearer } from "./bearers/bearer.ts";
import type { AheadOfGap } from "./exchange-ahead.ts";
import type { Found } from "./findings.ts";
import { fitToBePlaced } from "./fit.ts";
import { Gate } from "./gate.ts";
import { type NodeActSaid, isNotRefused, refusalAct } from "./node-act.ts";
import { ownEvidence } from "./own-evidence.ts";
import type { Received } from "./received.ts";
import type { StoredObject } from "./store/store.ts";
import type { NodeOptions } from "./node-options.ts";
import { NodeSigners } from "./node-signers.ts";
import { Rings } from "./rings.ts";
import { Speaker } from "./speaker.ts";
import { type Start, leftUnsaid, readPlaces } from "./start.ts";
import { isStillGood, signedUnder } from "./verify-aside.ts";
import { Turns } from "./turns.ts";

export type { Receipt } from "./author.ts";

const READ_ANEW_MS = 60_000;

/** A party's node: three doors, `submit`, `receive` and `tick`. All behaviour starts at one of them, one at a time. After a
 *  fault of store, second place or program every door rejects: the process ends and starts afresh. */
export class Node {
  readonly options: NodeOptions;
  readonly #signers: NodeSigners;
  #record: LineRecord;
  #author: Author;
  readonly #turns: Turns = new Turns();
  readonly #gate: Gate = new Gate();
  readonly #speaker: Speaker;
  readonly #rings: Rings;
  /** Acts of the node that wait until it may place again. */
  #unsaid: readonly NodeActSaid[] = [];
  #fault: OpenlineError | undefined;
  #readAt = -Infinity;
  /** Acts of our own people under way. */
  #submitting = 0;

  private constructor(options: NodeOptions, start: Start) {
    this.options = options;
    this.#signers = new NodeSigners(options.suite, options.keys);
    this.#record = start.record;
    options.sealing?.readFrom(start.record);
    this.#author = new Author({ ...options, signers: this.#signers }, start);
    this.#rings = new Rings(options);
    this.#speaker = new Speaker(options, () => ({ record: this.#record, author: this.#author }));
  }

  /** Reads the store again, compares it with the second place, and goes on, in a new incarnation where it must. */
  static async open(options: NodeOptions): Promise<Node> {
    const start = await readPlaces(options);
    const node = new Node(options, start);
    await node.#begin(start);
    return node;
  }

  /** All logs of the line as far as they have been read here. Another one after what was outdated has been read anew. */
  get record(): LineRecord {
    return this.#record;
  }

  async #begin(start: Start, confirm = this.options.confirmStart === true): Promise<void> {
    const now = this.options.world.clock.now();
    await this.#author.exchange.load(start.stored, now);
    const { refusals, unnamed, late, erasures } = leftUnsaid(this.options, start);
    this.#unsaid = refusals;
    this.#author.receipts.stored(this.#author.exchange.incoming.logs.held());
    this.#author.receipts.read(unnamed, now);
    for (const leaf of [...late, ...this.#author.exchange.incoming.unlisted]) this.#author.receipts.holdLate(leaf);
    if (erasures.length > 0) await this.options.store.commit({ erasures });
    if (start.decision === "restored") await this.#restore(this.#author.head);
    else if (confirm) this.#gate.shut({ is: "asking", since: now });
    else await this.#goOn();
  }

  /** Something was judged without an entry that has come since: everything is read anew, as after a start, so that equal entries
   *  say the same here as elsewhere. Not more than once a minute, since a peer can bring it about. */
  async #readAnew(): Promise<void> {
    const now = this.options.world.clock.now();
    if (!this.#record.outdated || !this.#gate.going || now < this.#readAt + READ_ANEW_MS) return;
    this.#readAt = now;
    await this.#author.idle();
    const { exchange, receipts } = this.#author;
    const { bearers } = exchange;
    const start = await readPlaces(this.options);
    this.#record = start.record;
    this.options.sealing?.readFrom(start.record);
    this.#author = new Author({ ...this.options, signers: this.#signers }, start);
    this.#author.receipts.goOnFrom(receipts);
    await this.#begin(start, false);
    for (const { bearer, party } of bearers) {
      this.#author.exchange.join(bearer, party);
      await this.#author.exchange.hello(bearer);
    }
  }

  /** First door: an act of our own people, with its disclosure. Refused before it is placed if it would have no effect. */
  async submit(actBytes: Uint8Array, disclosure?: Uint8Array): Promise<Result<Receipt>> {
    const act = refusable(() => decodeAct(actBytes));
    if (!act.ok) return act;
    const fit = fitToBePlaced(this.options, act.value, disclosure);
    if (!fit.ok) return fit;
    for (const { object, size } of fit.value === undefined ? [] : attachmentsIn(fit.value)) {
      const stored = await this.options.store.object(object);
      if (stored?.whole !== true || stored.size !== size) return refuse("bad-body", `attachment ${object} is not here`);
    }
    this.#submitting++;
    try {
      return await this.#placed(act.value, disclosure);
    } finally {
      this.#submitting--;
    }
  }

  /** A key that is to sign the node's own acts: used from when its log has enrolled it. `seed`: 32 bytes. */
  takeKey(seed: Uint8Array): void {
    this.#signers.add(seed);
  }

  /** An act of the node itself that its people ask for: where it may be called from now on. Refused where it could not mean what it says. */
  async announce(said: NodeActSaid): Promise<Result<Receipt>> {
    const unfit = unfitFacts(said.kind, said.facts ?? {});
    if (unfit !== undefined) return refuse("bad-facts", unfit);
    for (;;) {
      await this.#gate.passed();
      const placed = await this.#door(async () => (this.#gate.going ? this.#author.enter(said) : undefined));
      if (placed !== undefined) return ok(placed);
    }
  }

  /** Keeps an attachment, so that an act may name it. */
  async attach(bytes: Uint8Array): Promise<Result<StoredObject>> {
    return this.#door(() => this.#author.exchange.incoming.objects.keep(bytes));
  }

  /** An attachment that is whole here. */
  async attachment(object: Digest): Promise<Uint8Array | undefined> {
    const stored = await this.options.store.object(object);
    return stored?.whole === true ? this.options.store.objectBytes(object, 0, stored.size) : undefined;
  }

  /** In its turn, when the node may place; acknowledged when it is durable and signed. */
  async #placed(act: Act, disclosure: Uint8Array | undefined): Promise<Result<Receipt>> {
    const { verifyAside } = this.options;
    for (;;) {
      await this.#gate.passed();
      // Begun before its turn comes, so that many are checked while one is placed; one alone is sooner checked in its turn.
      const signed = this.#submitting > 1 ? signedUnder({ verifyAside, record: this.record }, this.#author.own.log, act) : undefined;
      const placing = await this.#door(async () => {
        const { log, frontier } = this.#author.own;
        const by = isStillGood(this.record, log, frontier.size, await signed) ? "verified" : "post";
        return this.#gate.going ? this.#author.place(act, disclosure, by) : undefined;
      });
      if (placing?.ok === true) return ok(await this.#finish(placing.value));
      if (placing !== undefined) return this.#answered(placing);
    }
  }

  /** What a refusal rests on is durable before it is said: who is told that an act was placed before need not hand it in again. */
  async #answered(refused: Result<never>): Promise<Result<never>> {
    await this.#author.idle();
    if (this.#fault !== undefined) throw this.#fault;
    return refused;
  }

  /** Second door: bytes from a bearer. Nothing in them is believed before it has been checked; what is refused is kept. */
  async receive(bytes: Uint8Array, bearer: Bearer): Promise<void> {
    return this.#door(async () => {
      const now = this.options.world.clock.now();
      const frame = decodeFrame(bytes);
      if (!frame.ok) return this.#author.exchange.incoming.findings.keep(frame.refusal, { bytes, now });
      if (frame.value.kind === "entries" && frame.value.log === this.#author.own.log) await this.#author.idle();
      const received = await this.#author.exchange.receive(frame.value, { bearer, now, bytes });
      await this.#take(received);
      await this.#mayGoOn(frame.value);
      await this.#readAnew();
      if (this.#gate.going) {
        await this.#speaker.goOver();
        await this.#speaker.sayDue();
      }
    });
  }

  /** Third door: time has passed. */
  async tick(): Promise<void> {
    return this.#door(async () => {
      const now = this.options.world.clock.now();
      await this.options.sealing?.takeNotices();
      if (this.#gate.overdue(now)) {
        if (this.#gate.standing.is === "asking") await this.#author.signEnd();
        await this.#restore(await this.#author.readHead());
      }
      await this.#readAnew();
      if (this.#gate.going) {
        await this.#refuseMissing();
        await this.#speaker.goOver();
        for (const act of (await this.options.sealing?.due(now)) ?? []) await this.#author.enter(act);
        if (this.options.unprompted) await this.#speaker.sayState();
        await this.#speaker.sayDue();
        await this.#author.keep();
      }
      await this.#author.exchange.say(now, this.#gate.standing.is === "asking");
    });
  }

  /** Joins a bearer that leads to `peer`: frames to that party leave on it from now on. Several may lead to one party. */
  async join(bearer: Bearer, peer: Party): Promise<void> {
    return this.#door(async () => {
      this.#author.exchange.join(bearer, peer);
      await this.#author.exchange.hello(bearer);
    });
  }

  /** Nothing leaves on this bearer any more. */
  async leave(bearer: Bearer): Promise<void> {
    return this.#door(async () => this.#author.exchange.leave(bearer));
  }

  /** The latest signed head of the own log, with an ML-DSA-44 line. */
  async seal(): Promise<void> {
    return this.#door(() => this.#author.exchange.seal(secondsOf(this.options.world.clock.now())));
  }

  /** What peers sent and was refused before it had a place in a log, by code. */
  get findings(): ReadonlyMap<RefusalCode, Found> {
    return this.#author.exchange.incoming.findings.counts;
  }

  /** A fault has shut every door. */
  get stopped(): boolean {
    return this.#fault !== undefined;
  }

  /** Entries may be placed: it neither waits for an answer after a start nor for the end of its log. */
  get places(): boolean {
    return this.#fault === undefined && this.#gate.going;
  }

  get own(): OwnLog {
    return this.#author.own;
  }

  /** Entries whose place their author has signed, and whose predecessors are outstanding. */
  get ahead(): readonly AheadOfGap[] {
    return this.#author.exchange.incoming.ahead.all;
  }

  /** One at a time, and none after a fault. */
  #door<T>(step: () => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      if (this.#fault !== undefined) throw this.#fault;
      try {
        return await step();
      } catch (error) {
        throw this.#stop(error);
      } finally {
        this.options.changed?.();
      }
    });
  }

  #stop(cause: unknown): OpenlineError {
    const told =
      cause instanceof OpenlineError ? cause : new OpenlineError("storage", `this node has stopped: ${String(cause)}`, { cause });
    this.#fault ??= told;
    this.#gate.fail(this.#fault);
    return this.#fault;
  }

  async #finish(placing: Placing): Promise<Receipt> {
    try {
      return await this.#author.finish(placing);
    } catch (error) {
      throw this.#stop(error);
    } finally {
      this.options.changed?.();
    }
  }

  /** Where the end of our log had been returned and we stopped before it was read, it is closed as it would have been then. */
  async #goOn(): Promise<void> {
    if (this.#isUnread(this.#author.head)) return this.#restore(this.#author.head);
    this.#gate.open();
    await this.#author.goOn();
    await this.#sayUnsaid();
  }

  /** What waits in the old log for what the other side has is read first, for as long as a returned end would be. */
  async #restore(closed: Head): Promise<void> {
    if (this.#isUnread(closed)) return this.#gate.shut({ is: "returned", since: this.options.world.clock.now(), head: closed });
    this.#gate.open();
    await this.#author.restore(closed);
    await this.#sayUnsaid();
  }

  /** Its entries wait for entries of other logs that have not come. */
  #isUnread({ log, size }: Head): boolean {
    return this.record.readTo(log) < size;
  }

  /** Acts on what a frame brought. */
  async #take(received: Received): Promise<void> {
    const now = this.options.world.clock.now();
    const refused = received.judged.flatMap((item) => this.#refused(item));
    const forks = received.forks.map(({ log, proof }): NodeActSaid => {
      return { kind: "fork-found", facts: { incarnation: log }, body: new Map([["proof", proof]]) };
    });
    this.#unsaid = [
      ...this.#unsaid,
      ...this.#rings.for(received.judged),
      ...forks,
      ...[...refused, ...received.refused].map(({ refusal, leaf }) => refusalAct(refusal, leaf)),
    ];
    this.#author.receipts.stored(received.stored);
    this.#author.receipts.read(received.judged, now);
    for (const leaf of received.late) this.#author.receipts.holdLate(leaf);
    if (received.forks.some(({ log }) => log === this.#author.own.log)) await this.#restore(this.#author.head);
    else if (received.tail !== undefined) {
      const { standing } = this.#gate;
      this.#gate.shut({ is: "returned", since: standing.is === "going" ? now : standing.since, head: received.tail });
    }
    if (this.#gate.going) await this.#sayUnsaid();
  }

  /** What a peer's entry turned out to be: an entry without effect is refused in our own log, and so is one that only this node
   *  can know to be wrong. */
  #refused({ refusal, leaf, entry }: Received["judged"][number]): readonly { readonly leaf: LeafHash; readonly refusal: Refusal }[] {
    const { suite, accord, enrolled, world } = this.options;
    const bad = this.#author.exchange.incoming.bodies.takeBad(leaf);
    if (isNotRefused(refusal, entry)) return [];
    const known = { suite, accord, enrolled };
    const found = refusal ?? bad ?? (entry === undefined ? undefined : ownEvidence(known, entry, secondsOf(world.clock.now())));
    return found === undefined ? [] : [{ leaf, refusal: found }];
  }

  /** A peer that has no more of our log than we have lets us go on; one that has returned its end lets us close it. */
  async #mayGoOn(frame: Frame): Promise<void> {
    const { standing } = this.#gate;
    if (standing.is === "returned" && this.record.readTo(standing.head.log) >= standing.head.size) await this.#restore(standing.head);
    if (standing.is !== "asking" || frame.kind !== "have" || !this.#author.exchange.isFresh(frame)) return;
    const claimed = frame.logs.find((item) => item.log === this.#author.own.log);
    if (claimed === undefined && frame.full) return;
    if ((claimed?.size ?? 0) <= this.#author.own.frontier.size) await this.#goOn();
  }

  /** Refuses what has waited too long for its body, and then names the heads over it. */
  async #refuseMissing(): Promise<void> {
    const { incoming } = this.#author.exchange;
    const overdue = incoming.bodies.overdue(this.options.world.clock.now());
    const refusal: Refusal = { code: "missing-disclosure", detail: "the body did not arrive within the held clock" };
    await Promise.all(overdue.map(({ leaf }) => this.#author.enter(refusalAct(refusal, leaf))));
    for (const missing of overdue) {
      this.#author.receipts.stored(incoming.release(missing));
      this.#author.receipts.released(missing.log, missing.index, this.options.world.clock.now());
    }
  }

  async #sayUnsaid(): Promise<void> {
    const said = this.#unsaid;
    this.#unsaid = [];
    await Promise.all(said.map((act) => this.#author.enter(act)));
  }
}
