import { type UnixMillis, parseUnixMillis } from "@openline/core";
import type { Clock } from "@openline/node";

/** A machine's own clock: it may stand wrong, drift, jump, or stop. */
export class PartyClock implements Clock {
  readonly #real: () => number;
  #base: number;
  #since: number;
  #rate: number;
  /** The latest and earliest it has ever shown, and the furthest it has been from the truth. Milliseconds. */
  highest = 0;
  furthest = 0;

  constructor(real: () => number, offsetMs: number, driftPpm: number) {
    this.#real = real;
    this.#since = real();
    this.#base = this.#since + offsetMs;
    this.#rate = 1 + driftPpm / 1e6;
  }

  now(): UnixMillis {
    const shown = this.#shown();
    this.highest = Math.max(this.highest, shown);
    this.furthest = Math.max(this.furthest, Math.abs(shown - this.#real()));
    return parseUnixMillis(shown);
  }

  #shown(): number {
    return Math.floor(this.#base + (this.#real() - this.#since) * this.#rate);
  }

  /** Set forward or back. */
  jump(ms: number): void {
    this.#base = this.#shown() + ms;
    this.#since = this.#real();
  }

  freeze(): void {
    this.jump(0);
    this.#rate = 0;
  }

  /** Runs, and stands right again. */
  mend(): void {
    this.#base = this.#real();
    this.#since = this.#base;
    this.#rate = 1;
  }
}
