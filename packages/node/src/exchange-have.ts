import {
  type HaveFrame,
  type LeafHash,
  type LineRecord,
  type LogId,
  type UnixMillis,
  encodeFrame,
  limits,
  rootHint,
  rootOf,
} from "@openline/core";
import type { Bearer } from "./bearers/bearer.ts";
import type { Peer } from "./exchange-peer.ts";
import type { Incoming } from "./incoming.ts";
import type { NodeActSaid } from "./node-act.ts";
import type { ExchangeOptions } from "./received.ts";
import type { SignedHead } from "./writer.ts";

/** What sealing tells the exchange and hears from it: which prekey act of ours a peer shall seal to, and which of its own it
 *  asks for. */
export interface SealingPort {
  prekeyFor(bearer: Bearer): LeafHash | null;
  peerAsks(bearer: Bearer, prekey: LeafHash | null): void;
  /** The record in which prekeys stand. */
  readFrom(record: LineRecord): void;
  /** Checks and keeps what peers have told of lost pre-shared keys; durable when it resolves. */
  takeNotices(): Promise<void>;
  /** `prekey` and `psk-lost` acts to be entered now; their private keys are durable when it resolves. */
  due(now: UnixMillis): Promise<readonly NodeActSaid[]>;
}

/** How soon what has changed is said, and how long nothing may be said at all, by how quick the best bearer is. Milliseconds. */
const SAY_MS: Readonly<Record<Bearer["epoch"], { readonly soonest: number; readonly latest: number }>> = {
  direct: { soonest: 0, latest: 5_000 },
  narrow: { soonest: 15_000, latest: 60_000 },
  hand: { soonest: 600_000, latest: 3_600_000 },
};

/** A HAVE that was not heard after so long may have been lost. Milliseconds. */
const AGAIN_MS = 1_000;

/** Leaves room for as many HAVEs as will ever be said. */
const START_MAX = Number.MAX_SAFE_INTEGER - 2 ** 40;

/** Makes the HAVE frames, whose counter rises also over a restart. */
export class HaveTeller {
  readonly #options: ExchangeOptions;
  readonly #incoming: Incoming;
  /** Counter of the first HAVE since the start. */
  readonly first: number;
  #counter: number;

  constructor(options: ExchangeOptions, incoming: Incoming) {
    this.#options = options;
    this.#incoming = incoming;
    // Clocks move faster than HAVEs are said. From the year 2255 on the start is the same, and what peers have heard heals it.
    this.#counter = Math.min(options.world.clock.now() * 1000, START_MAX);
    this.first = this.#counter + 1;
  }

  /** Counter of the last HAVE said. */
  get counter(): number {
    return this.#counter;
  }

  /** A HAVE has come. True: what we said before we started counted higher, and what we have said since was passed over. */
  heard(frame: HaveFrame, bearer: Bearer): boolean {
    this.#options.sealing?.peerAsks(bearer, frame.prekey);
    if (frame.heard <= this.#counter) return false;
    this.#counter = frame.heard;
    return true;
  }

  frame(
    peer: Peer,
    own: SignedHead | undefined,
    options: { readonly asks: boolean; readonly fromStart?: LogId; readonly bearer: Bearer },
  ): HaveFrame {
    peer.saidAt = this.#options.world.clock.now();
    peer.said = this.#gist(peer, own);
    peer.assembly.said();
    const logs = this.#logs(own);
    const frame: HaveFrame = {
      kind: "have",
      counter: ++this.#counter,
      heard: peer.counter,
      asks: options.asks,
      credit: this.#incoming.quota.creditOf(peer.party),
      prekey: this.#options.sealing?.prekeyFor(options.bearer) ?? null,
      full: logs.length >= limits.headsMax,
      logs: logs.map((item) => (item.log === options.fromStart ? { ...item, size: 0, ahead: [] } : item)),
      open: [...peer.assembly.open(this.#options.world.clock.now()), ...this.#incoming.objects.open].slice(0, limits.openObjectsMax),
    };
    return fitting(frame, options.bearer.mtu);
  }

  /** Is a HAVE due: what it would say has changed, or something is under way, or nothing has been said for long? */
  due(peer: Peer, own: SignedHead | undefined, now: UnixMillis): boolean {
    const [best] = peer.live;
    if (best === undefined) return false;
    const { soonest, latest } = SAY_MS[best.epoch];
    const quiet = now - peer.saidAt;
    if (quiet < 0 || quiet >= latest) return true;
    return quiet >= soonest && (peer.sent.unconfirmed || peer.said !== this.#gist(peer, own));
  }

  /** Would a HAVE that nobody asked for tell this peer anything: it says something new, or the last one may have been lost? Two that
   *  can take nothing from each other, as after a fork, would otherwise answer each other as fast as the way carries it. */
  tells(peer: Peer, own: SignedHead | undefined, now: UnixMillis): boolean {
    const quiet = now - peer.saidAt;
    return quiet < 0 || quiet >= AGAIN_MS || peer.said !== this.#gist(peer, own);
  }

  #logs(own: SignedHead | undefined): HaveFrame["logs"] {
    const { log, frontier } = this.#options.own();
    const mine = {
      log,
      size: own?.size ?? frontier.size,
      root: rootHint(own?.root ?? rootOf(this.#options.suite, frontier)),
      missing: [],
      ahead: [],
    };
    return [mine, ...this.#incoming.logs.have(log)].slice(0, limits.headsMax);
  }

  #gist(peer: Peer, own: SignedHead | undefined): string {
    const logs = this.#logs(own).map(({ log, size, missing, ahead }) => `${log} ${size} ${missing.join(",")} ${ahead.join(",")}`);
    return [
      this.#incoming.quota.creditOf(peer.party) === 0 ? "full" : "",
      ...logs,
      ...[...peer.assembly.open(this.#options.world.clock.now()), ...this.#incoming.objects.open].map(
        ({ object, missing }) => `${object} ${missing.length}`,
      ),
    ].join("\n");
  }
}

/** What a bearer does not take is said another time: first what is open goes, then what is missing, then logs. */
function fitting(frame: HaveFrame, mtu: number): HaveFrame {
  if (encodeFrame(frame).length <= mtu || frame.logs.length === 0) return frame;
  if (frame.open.length > 0) return fitting({ ...frame, open: frame.open.slice(0, Math.floor(frame.open.length / 2)) }, mtu);
  const fewer = frame.logs.map((item) => ({ ...item, missing: item.missing.slice(0, Math.floor(item.missing.length / 2)) }));
  if (frame.logs.some(({ missing }) => missing.length > 0)) return fitting({ ...frame, logs: fewer }, mtu);
  return fitting({ ...frame, logs: frame.logs.slice(0, -1), full: true }, mtu);
}
