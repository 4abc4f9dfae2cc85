import { RefusedInput } from "../errors.ts";
import { limits } from "../limits.ts";
import { fromUtf8 } from "./bytes.ts";
import type { Cbor } from "./cbor.ts";

/** The value of bytes that are the deterministic encoding (RFC 8949 §4.2.1) of one value without floats, tags or undefined;
 *  every other byte string is refused. Checks and decodes in one walk; byte strings of the value are views of `bytes`.
 *  Why our own: docs/decisions/0002-deterministic-check.md. Throws `RefusedInput`. */
export function readDeterministic(bytes: Uint8Array): Cbor {
  const reader = new Reader(bytes);
  const value = reader.item(0);
  reader.end();
  return value;
}

/** Texts up to this many bytes are mostly short ASCII words, which are put together faster than a text codec is called. */
const SHORT_TEXT_BYTES = 16;

/** Nearly every list is this short, and is given its room at once. What a longer one claims is not believed before it is read. */
const FEW_ITEMS = 16;

/** The least number that a head with 1, 2, 4 or 8 bytes more is needed for. */
const LEAST: readonly number[] = [24, 0x100, 0x1_0000, 0x1_0000_0000];

const NO_PAIRS: ReadonlyMap<number | string, Cbor> = new Map();

class Reader {
  readonly #bytes: Uint8Array;
  /** Asking an array for its buffer costs as much as making the view of it. */
  readonly #buffer: ArrayBufferLike;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#buffer = bytes.buffer;
  }

  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left !== 0) throw new RefusedInput("truncated", `${left} bytes after the end`);
  }

  item(depth: number): Cbor {
    if (depth > limits.cborDepthMax) throw new RefusedInput("oversized", `nested deeper than ${limits.cborDepthMax}`);
    const start = this.#at;
    const initial = this.#bytes[start];
    if (initial === undefined) throw new RefusedInput("truncated", `nothing at byte ${start}`);
    const major = initial >> 5;
    if (major === 7) return this.#simple(initial);
    if (major === 6) throw new RefusedInput("malformed", `tag at byte ${start}`);
    const argument = this.#argument(initial);
    if (major === 0) return argument;
    if (major === 1) return -1 - argument;
    if (major === 4) return this.#items(argument, depth);
    if (major === 5) return this.#pairs(argument, depth);
    const next = this.#at;
    if (argument > this.#bytes.length - next) throw new RefusedInput("truncated", `string of ${argument} bytes at byte ${start}`);
    this.#at = next + argument;
    return major === 2 ? this.#view(next, argument) : this.#text(next, argument);
  }

  #simple(initial: number): boolean | null {
    if (initial < 0xf4 || initial > 0xf6) throw new RefusedInput("malformed", `float, undefined or simple value at byte ${this.#at}`);
    this.#at++;
    return initial === 0xf6 ? null : initial === 0xf5;
  }

  /** The number in a head: a value, a length or a count. */
  #argument(initial: number): number {
    const size = initial & 31;
    if (size < 24) {
      this.#at++;
      return size;
    }
    const start = this.#at;
    if (size > 27) throw new RefusedInput("non-canonical", `indefinite or reserved length at byte ${start}`);
    const length = 1 << (size - 24);
    if (start + 1 + length > this.#bytes.length) throw new RefusedInput("truncated", `head at byte ${start}`);
    let value = 0;
    for (let i = 1; i <= length; i++) value = value * 256 + (this.#bytes[start + i] ?? 0);
    if (value < (LEAST[size - 24] ?? 0)) throw new RefusedInput("non-canonical", `number longer than needed at byte ${start}`);
    // A negative integer is −1 − value, so its bound is one tighter.
    const most = initial >> 5 === 1 ? Number.MAX_SAFE_INTEGER - 1 : Number.MAX_SAFE_INTEGER;
    if (value > most) throw new RefusedInput("malformed", `number beyond 2^53 at byte ${start}`);
    this.#at = start + 1 + length;
    return value;
  }

  #items(count: number, depth: number): readonly Cbor[] {
    // The rule asks what the argument is: it is the length.
    // oxlint-disable-next-line unicorn/no-new-array
    const list = new Array<Cbor>(Math.min(count, FEW_ITEMS));
    for (let i = 0; i < count; i++) list[i] = this.item(depth + 1);
    return list;
  }

  #pairs(count: number, depth: number): ReadonlyMap<number | string, Cbor> {
    if (count === 0) return NO_PAIRS;
    const map = new Map<number | string, Cbor>();
    let before = 0;
    let beforeEnd = 0;
    for (let i = 0; i < count; i++) {
      const start = this.#at;
      const key = this.#key(depth);
      if (i > 0 && this.#compare(before, beforeEnd, start) >= 0)
        throw new RefusedInput("unsorted", `map key at byte ${start} not after the one before`);
      before = start;
      beforeEnd = this.#at;
      map.set(key, this.item(depth + 1));
    }
    return map;
  }

  #key(depth: number): number | string {
    const start = this.#at;
    const major = (this.#bytes[start] ?? 0) >> 5;
    const key = major === 0 || major === 1 || major === 3 ? this.item(depth + 1) : undefined;
    if (typeof key !== "number" && typeof key !== "string")
      throw new RefusedInput("malformed", `map key at byte ${start} is no integer or text`);
    return key;
  }

  /** Bytewise lexicographic order of the encoded key in `[a, aEnd)` and of the one from `b` to here, RFC 8949 §4.2.1. */
  #compare(a: number, aEnd: number, b: number): number {
    const length = Math.min(aEnd - a, this.#at - b);
    for (let i = 0; i < length; i++) {
      const difference = (this.#bytes[a + i] ?? 0) - (this.#bytes[b + i] ?? 0);
      if (difference !== 0) return difference;
    }
    return aEnd - a - (this.#at - b);
  }

  /** A view and never a `Buffer`, also of one. */
  #view(start: number, length: number): Uint8Array {
    return new Uint8Array(this.#buffer, this.#bytes.byteOffset + start, length);
  }

  #text(start: number, length: number): string {
    if (length > SHORT_TEXT_BYTES) return this.#codecText(start, length);
    let text = "";
    for (let i = start; i < start + length; i++) {
      const byte = this.#bytes[i] ?? 0;
      if (byte > 0x7f) return this.#codecText(start, length);
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #codecText(start: number, length: number): string {
    try {
      return fromUtf8(this.#view(start, length));
    } catch {
      throw new RefusedInput("malformed", `text at byte ${start} is not UTF-8`);
    }
  }
}
