import { RefusedInput } from "../errors.ts";
import { limits } from "../limits.ts";

/** Bytes written as what both sides have already and what is new: copies out of a dictionary, and literals. The result is checked
 *  by whoever restores it, by leaf and root. Source: docs/spec/exchange.md §11. */

/** A copy shorter than this costs as much as it saves. */
const MATCH_MIN = 5;
const TABLE_BITS = 12;
const table = new Int32Array(1 << TABLE_BITS);

/** `bytes` as steps over `dictionary`. */
export function pack(dictionary: Uint8Array, bytes: Uint8Array): Uint8Array {
  index(dictionary);
  const out: number[] = [];
  let literal = 0;
  let at = 0;
  while (at < bytes.length) {
    const match = matchAt(dictionary, bytes, at);
    if (match.length < MATCH_MIN) {
      at++;
      continue;
    }
    flush(out, bytes.subarray(literal, at));
    number(out, match.length * 2 + 1);
    number(out, match.from);
    at += match.length;
    literal = at;
  }
  flush(out, bytes.subarray(literal));
  return Uint8Array.from(out);
}

/** What `pack` was given. Throws `RefusedInput`: `malformed`, or `oversized` above `max` bytes. */
export function unpack(dictionary: Uint8Array, packed: Uint8Array, max: number): Uint8Array {
  const out = new Uint8Array(Math.min(max, lengthOf(dictionary, packed, max)));
  const reader = new Reader(packed);
  let length = 0;
  while (!reader.done) {
    const step = reader.number();
    const count = Math.floor(step / 2);
    const from = step % 2 === 1 ? reader.number() : 0;
    out.set(step % 2 === 1 ? dictionary.subarray(from, from + count) : reader.bytes(count), length);
    length += count;
  }
  return out;
}

/** Walks the steps first, so that nothing is allocated for what is refused. */
function lengthOf(dictionary: Uint8Array, packed: Uint8Array, max: number): number {
  const reader = new Reader(packed);
  let length = 0;
  while (!reader.done) {
    const step = reader.number();
    const count = Math.floor(step / 2);
    if (count === 0) throw new RefusedInput("malformed", "packed: an empty step");
    if (step % 2 === 1 && reader.number() + count > dictionary.length)
      throw new RefusedInput("malformed", "packed: a copy from beyond the dictionary");
    if (step % 2 === 0) reader.bytes(count);
    length += count;
    if (length > max) throw new RefusedInput("oversized", `packed: more than ${max} bytes`);
  }
  return length;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** LEB128, at most four bytes. */
  number(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RefusedInput("truncated", "packed: ends inside a step");
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new RefusedInput("malformed", "packed: a number above its limit");
  }

  bytes(count: number): Uint8Array {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw new RefusedInput("truncated", "packed: ends inside a literal");
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}

function index(dictionary: Uint8Array): void {
  table.fill(-1);
  for (let i = 0; i + 4 <= dictionary.length; i++) table[slot(dictionary, i)] = i;
}

function slot(bytes: Uint8Array, at: number): number {
  const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
  return Math.imul(word, 0x9e3779b1) >>> (32 - TABLE_BITS);
}

function matchAt(dictionary: Uint8Array, bytes: Uint8Array, at: number): { readonly from: number; readonly length: number } {
  if (at + 4 > bytes.length) return { from: 0, length: 0 };
  const from = table[slot(bytes, at)] ?? -1;
  if (from < 0) return { from: 0, length: 0 };
  const most = Math.min(dictionary.length - from, bytes.length - at);
  let length = 0;
  while (length < most && dictionary[from + length] === bytes[at + length]) length++;
  return { from, length };
}

function flush(out: number[], literal: Uint8Array): void {
  if (literal.length === 0) return;
  number(out, literal.length * 2);
  for (const byte of literal) out.push(byte);
}

function number(out: number[], value: number): void {
  let rest = value;
  for (; rest > 127; rest >>>= 7) out.push((rest & 127) | 128);
  out.push(rest);
}

/** Longest thing that is packed; what is longer has little in common with what came before, and travels as it is. */
export const PACK_BYTES_MAX: number = limits.entryBytesMax;
