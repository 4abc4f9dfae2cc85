import { type UnixMillis, parseUnixMillis } from "@openline/core";
import type { Timers } from "../../src/bearers/bearer.ts";

/** Time that passes only when it is turned. */
export class HandTimers implements Timers {
  readonly #waiting: Set<{ at: number; step: () => void }> = new Set();
  #now = 1_700_000_000_000;
  readonly clock = { now: (): UnixMillis => parseUnixMillis(this.#now) };

  after(ms: number, step: () => void): { cancel(): void } {
    const item = { at: this.#now + ms, step };
    this.#waiting.add(item);
    return { cancel: () => void this.#waiting.delete(item) };
  }

  turn(ms: number): void {
    this.#now += ms;
    for (const item of [...this.#waiting].toSorted((a, b) => a.at - b.at)) {
      if (item.at <= this.#now && this.#waiting.delete(item)) item.step();
    }
  }
}

/** Resolves when `holds` does; looks again whenever the event loop has turned, so that no time is waited for. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
