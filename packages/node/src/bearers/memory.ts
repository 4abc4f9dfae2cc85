import { limits } from "@openline/core";
import type { Bearer } from "./bearer.ts";

type Receive = (frame: Uint8Array, bearer: Bearer) => Promise<void>;

/** Joins two nodes of one process. Frames wait in order until `deliver` carries them, so that the caller decides when time
 *  passes; while the link is down they are lost. */
export class MemoryLink {
  readonly #queues: { frame: Uint8Array; to: 0 | 1 }[] = [];
  readonly #receivers: [Receive | undefined, Receive | undefined] = [undefined, undefined];
  readonly #ends: readonly [Bearer, Bearer];
  up = true;

  constructor(id: string) {
    this.#ends = [this.#end(`${id}:0`, 1), this.#end(`${id}:1`, 0)];
  }

  #end(id: string, to: 0 | 1): Bearer {
    return {
      id,
      kind: "memory",
      epoch: "direct",
      mtu: limits.frameBytesMax,
      oneWay: undefined,
      credit: () => limits.frameBytesMax,
      send: async (frame) => {
        if (this.up) this.#queues.push({ frame, to });
      },
    };
  }

  /** The bearer of one side; what arrives there goes to `receive`. */
  join(side: 0 | 1, receive: Receive): Bearer {
    this.#receivers[side] = receive;
    return this.#ends[side];
  }

  /** Carries frames, and those they cause, until none is left. */
  async deliver(): Promise<void> {
    for (let next = this.#queues.shift(); next !== undefined; next = this.#queues.shift()) {
      if (this.up) await this.#receivers[next.to]?.(next.frame, this.#ends[next.to]);
    }
  }
}
