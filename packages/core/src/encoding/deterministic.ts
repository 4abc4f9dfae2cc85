import { RefusedInput } from "../errors.ts";
import { limits } from "../limits.ts";
import { fromUtf8 } from "./bytes.ts";

/** Refuses every byte string that is not the deterministic encoding (RFC 8949 §4.2.1) of one value without floats,
 *  tags or undefined. One walk over the bytes; it agrees with "decode, encode again, compare" and costs a quarter of it
 *  (docs/decisions/0002-deterministic-check.md). Throws `RefusedInput`. */
export function checkDeterministic(bytes: Uint8Array): void {
  const end = item(bytes, 0, 0);
  if (end !== bytes.length) throw new RefusedInput("truncated", `${bytes.length - end} bytes after the end`);
}

/** Checks the item at `at`; returns where it ends. */
function item(bytes: Uint8Array, at: number, depth: number): number {
  if (depth > limits.cborDepthMax) throw new RefusedInput("oversized", `nested deeper than ${limits.cborDepthMax}`);
  const initial = bytes[at];
  if (initial === undefined) throw new RefusedInput("truncated", `nothing at byte ${at}`);
  const major = initial >> 5;
  if (major === 7) return simple(initial, at);
  if (major === 6) throw new RefusedInput("malformed", `tag at byte ${at}`);
  const next = at + headLength(initial, at);
  const argument = headArgument(bytes, at, initial);
  if (major <= 1) return next;
  if (major === 4) return items(bytes, next, argument, depth);
  if (major === 5) return pairs(bytes, next, argument, depth);
  if (argument > bytes.length - next) throw new RefusedInput("truncated", `string of ${argument} bytes at byte ${at}`);
  if (major === 3) text(bytes.subarray(next, next + argument), at);
  return next + argument;
}

function simple(initial: number, at: number): number {
  if (initial < 0xf4 || initial > 0xf6) throw new RefusedInput("malformed", `float, undefined or simple value at byte ${at}`);
  return at + 1;
}

function headLength(initial: number, at: number): number {
  const size = initial & 31;
  if (size < 24) return 1;
  if (size > 27) throw new RefusedInput("non-canonical", `indefinite or reserved length at byte ${at}`);
  return 1 + 2 ** (size - 24);
}

function headArgument(bytes: Uint8Array, at: number, initial: number): number {
  const size = initial & 31;
  if (size < 24) return size;
  const length = 2 ** (size - 24);
  if (at + 1 + length > bytes.length) throw new RefusedInput("truncated", `head at byte ${at}`);
  let value = 0;
  for (let i = 1; i <= length; i++) value = value * 256 + (bytes[at + i] ?? 0);
  const least = size === 24 ? 24 : 2 ** (length * 4);
  if (value < least) throw new RefusedInput("non-canonical", `number longer than needed at byte ${at}`);
  // A negative integer is −1 − value, so its bound is one tighter.
  const most = initial >> 5 === 1 ? Number.MAX_SAFE_INTEGER - 1 : Number.MAX_SAFE_INTEGER;
  if (value > most) throw new RefusedInput("malformed", `number beyond 2^53 at byte ${at}`);
  return value;
}

function items(bytes: Uint8Array, start: number, count: number, depth: number): number {
  let at = start;
  for (let i = 0; i < count; i++) at = item(bytes, at, depth + 1);
  return at;
}

function pairs(bytes: Uint8Array, start: number, count: number, depth: number): number {
  let at = start;
  let before: Uint8Array | undefined;
  for (let i = 0; i < count; i++) {
    const major = (bytes[at] ?? 0) >> 5;
    if (major !== 0 && major !== 1 && major !== 3) throw new RefusedInput("malformed", `map key at byte ${at} is no integer or text`);
    const end = item(bytes, at, depth + 1);
    const key = bytes.subarray(at, end);
    if (before !== undefined && compare(before, key) >= 0)
      throw new RefusedInput("unsorted", `map key at byte ${at} not after the one before`);
    before = key;
    at = item(bytes, end, depth + 1);
  }
  return at;
}

/** Bytewise lexicographic order of encoded keys, RFC 8949 §4.2.1. */
function compare(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function text(bytes: Uint8Array, at: number): void {
  for (const byte of bytes) if (byte > 0x7f) return wide(bytes, at);
}

function wide(bytes: Uint8Array, at: number): void {
  try {
    fromUtf8(bytes);
  } catch {
    throw new RefusedInput("malformed", `text at byte ${at} is not UTF-8`);
  }
}
