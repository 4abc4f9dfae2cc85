import { type LogId, OpenlineError, equalBytes } from "@openline/core";
import { MemorySecondPlace, type SignedUpTo } from "@openline/node";
import type { Process } from "./process.ts";

/** A machine's second place. It outlives every process, and may be rolled back, lost or damaged. */
export class Second {
  places: Map<LogId, SignedUpTo> = new Map();
  damaged = false;

  copy(): Second {
    const other = new Second();
    other.places = new Map(this.places);
    return other;
  }

  holds(log: LogId, size: number, root: Uint8Array): boolean {
    const place = this.places.get(log);
    return place?.size === size && equalBytes(place.root, root);
  }
}

export interface SecondWorld {
  readonly process: Process;
  readonly delay: () => number;
  readonly pass: (ms: number) => Promise<void>;
}

/** The second place as one process uses it. */
export class ProcessSecond extends MemorySecondPlace {
  readonly #second: Second;
  readonly #world: SecondWorld;

  constructor(second: Second, world: SecondWorld) {
    super();
    this.#second = second;
    this.#world = world;
    for (const [log, place] of second.places) this.overwrite(log, place);
  }

  override async read(log: LogId): Promise<SignedUpTo | undefined> {
    return this.#world.process.step(async () => {
      if (this.#second.damaged) throw new OpenlineError("second-place", "neither slot is whole");
      return super.read(log);
    });
  }

  override async swap(log: LogId, expected: SignedUpTo | undefined, next: SignedUpTo): Promise<void> {
    return this.#world.process.step(async () => {
      const delay = this.#world.delay();
      // A crash while it is written leaves what was there or what comes.
      if (delay > 0) await this.#world.pass(delay);
      if (!this.#world.process.alive) return;
      await super.swap(log, expected, next);
      this.#second.places.set(log, { size: next.size, root: next.root.slice() });
      this.#second.damaged = false;
    });
  }
}
