import { concatBytes } from "../encoding/bytes.ts";
import type { KemSuite } from "./suite.ts";

/** HKDF of RFC 5869 with SHA-256. */

type Hmac = Pick<KemSuite, "hmacSha256">;

/** HKDF-Extract, §2.2: 32 bytes. */
export const hkdfExtract = (suite: Hmac, salt: Uint8Array, ikm: Uint8Array): Uint8Array => suite.hmacSha256(salt, ikm);

/** HKDF-Expand, §2.3: `length` bytes, at most 8,160. */
export function hkdfExpand(suite: Hmac, prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  if (!Number.isInteger(length) || length < 0 || length > expandBytesMax)
    throw new RangeError(`0 to ${expandBytesMax} bytes expected, not ${length}`);
  const out = new Uint8Array(length);
  let block: Uint8Array = new Uint8Array(0);
  for (let at = 0, count = 1; at < length; at += hashBytes, count++) {
    block = suite.hmacSha256(prk, concatBytes(block, info, Uint8Array.of(count)));
    out.set(block.subarray(0, Math.min(hashBytes, length - at)), at);
  }
  return out;
}

const hashBytes = 32;
/** HKDF counts its blocks in one byte. */
const expandBytesMax = 255 * hashBytes;
