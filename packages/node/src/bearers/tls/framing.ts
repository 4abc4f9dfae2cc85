import { type Result, ok, refuse } from "@openline/core";
import { tlsLimits } from "./limits.ts";

/** What travels inside TLS: frames, and how many bytes of frames have come, counted back to their sender. The header is 4 bytes:
 *  a frame's length, or with the top bit set the low 31 bits of the count. A count of what has come is also the keep-alive.
 *  Source: docs/spec/bearers.md §4. */
export type Framed = { readonly is: "frame"; readonly bytes: Uint8Array } | { readonly is: "count"; readonly count: number };

const COUNT = 0x8000_0000;
const HEADER_BYTES = 4;
/** Counts go round at this value. */
export const countModulus: number = COUNT;

export function frameHeader(length: number): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(length);
  return header;
}

export function encodeCount(total: number): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(COUNT + (total % COUNT));
  return header;
}

/** Set aside for a frame that has begun; it grows as bytes come, and is never more than twice as much as has come. */
const FIRST_BYTES = 1024;

/** Reads a stream of bytes that come in pieces of any size. */
export class FrameReader {
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerHas = 0;
  #body: Uint8Array = new Uint8Array(0);
  #wanted: number | undefined;
  #has = 0;

  /** A frame has begun and is not whole. */
  get inFrame(): boolean {
    return this.#headerHas > 0 || this.#wanted !== undefined;
  }

  /** What has become whole with these bytes. A length above the limit is refused: nothing after it can be read. */
  take(chunk: Uint8Array): Result<readonly Framed[]> {
    const out: Framed[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#wanted !== undefined) {
        rest = this.#takeBody(rest, this.#wanted);
        if (this.#has === this.#wanted) out.push({ is: "frame", bytes: this.#whole() });
        continue;
      }
      const taken = rest.subarray(0, HEADER_BYTES - this.#headerHas);
      this.#header.set(taken, this.#headerHas);
      this.#headerHas += taken.length;
      rest = rest.subarray(taken.length);
      if (this.#headerHas < HEADER_BYTES) break;
      this.#headerHas = 0;
      const value = this.#header.readUInt32BE();
      if (value >= COUNT) out.push({ is: "count", count: value - COUNT });
      else if (value === 0 || value > tlsLimits.frameBytesMax) return refuse("oversized", `a frame of ${value} bytes`);
      else this.#wanted = value;
    }
    return ok(out);
  }

  /** Copies what belongs to the frame and returns the rest. Pieces are not kept: many small ones would hold far more than they say. */
  #takeBody(bytes: Uint8Array, wanted: number): Uint8Array {
    const taken = bytes.subarray(0, wanted - this.#has);
    const needed = this.#has + taken.length;
    if (needed > this.#body.length) {
      const grown = new Uint8Array(Math.min(wanted, Math.max(needed, this.#body.length * 2, FIRST_BYTES)));
      grown.set(this.#body.subarray(0, this.#has));
      this.#body = grown;
    }
    this.#body.set(taken, this.#has);
    this.#has = needed;
    return bytes.subarray(taken.length);
  }

  #whole(): Uint8Array {
    const bytes = this.#body.subarray(0, this.#has);
    this.#body = new Uint8Array(0);
    this.#wanted = undefined;
    this.#has = 0;
    return bytes;
  }
}
