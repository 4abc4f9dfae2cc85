import {
  type Digest,
  type HaveFrame,
  type LogId,
  type OpenObject,
  type Party,
  type Rank,
  type Sha256,
  parseDigest,
  toHex,
  waysFor,
} from "@openline/core";
import type { Bearer } from "./bearers/bearer.ts";
import { Assembly } from "./exchange-assembly.ts";
import { type Cut, PartsOut } from "./exchange-parts.ts";
import { type Departure, Sent } from "./exchange-sent.ts";

/** Urgent frames that wait for a bearer which was full when they went out on the others. */
const OWED_MAX = 16;

interface Way {
  readonly bearer: Bearer;
  readonly parts: PartsOut;
  owed: Uint8Array[];
  /** It has taken something since the peer's last HAVE. */
  moved: boolean;
}

/** A body a peer has asked for. */
export interface Asked {
  readonly log: LogId;
  readonly index: number;
}

/** One party at the other end of one or more bearers. What it has, and what is sent to it next, belongs to it and to no bearer. */
export class Peer {
  readonly party: Party;
  readonly sent: Sent = new Sent();
  readonly assembly: Assembly;
  readonly #suite: Sha256;
  readonly #counter: () => number;
  readonly #isOwn: (log: LogId) => boolean;
  readonly #own: Map<LogId, number> = new Map();
  /** Its last HAVE that answers one of ours since our start. */
  #answer: HaveFrame | undefined;
  readonly #ways: Map<string, Way> = new Map();
  /** Bodies it has asked for and that have not been sent since. */
  asked: Asked[] = [];
  /** Objects it has begun or waits for, and that we have not cut for it. */
  wants: OpenObject[] = [];
  /** It has said what it has: until then nothing is sent to it but HAVE. */
  heard = false;
  /** Its HAVE was full: what it does not list it may have all the same. */
  full = false;
  /** Highest counter of its HAVEs. */
  counter = 0;
  /** How many of its HAVEs running have said less of its own log than it has signed. */
  smaller = 0;
  /** Bytes it still takes. */
  credit = Infinity;
  /** No bearer took anything when something was to be sent. */
  waits = false;
  /** What we last said to it, and when. */
  saidAt = -Infinity;
  said = "";

  /** `counter`: that of our last HAVE. `isOwn`: is this a log of that party? */
  constructor(party: Party, suite: Sha256, counter: () => number, isOwn: (log: LogId) => boolean) {
    this.party = party;
    this.#isOwn = isOwn;
    this.#suite = suite;
    this.#counter = counter;
    this.assembly = new Assembly(suite);
  }

  join(bearer: Bearer): void {
    this.#ways.set(bearer.id, { bearer, parts: new PartsOut(this.#counter), owed: [], moved: true });
  }
  leave(bearer: Bearer): void {
    this.#ways.get(bearer.id)?.parts.abandon();
    this.#ways.delete(bearer.id);
  }
  isOn(bearer: Bearer): boolean {
    return this.#ways.has(bearer.id);
  }
  get bearers(): readonly Bearer[] {
    return [...this.#ways.values()].map(({ bearer }) => bearer);
  }
  /** Nobody answers on a bearer of one direction: what there is goes out on it unasked. */
  get unasked(): boolean {
    return this.#ways.size > 0 && this.bearers.every(({ oneWay }) => oneWay === "out");
  }

  /** Bearers that take something now, the best first. */
  get live(): readonly Bearer[] {
    return waysFor(
      "FLASH",
      this.bearers.filter((bearer) => bearer.oneWay !== "in" && bearer.credit() > 0),
    );
  }

  /** How much of a log of its own it has said that it has; 0 for any other log. */
  saidSize(log: LogId): number {
    return this.#own.get(log) ?? 0;
  }

  /** How much of a log it says it has, in answer to what we have said since our start; undefined where it has not said. */
  saidToHave(log: LogId): number | undefined {
    const listed = this.#answer?.logs.find((item) => item.log === log);
    return listed?.size ?? (this.#answer?.full === false ? 0 : undefined);
  }

  /** It has said what it has. `answers`: it has heard of a HAVE that we have said since our start. */
  hears(frame: HaveFrame, answers: boolean): void {
    if (answers) this.#answer = frame;
    this.full = frame.full;
    this.counter = frame.counter;
    this.credit = frame.credit;
    this.heard = true;
    for (const { log, size } of frame.logs) if (this.#isOwn(log)) this.#own.set(log, size);
    const ways = [...this.#ways.values()];
    this.wants = frame.open.filter((open) => ways.filter(({ parts }) => parts.again(open, frame.heard)).length === 0);
    for (const way of ways) {
      // What a bearer does not move, another one may.
      if (!way.moved && way.bearer.credit() <= 0 && this.live.length > 0) way.parts.abandon();
      way.moved = false;
    }
    this.sent.said(frame, this.full);
    this.asked = frame.logs.flatMap(({ log, missing }) => missing.map((index) => ({ log, index })));
  }

  /** Sends an object on the bearers its rank is worth, whole where it fits and otherwise in parts. */
  send(bytes: Uint8Array, rank: Rank, options: { readonly departure: Departure; readonly drained: () => void }): void {
    const ways = waysFor(rank, this.live);
    const whole = ways.filter(({ mtu }) => bytes.length <= mtu);
    if (whole.length > 0) options.departure.mark = this.#counter();
    for (const bearer of whole) this.post(bearer, bytes, options.drained);
    for (const { id, mtu } of ways) {
      // One way on which it goes whole is enough to know that it has left.
      const departure = whole.length > 0 ? { mark: 0 } : options.departure;
      if (bytes.length > mtu) this.#ways.get(id)?.parts.begin(this.#cut(bytes, rank, departure));
    }
    if (rank === "FLASH" || rank === "IMMEDIATE") this.#owe(bytes);
    this.credit -= bytes.length;
  }

  #cut(bytes: Uint8Array, rank: Rank, departure: Departure): Cut {
    const object: Digest = parseDigest(toHex(this.#suite.sha256(bytes)));
    return { object, size: bytes.length, rank, read: async (from, to) => bytes.subarray(from, to), departure };
  }

  #owe(bytes: Uint8Array): void {
    for (const way of this.#ways.values()) {
      const { bearer } = way;
      if (bearer.credit() > 0 || bearer.oneWay === "in" || bytes.length > bearer.mtu) continue;
      way.owed = [...way.owed, bytes].slice(-OWED_MAX);
    }
  }

  post(bearer: Bearer, bytes: Uint8Array, drained: () => void): void {
    // A bearer never rejects: what it drops is asked for again.
    void bearer.send(bytes).then(drained);
    const way = this.#ways.get(bearer.id);
    if (way !== undefined) way.moved = true;
  }

  /** Something waits until a bearer takes more. */
  get hasMore(): boolean {
    return this.waits || [...this.#ways.values()].some(({ parts, owed }) => owed.length > 0 || parts.rank !== undefined);
  }

  /** Begins an attachment on the best bearer. */
  begin(cut: Cut, missing: OpenObject["missing"]): void {
    const [best] = this.live;
    if (best !== undefined) this.#ways.get(best.id)?.parts.begin(cut, missing);
  }

  /** Sends what was begun or is owed: urgent frames, then the next part. False: nothing of the kind. Attachments only where they
   *  may: everything else goes before them. */
  async goOn(drained: () => void, attachments: boolean): Promise<boolean> {
    let sent = false;
    for (const { id } of this.live) {
      const way = this.#ways.get(id);
      if (way === undefined) continue;
      const parts = attachments || way.parts.rank !== "attachment";
      const bytes = way.owed.shift() ?? (parts ? await way.parts.next(way.bearer.mtu) : undefined);
      if (bytes === undefined) continue;
      this.post(way.bearer, bytes, drained);
      sent = true;
    }
    return sent;
  }
}
