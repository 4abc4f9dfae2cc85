import {
  type Frontier,
  type HaveFrame,
  type Head,
  type LogId,
  type Opening,
  type OwnLog,
  type Party,
  limits,
  openingOf,
  rootHint,
  rootOf,
} from "@openline/core";
import type { Bodies } from "./bodies.ts";
import type { Ahead } from "./exchange-ahead.ts";
import { type PeerLog, holdable, newPeerLog } from "./peer-log.ts";
import type { ExchangeOptions } from "./received.ts";

/** Every log of the line as far as it is stored here; our own current one stands among them only where a peer has returned it. */
export class PeerLogs {
  readonly #options: ExchangeOptions;
  readonly #bodies: Bodies;
  readonly #ahead: Ahead;
  readonly #logs: Map<LogId, PeerLog> = new Map();
  /** Ends that a later incarnation of the same party vouches for, by party and log: it may come before the log that it closes. */
  readonly #closings: Map<string, Head> = new Map();
  /** The beginnings of roots as HAVE says them, by the frontier they were computed from. */
  readonly #hints: WeakMap<Frontier, string> = new WeakMap();

  constructor(options: ExchangeOptions, waiting: { readonly bodies: Bodies; readonly ahead: Ahead }) {
    this.#options = options;
    this.#bodies = waiting.bodies;
    this.#ahead = waiting.ahead;
  }

  get(id: LogId): PeerLog | undefined {
    return this.#logs.get(id);
  }

  add(item: PeerLog): void {
    this.#logs.set(item.log, item);
  }

  /** The latest opened first. */
  get all(): readonly PeerLog[] {
    return [...this.#logs.values()].toReversed();
  }

  /** Entries of a log that are stored here. */
  sizeOf(log: LogId): number {
    const own = this.#options.own();
    return Math.max(log === own.log ? own.frontier.size : 0, this.#logs.get(log)?.frontier.size ?? 0);
  }

  /** What is stored of every log but `except`, which speaks for itself. */
  have(except: LogId): HaveFrame["logs"] {
    const others = this.all.filter((item) => item.log !== except).slice(0, limits.headsMax - 1);
    let room: number = limits.missingMax;
    return others.map(({ log, frontier }) => {
      const missing = this.#bodies.wanted(log).slice(0, room);
      room -= missing.length;
      const ahead = this.#ahead.of(log).map(({ index }) => index);
      return { log, size: frontier.size, root: this.#hintOf(frontier), missing, ahead };
    });
  }

  /** A log of which a peer has stored as much as we have and other entries: it is asked for once from its start, which may
   *  show a fork. */
  otherHistory({ logs }: HaveFrame): LogId | undefined {
    for (const { log, size, root } of logs) {
      const item = this.#logs.get(log);
      if (item === undefined || item.forked || item.askedFromStart || size === 0 || item.frontier.size !== size) continue;
      if (this.#hintOf(item.frontier) === root) continue;
      item.askedFromStart = true;
      return log;
    }
    return undefined;
  }

  #hintOf(frontier: Frontier): string {
    const known = this.#hints.get(frontier);
    if (known !== undefined) return known;
    const hint = rootHint(rootOf(this.#options.suite, frontier));
    this.#hints.set(frontier, hint);
    return hint;
  }

  /** Everything that is durably here with its bodies, as after a start. */
  held(): readonly Head[] {
    return this.all.flatMap((item) => this.holdable(item));
  }

  /** The head of a peer's log that an own entry may name now. */
  holdable(item: PeerLog): readonly Head[] {
    if (item.party === this.#options.party) return [];
    const head = holdable(item, this.#bodies.firstMissing(item.log));
    return head === undefined ? [] : [head];
  }

  /** Our own log as it was when a new incarnation closed it. */
  closeOwn(own: OwnLog, closed: Head): void {
    const { record, party } = this.#options;
    const item = this.#logs.get(own.log) ?? newPeerLog(own.log, { party, origin: record.logs.get(own.log)?.origin ?? "" });
    if (item.frontier.size < own.frontier.size) item.frontier = own.frontier;
    item.closed = closed;
    this.add(item);
  }

  /** A later incarnation vouches for the log it closes, up to the head it names. `first`: the first entry of `log`. */
  opened(log: LogId, first: Uint8Array | undefined): void {
    const opened = first === undefined ? undefined : openingOf(this.#options.accord, log, first);
    const closed = opened?.ok === true ? opened.value.closed : undefined;
    if (closed === undefined || opened?.ok !== true) return;
    const key = closingKey(opened.value.party, closed.log);
    if ((this.#closings.get(key)?.size ?? -1) < closed.size) this.#closings.set(key, closed);
    const item = this.#logs.get(closed.log);
    if (item !== undefined) this.#close(item);
  }

  /** A log of which the first frame has come, and which is not among the others before that is accepted. */
  begun(log: LogId, opening: Opening): PeerLog {
    const item = newPeerLog(log, opening);
    this.#close(item);
    return item;
  }

  /** Takes note of what a later incarnation says of the end of this log. */
  #close(item: PeerLog): void {
    const closed = this.#closings.get(closingKey(item.party, item.log));
    if (closed !== undefined && (item.closed === undefined || item.closed.size < closed.size)) item.closed = closed;
  }
}

const closingKey = (party: Party, log: LogId): string => `${party.key}/${log}`;
