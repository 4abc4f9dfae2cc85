import { type Result, ok, refuse } from "@openline/core";
import { tlsLimits } from "./limits.ts";

/** What travels inside TLS: frames, and how many bytes of frames have come, counted back to their sender. The header is 4 bytes:
 *  a frame's length, or with the top bit set the low 31 bits of the count. A count of what has come is also the keep-alive.
 *  Source: docs/spec/bearers.md §3. */
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

/** Reads a stream of bytes that come in pieces of any size. Nothing is set aside for a frame before its bytes have come. */
export class FrameReader {
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerHas = 0;
  #parts: Uint8Array[] = [];
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
      if (this.#wanted === undefined) {
        const taken = Math.min(HEADER_BYTES - this.#headerHas, rest.length);
        this.#header.set(rest.subarray(0, taken), this.#headerHas);
        this.#headerHas += taken;
        rest = rest.subarray(taken);
        if (this.#headerHas < HEADER_BYTES) break;
        this.#headerHas = 0;
        const value = this.#header.readUInt32BE();
        if (value >= COUNT) out.push({ is: "count", count: value - COUNT });
        else if (value === 0 || value > tlsLimits.frameBytesMax) return refuse("oversized", `a frame of ${value} bytes`);
        else this.#wanted = value;
      } else {
        const taken = rest.subarray(0, this.#wanted - this.#has);
        this.#parts.push(taken);
        this.#has += taken.length;
        rest = rest.subarray(taken.length);
        if (this.#has === this.#wanted) out.push({ is: "frame", bytes: this.#whole() });
      }
    }
    return ok(out);
  }

  #whole(): Uint8Array {
    const bytes = new Uint8Array(Buffer.concat(this.#parts));
    this.#parts = [];
    this.#wanted = undefined;
    this.#has = 0;
    return bytes;
  }
}
