import type { KeyRequest } from "@openline/api";

/** A request that nobody has answered by then is forgotten; its console asks again. */
const REQUEST_MS = 1_800_000;
const REQUESTS_MAX = 64;

/** Keys that browsers have asked a post for, as long as the process runs. Whoever asks gains nothing by it: only the directory's
 *  signature gives a post. The clock is the machine's. */
export class KeyDesk {
  readonly #now: () => number;
  readonly #waiting: Map<string, { readonly request: KeyRequest; readonly until: number }> = new Map();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get waiting(): readonly KeyRequest[] {
    this.#forget();
    return [...this.#waiting.values()].map(({ request }) => request);
  }

  /** False where too many wait. */
  ask(request: KeyRequest): boolean {
    this.#forget();
    if (!this.#waiting.has(request.kid) && this.#waiting.size >= REQUESTS_MAX) return false;
    this.#waiting.set(request.kid, { request, until: this.#now() + REQUEST_MS });
    return true;
  }

  /** The record has it now, or nobody asks for it any more. */
  done(kid: string): void {
    this.#waiting.delete(kid);
  }

  #forget(): void {
    const now = this.#now();
    for (const [kid, { until }] of this.#waiting) if (until <= now) this.#waiting.delete(kid);
  }
}
