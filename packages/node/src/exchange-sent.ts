import type { HaveFrame, LogId } from "@openline/core";

/** Something under way to a peer. */
export interface Departure {
  /** Our HAVE counter when the last of it left; Infinity while it is leaving. A peer that has heard a later HAVE and does not
   *  have it never got it. */
  mark: number;
}

/** Entries under way. */
export interface Run extends Departure {
  readonly from: number;
  to: number;
}

interface LogSent {
  next: number;
  runs: Run[];
  /** Positions sent ahead of a gap; those that the peer has said it has are no longer under way. */
  ahead: Map<number, Departure>;
}

/** Runs of one log remembered as under way; what is forgotten may be sent twice. */
const RUNS_MAX = 1024;

const ARRIVED: Departure = { mark: -1 };

/** How much of each log one peer has: what it has said, and what is under way to it. */
export class Sent {
  readonly #logs: Map<LogId, LogSent> = new Map();

  /** The first position of a log that the peer does not have and that is not under way. */
  next(log: LogId): number {
    return this.#logs.get(log)?.next ?? 0;
  }

  /** It has said that it has some of this log. */
  lists(log: LogId): boolean {
    return this.#logs.has(log);
  }

  isAhead(log: LogId, index: number): boolean {
    return this.#logs.get(log)?.ahead.has(index) ?? false;
  }

  aheadCount(log: LogId): number {
    return this.#logs.get(log)?.ahead.size ?? 0;
  }

  /** Something is under way of which nothing has been heard. */
  get unconfirmed(): boolean {
    return [...this.#logs.values()].some(({ runs, ahead }) => runs.length > 0 || [...ahead.values()].some(({ mark }) => mark >= 0));
  }

  /** Entries of this log are still leaving in parts. */
  leaving(log: LogId): boolean {
    return this.#logs.get(log)?.runs.some(({ mark }) => mark === Infinity) ?? false;
  }

  /** These entries leave now. */
  sent(log: LogId, run: Run): void {
    const item = this.#of(log);
    item.next = Math.max(item.next, run.to);
    item.runs = [...item.runs.filter(({ from }) => from < run.from), run].slice(-RUNS_MAX);
  }

  sentAhead(log: LogId, index: number, departure: Departure): void {
    this.#of(log).ahead.set(index, departure);
  }

  /** Entries up to `size` came from the peer itself. */
  has(log: LogId, size: number): void {
    const item = this.#of(log);
    item.next = Math.max(item.next, size);
  }

  /** The peer has said what it has. What it cannot have heard of yet stays under way, unless it asks afresh. */
  said({ logs, heard, asks }: HaveFrame, full: boolean): void {
    const sizes = new Map(logs.map((item) => [item.log, item]));
    for (const [log, item] of this.#logs) {
      const said = sizes.get(log);
      if (said === undefined && full) continue;
      this.#said(item, { size: said?.size ?? 0, ahead: said?.ahead ?? [], heard: asks ? Infinity : heard });
      if (said === undefined && item.runs.length === 0) this.#logs.delete(log);
    }
    for (const { log, size, ahead } of logs)
      if (!this.#logs.has(log)) this.#logs.set(log, { next: size, runs: [], ahead: new Map(ahead.map((index) => [index, ARRIVED])) });
  }

  #said(item: LogSent, said: { readonly size: number; readonly ahead: readonly number[]; readonly heard: number }): void {
    item.runs = item.runs.filter(({ to, mark }) => to > said.size && mark >= said.heard);
    item.next = said.size;
    for (const { from, to } of item.runs) if (from <= item.next) item.next = Math.max(item.next, to);
    item.runs = item.runs.filter(({ to }) => to <= item.next);
    const under = [...item.ahead].filter(([index, { mark }]) => index >= said.size && mark >= said.heard);
    item.ahead = new Map([...under, ...said.ahead.map((index): [number, Departure] => [index, ARRIVED])]);
  }

  #of(log: LogId): LogSent {
    let item = this.#logs.get(log);
    if (item === undefined) this.#logs.set(log, (item = { next: 0, runs: [], ahead: new Map() }));
    return item;
  }
}
