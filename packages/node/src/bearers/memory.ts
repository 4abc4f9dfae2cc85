import { assert, limits } from "@openline/core";
import type { BearerHealth, OpenBearer, TakeFrame } from "./bearer.ts";

/** Joins two nodes of one process. Frames wait in order until `deliver` carries them, so that the caller decides when time
 *  passes; while the link is down they are lost. */
export class MemoryLink {
  readonly #queues: { frame: Uint8Array; to: 0 | 1 }[] = [];
  readonly #receivers: [TakeFrame | undefined, TakeFrame | undefined] = [undefined, undefined];
  readonly #closed: [boolean, boolean] = [false, false];
  readonly #ends: readonly [OpenBearer, OpenBearer];
  up = true;

  constructor(id: string) {
    this.#ends = [this.#end(`${id}:0`, 0), this.#end(`${id}:1`, 1)];
  }

  #end(id: string, side: 0 | 1): OpenBearer {
    const to = side === 0 ? 1 : 0;
    const open = (): boolean => this.up && !this.#closed[side];
    // It has no clock that could say when.
    const health = (): BearerHealth => (open() ? { is: "not-tested" } : { is: "failing", code: "closed" });
    return {
      id,
      kind: "memory",
      epoch: "direct",
      mtu: limits.frameBytesMax,
      oneWay: undefined,
      credit: () => (open() ? Math.max(0, limits.frameBytesMax - this.#waiting(to)) : 0),
      send: async (frame) => {
        assert(frame.length > 0 && frame.length <= limits.frameBytesMax, `a frame of ${frame.length} bytes`);
        if (open() && this.#waiting(to) < 2 * limits.frameBytesMax) this.#queues.push({ frame, to });
      },
      health: () => ({ out: health(), in: health() }),
      close: async () => {
        this.#closed[side] = true;
      },
    };
  }

  #waiting(to: 0 | 1): number {
    return this.#queues.reduce((sum, item) => sum + (item.to === to ? item.frame.length : 0), 0);
  }

  /** The bearer of one side; what arrives there goes to `receive`. */
  join(side: 0 | 1, receive: TakeFrame): OpenBearer {
    this.#receivers[side] = receive;
    return this.#ends[side];
  }

  /** Carries frames, and those they cause, until none is left. */
  async deliver(): Promise<void> {
    for (let next = this.#queues.shift(); next !== undefined; next = this.#queues.shift()) {
      if (this.up && !this.#closed[next.to]) await this.#receivers[next.to]?.(next.frame, this.#ends[next.to]);
    }
  }
}
