/** Calls `tick` every so often, one call at a time. A tick that fails is the last one, and is told once. */
export class Ticker {
  readonly #tick: () => Promise<void>;
  readonly #everyMs: number;
  readonly #failed: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  #lastAt = performance.now();

  constructor(options: { readonly tick: () => Promise<void>; readonly everyMs: number; readonly failed: (error: unknown) => void }) {
    this.#tick = options.tick;
    this.#everyMs = options.everyMs;
    this.#failed = options.failed;
    this.#next();
  }

  #next(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#once();
    }, this.#everyMs);
  }

  async #once(): Promise<void> {
    try {
      await this.#tick();
      this.#lastAt = performance.now();
    } catch (error) {
      this.#stopped = true;
      this.#failed(error);
    }
    if (!this.#stopped) this.#next();
  }

  /** How long ago the last tick was done, milliseconds. */
  get sinceMs(): number {
    return performance.now() - this.#lastAt;
  }

  /** Resolves when no tick is running and none will. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }
}
