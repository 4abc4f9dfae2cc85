interface Planned {
  readonly at: number;
  /** Of two plans for one moment the one made first comes first. */
  readonly order: number;
  readonly act: () => void;
}

/** Virtual time: what is planned happens in order, and time passes only from one plan to the next. Milliseconds. */
export class Schedule {
  #now: number;
  #order = 0;
  readonly #heap: Planned[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  get now(): number {
    return this.#now;
  }

  after(ms: number, act: () => void): void {
    this.#push({ at: this.#now + Math.max(0, ms), order: this.#order++, act });
  }

  /** Resolves when so much time has passed. */
  async pass(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Lets everything happen up to `until`; after each plan every program runs on until it waits for time.
   *  `stop`: asked after each. */
  async run(until: number, stop: () => boolean): Promise<void> {
    for (let next = this.#heap[0]; next !== undefined && next.at <= until; next = this.#heap[0]) {
      this.#pop();
      this.#now = next.at;
      next.act();
      await settled();
      if (stop()) return;
    }
    this.#now = Math.max(this.#now, until);
  }

  #push(plan: Planned): void {
    const heap = this.#heap;
    let at = heap.push(plan) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || before(above, plan)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = plan;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [first, second] = [heap[left], heap[left + 1]];
      if (first === undefined) break;
      const least = second !== undefined && before(second, first) ? second : first;
      if (before(last, least)) break;
      heap[at] = least;
      at = least === first ? left : left + 1;
    }
    heap[at] = last;
  }
}

const before = (a: Planned, b: Planned): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Resolves when every program has run as far as it can. Nothing in a run waits for the world outside, so what is left after one
 *  turn of the event loop waits for virtual time. */
export const settled = async (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
