import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { ml_kem768_x25519 } from "@noble/post-quantum/hybrid.js";
import { ml_dsa44 } from "@noble/post-quantum/ml-dsa.js";
import {
  concatBytes,
  equalBytes,
  type KemSuite,
  lowOrderX25519,
  type SignSuite,
  strictEd25519Point,
  type VerifySuite,
  weakXwingKey,
} from "@openline/core";

/** The port in plain JavaScript, for a browser and as second opinion to OpenSSL. It has no AES-GCM: nothing that a reader of a record
 *  checks is sealed. Its signing is not constant in time. Source: docs/spec/crypto.md. */
export const nobleSuite: VerifySuite & SignSuite & KemSuite = {
  sha256: (data) => sha256(data),
  verifyEd25519,
  verifyMldsa44(publicKey, message, signature, context = noBytes) {
    if (publicKey.length !== 1312 || signature.length !== 2420 || context.length > 255) return false;
    return ml_dsa44.verify(signature, message, publicKey, { context });
  },
  verifyEs256(publicKey, message, signature) {
    if (publicKey.length !== 65 || publicKey[0] !== 4) return false;
    return quietly(() => p256.verify(signature, message, publicKey, { lowS: false, prehash: true, format: "der" }));
  },
  ed25519Public: (seed) => ed25519.getPublicKey(sized(seed, 32, "Ed25519 seed")),
  signEd25519: (seed, message) => ed25519.sign(message, sized(seed, 32, "Ed25519 seed")),
  mldsa44Public: (seed) => ml_dsa44.keygen(sized(seed, 32, "ML-DSA-44 seed")).publicKey,
  signMldsa44(seed, message, context = noBytes) {
    if (context.length > 255) throw new RangeError(`ML-DSA context of at most 255 bytes expected, not ${context.length}`);
    const { secretKey } = ml_dsa44.keygen(sized(seed, 32, "ML-DSA-44 seed"));
    return ml_dsa44.sign(message, secretKey, { context, extraEntropy: false });
  },
  hmacSha256: (key, data) => hmac(sha256, key, data),
  xwingPublic: (seed) => ml_kem768_x25519.keygen(sized(seed, 32, "X-Wing seed")).publicKey,
  xwingEncapsulate(publicKey, coins) {
    const weak = weakXwingKey(publicKey);
    if (weak !== undefined) throw new RangeError(weak);
    const { sharedSecret, cipherText } = ml_kem768_x25519.encapsulate(publicKey, sized(coins, 64, "X-Wing coins"));
    return { shared: sharedSecret, ciphertext: cipherText };
  },
  xwingDecapsulate(seed, ciphertext) {
    sized(seed, 32, "X-Wing seed");
    if (ciphertext.length !== 1120 || lowOrderX25519(ciphertext.subarray(1088))) return undefined;
    return ml_kem768_x25519.decapsulate(ciphertext, seed);
  },
};

/** RFC 8032 §5.1.7 without the cofactor. noble's own `verify` multiplies by the cofactor, so that it accepts an R with a torsion
 *  component where OpenSSL does not: its author could then make an act that is signed for one reader and not for another. */
function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  const encodedR = signature.subarray(0, 32);
  if (!strictEd25519Point(publicKey) || !strictEd25519Point(encodedR)) return false;
  return quietly(() => {
    const { Point } = ed25519;
    const s = Point.Fn.fromBytes(signature.subarray(32));
    const k = Point.Fn.create(littleEndian(sha512(concatBytes(encodedR, publicKey, message))));
    const r = Point.BASE.multiplyUnsafe(s).subtract(Point.fromBytes(publicKey).multiplyUnsafe(k));
    return equalBytes(r.toBytes(), encodedR);
  });
}

/** noble throws where bytes are no key, no scalar and no signature; here each of them is one that does not verify. */
function quietly(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}

function sized(bytes: Uint8Array, count: number, what: string): Uint8Array {
  if (bytes.length !== count) throw new RangeError(`${what} of ${count} bytes expected, not ${bytes.length}`);
  return bytes;
}

const littleEndian = (bytes: Uint8Array): bigint => bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
const noBytes = new Uint8Array(0);
