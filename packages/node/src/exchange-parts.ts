import { type Digest, type OpenObject, type Range, type Rank, PART_OVERHEAD_BYTES, RANKS, encodeFrame, limits } from "@openline/core";

import type { Departure } from "./exchange-sent.ts";

/** An object that leaves in parts because a bearer does not take it whole. */
export interface Cut {
  readonly object: Digest;
  readonly size: number;
  readonly rank: Rank;
  /** Bytes of it from `from` to `to`. */
  readonly read: (from: number, to: number) => Promise<Uint8Array | undefined>;
  readonly departure: Departure;
}

interface Leaving {
  readonly cut: Cut;
  ranges: Range[];
}

/** Objects cut for one bearer, kept until the peer has them: what it says it lacks leaves again. */
export class PartsOut {
  readonly #counter: () => number;
  #items: Leaving[] = [];

  constructor(counter: () => number) {
    this.#counter = counter;
  }

  /** Begins an object, or goes on with the ranges that are missing. */
  begin(cut: Cut, missing: readonly Range[] = [{ from: 0, to: cut.size }]): void {
    this.#items = this.#items.filter((item) => item.cut.object !== cut.object);
    this.#items.push({ cut, ranges: [...missing] });
    cut.departure.mark = Infinity;
    const done = this.#items.filter(({ ranges }) => ranges.length === 0);
    if (done.length > limits.openObjectsMax) this.#items = this.#items.filter((item) => item !== done[0]);
  }

  /** What the peer lacks of an object that we cut leaves again, unless it cannot have heard that all of it has left. False: not one
   *  that we cut. */
  again({ object, missing }: OpenObject, heard: number): boolean {
    const item = this.#items.find(({ cut }) => cut.object === object);
    if (item === undefined) return false;
    if (item.cut.departure.mark >= heard) return true;
    item.ranges = missing.filter(({ from }) => from < item.cut.size).map(({ from, to }) => ({ from, to: Math.min(to, item.cut.size) }));
    if (item.ranges.length > 0) item.cut.departure.mark = Infinity;
    return true;
  }

  /** What has not left by now shall leave by another way. */
  abandon(): void {
    for (const { cut } of this.#items) cut.departure.mark = Math.min(cut.departure.mark, -1);
    this.#items = [];
  }

  #forget(object: Digest): void {
    this.#items = this.#items.filter(({ cut }) => cut.object !== object);
  }

  /** The most urgent of what is leaving. */
  get rank(): Rank | undefined {
    return this.#first()?.cut.rank;
  }

  #first(): Leaving | undefined {
    return this.#items
      .filter(({ ranges }) => ranges.length > 0)
      .toSorted((a, b) => RANKS.indexOf(a.cut.rank) - RANKS.indexOf(b.cut.rank))[0];
  }

  /** The next part as a frame of at most `mtu` bytes. */
  async next(mtu: number): Promise<Uint8Array | undefined> {
    const item = this.#first();
    const [range, ...rest] = item?.ranges ?? [];
    if (item === undefined || range === undefined) return undefined;
    const to = Math.min(range.to, range.from + Math.max(1, Math.min(mtu - PART_OVERHEAD_BYTES, limits.partBytesMax)));
    item.ranges = to < range.to ? [{ from: to, to: range.to }, ...rest] : rest;
    const { object, size, read, departure } = item.cut;
    const bytes = await read(range.from, to);
    if (bytes === undefined) {
      this.#forget(object);
      return undefined;
    }
    if (item.ranges.length === 0) departure.mark = this.#counter();
    return encodeFrame({ kind: "part", object, size, offset: range.from, bytes });
  }
}
