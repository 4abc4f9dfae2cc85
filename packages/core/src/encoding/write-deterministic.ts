import { utf8 } from "./bytes.ts";
import type { Cbor, CborMap } from "./cbor.ts";

/** Stands for the byte string of its value's encoding, as CBOR inside CBOR is written. */
export class Embedded {
  readonly value: Cbor;

  constructor(value: Cbor) {
    this.value = value;
  }
}

export type Written = Cbor | readonly (Cbor | Embedded)[];

/** The deterministic encoding (RFC 8949 §4.2.1) of `value`, in memory of its own. Why our own: docs/decisions/0002-deterministic-check.md.
 *  Throws `RangeError` for a number that is not whole or beyond ±(2^53 − 1): the input is our own. */
export function writeDeterministic(value: Written): Uint8Array {
  const writer = new Writer();
  writer.item(value);
  return writer.bytes();
}

/** Nearly everything fits in here. What is written in it is copied out before the next value begins. */
const room = new Uint8Array(65_536);

/** Texts up to this many bytes are mostly short ASCII words, which are written faster than a text codec is called. */
const SHORT_TEXT = 32;

/** Bytes of the longest head of an item. */
const HEAD_MAX = 9;

class Writer {
  #room = room;
  #at = 0;

  bytes(): Uint8Array {
    return this.#room.slice(0, this.#at);
  }

  item(value: Written | Embedded): void {
    if (typeof value === "number") this.#number(value);
    else if (typeof value === "string") this.#text(value);
    else if (value instanceof Uint8Array) this.#string(2, value);
    else if (value === null || typeof value === "boolean") this.#byte(value === null ? 0xf6 : value ? 0xf5 : 0xf4);
    else if (value instanceof Map) this.#pairs(value);
    else if (value instanceof Embedded) this.#embedded(value.value);
    else this.#items(value as readonly (Cbor | Embedded)[]);
  }

  #number(value: number): void {
    if (!Number.isSafeInteger(value)) throw new RangeError(`whole number below 2^53 expected, not ${value}`);
    if (value >= 0) this.#head(0, value);
    else this.#head(1, -1 - value);
  }

  #text(text: string): void {
    if (!this.#shortAscii(text)) this.#string(3, utf8(text));
  }

  /** Writes a text of a few ASCII characters; `false`, and nothing written, for any other. */
  #shortAscii(text: string): boolean {
    if (text.length > SHORT_TEXT) return false;
    const start = this.#at;
    this.#head(3, text.length);
    this.#fit(text.length);
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) {
        this.#at = start;
        return false;
      }
      this.#room[this.#at++] = code;
    }
    return true;
  }

  #string(major: 2 | 3, bytes: Uint8Array): void {
    this.#head(major, bytes.length);
    this.#fit(bytes.length);
    this.#room.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Written behind room for the longest head, then moved to the end of its own, whose length is known only now. */
  #embedded(value: Cbor): void {
    const start = this.#at;
    const from = start + HEAD_MAX;
    this.#at = from;
    this.item(value);
    const end = this.#at;
    this.#at = start;
    this.#head(2, end - from);
    this.#room.copyWithin(this.#at, from, end);
    this.#at += end - from;
  }

  #items(list: readonly (Cbor | Embedded)[]): void {
    this.#head(4, list.length);
    for (const item of list) this.item(item);
  }

  #pairs(map: CborMap): void {
    this.#head(5, map.size);
    for (const [key, item] of inOrder(map)) {
      this.item(key);
      this.item(item);
    }
  }

  /** The head of an item, in as few bytes as its argument needs. */
  #head(major: number, argument: number): void {
    const first = major << 5;
    if (argument < 24) this.#byte(first | argument);
    else if (argument < 0x100) this.#argument(first | 24, argument, 1);
    else if (argument < 0x10000) this.#argument(first | 25, argument, 2);
    else if (argument < 0x1_0000_0000) this.#argument(first | 26, argument, 4);
    else this.#argument(first | 27, argument, 8);
  }

  #argument(first: number, argument: number, length: number): void {
    this.#byte(first);
    this.#fit(length);
    this.#at += length;
    for (let i = 1, rest = argument; i <= length; i++, rest = Math.floor(rest / 256)) this.#room[this.#at - i] = rest % 256;
  }

  #byte(byte: number): void {
    this.#fit(1);
    this.#room[this.#at++] = byte;
  }

  #fit(count: number): void {
    if (this.#at + count <= this.#room.length) return;
    const larger = new Uint8Array(2 * (this.#at + count));
    larger.set(this.#room.subarray(0, this.#at));
    this.#room = larger;
  }
}

/** In bytewise order of the encoded keys: whole numbers from 0 up, then those from −1 down, then texts, the shorter first. Most maps
 *  are made in that order. */
function inOrder(map: CborMap): Iterable<readonly [number | string, Cbor]> {
  let before: number | string | undefined;
  for (const key of map.keys()) {
    if (before !== undefined && order(before, key) > 0) return [...map].sort(([a], [b]) => order(a, b));
    before = key;
  }
  return map;
}

function order(a: number | string, b: number | string): number {
  if (typeof a === "string") return typeof b === "string" ? textOrder(a, b) : 1;
  if (typeof b === "string") return -1;
  return a >= 0 && b >= 0 ? a - b : b - a;
}

function textOrder(a: string, b: string): number {
  const [first, second] = [utf8(a), utf8(b)];
  const at = first.findIndex((byte, i) => byte !== second[i]);
  return first.length - second.length || (at < 0 ? 0 : (first[at] ?? 0) - (second[at] ?? 0));
}
