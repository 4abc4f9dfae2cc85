import { equalBytes, OpenlineError, toHex, type LogId } from "@openline/core";

/** How far an own log has been signed, or is about to be. */
export interface SignedUpTo {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** The second durable place: remembers (size, root) of each own log outside the store and outside every backup, so that a
 *  restored store is noticed before it signs an index twice. One process uses it at a time; the store's lock sees to that.
 *
 *  After a write or sync error every call rejects with `OpenlineError("storage")`: the process must stop.
 *  Source: docs/spec/log.md, "incarnations". */
export interface SecondPlace {
  /** `undefined` when this log was never written here. What it returns is durable. Rejects with
   *  `OpenlineError("second-place")` when something is there and cannot be read. */
  read(log: LogId): Promise<SignedUpTo | undefined>;
  /** Compare and swap. Durable when it resolves; a crash before that leaves `expected` or `next`, never anything else.
   *  Rejects with `OpenlineError("second-place")` and changes nothing when the place does not hold `expected`. */
  swap(log: LogId, expected: SignedUpTo | undefined, next: SignedUpTo): Promise<void>;
}

/** In memory, for tests and the simulator. It outlives the node that uses it and not the process. */
export class MemorySecondPlace implements SecondPlace {
  readonly #places = new Map<LogId, SignedUpTo>();

  async read(log: LogId): Promise<SignedUpTo | undefined> {
    return this.#places.get(log);
  }

  async swap(log: LogId, expected: SignedUpTo | undefined, next: SignedUpTo): Promise<void> {
    checkExpected(log, expected, this.#places.get(log));
    this.#places.set(log, { size: next.size, root: new Uint8Array(next.root) });
  }

  /** What a lost or restored disk does to it. */
  overwrite(log: LogId, value: SignedUpTo | undefined): void {
    if (value === undefined) this.#places.delete(log);
    else this.#places.set(log, value);
  }
}

/** Throws `OpenlineError("second-place")` unless the place holds what the caller expects. */
export function checkExpected(log: LogId, expected: SignedUpTo | undefined, found: SignedUpTo | undefined): void {
  if (sameValue(expected, found)) return;
  throw new OpenlineError("second-place", `log ${log}: ${describe(expected)} expected in the second place, ${describe(found)} found`);
}

function sameValue(a: SignedUpTo | undefined, b: SignedUpTo | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.size === b.size && equalBytes(a.root, b.root);
}

function describe(value: SignedUpTo | undefined): string {
  return value === undefined ? "nothing" : `size ${value.size} root ${toHex(value.root).slice(0, 16)}`;
}
