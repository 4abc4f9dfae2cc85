import {
  type Digest,
  type OpenObject,
  type PartFrame,
  type Range,
  type Result,
  type Sha256,
  type UnixMillis,
  limits,
  missingRanges,
  ok,
  refuse,
  toHex,
  withRange,
} from "@openline/core";

interface Open {
  readonly bytes: Uint8Array;
  ranges: readonly Range[];
  touchedAt: UnixMillis;
}

/** An object of which nothing has come for this long is given up: who sent it may have forgotten it. Milliseconds. */
const GIVEN_UP_MS = 3_600_000;

/** How many finished objects are remembered until the next HAVE, so that a doubled part does not open one again. */
const DONE_MAX = 64;

/** Puts frames together from their parts, in whatever order and however often these come. Bounded: what has not been touched for
 *  longest gives way, and is sent again. */
export class Assembly {
  readonly #suite: Sha256;
  readonly #open: Map<Digest, Open> = new Map();
  readonly #done: Set<Digest> = new Set();
  #bytes = 0;

  constructor(suite: Sha256) {
    this.#suite = suite;
  }

  /** The whole object when this was its last missing part. */
  take({ object, size, offset, bytes }: PartFrame, now: UnixMillis): Result<Uint8Array | undefined> {
    if (this.#done.has(object)) return ok(undefined);
    if (size > limits.frameBytesMax) return refuse("oversized", `a frame of ${size} bytes in parts`);
    const known = this.#open.get(object);
    if (known !== undefined && known.bytes.length !== size) return refuse("malformed", "parts of one object name two sizes");
    const open = known ?? this.#begin(size, now);
    open.touchedAt = now;
    this.#open.delete(object);
    this.#open.set(object, open);
    const ranges = withRange(open.ranges, { from: offset, to: offset + bytes.length });
    if (missingRanges(ranges, size).length > limits.openRangesMax) return ok(undefined);
    open.ranges = ranges;
    open.bytes.set(bytes, offset);
    if (missingRanges(ranges, size).length > 0) return ok(undefined);
    this.#drop(object);
    if (toHex(this.#suite.sha256(open.bytes)) !== object) return refuse("malformed", "parts do not give the object they name");
    this.#finished(object);
    return ok(open.bytes);
  }

  /** We say what we have: whatever is sent from now on is wanted, also an object that came and could not be used then. */
  said(): void {
    this.#done.clear();
  }

  /** What is being put together, and the bytes that are missing. */
  open(now: UnixMillis): readonly OpenObject[] {
    for (const [object, { touchedAt }] of this.#open) if (now - touchedAt >= GIVEN_UP_MS) this.#drop(object);
    return [...this.#open].map(([object, { ranges, bytes }]) => ({ object, missing: missingRanges(ranges, bytes.length) }));
  }

  #begin(size: number, now: UnixMillis): Open {
    for (const [oldest] of this.#open) {
      if (this.#open.size < limits.openObjectsMax / 2 && this.#bytes + size <= limits.assemblyBytesMax) break;
      this.#drop(oldest);
    }
    this.#bytes += size;
    return { bytes: new Uint8Array(size), ranges: [], touchedAt: now };
  }

  #drop(object: Digest): void {
    this.#bytes -= this.#open.get(object)?.bytes.length ?? 0;
    this.#open.delete(object);
  }

  #finished(object: Digest): void {
    this.#done.add(object);
    const [oldest] = this.#done;
    if (this.#done.size > DONE_MAX && oldest !== undefined) this.#done.delete(oldest);
  }
}
