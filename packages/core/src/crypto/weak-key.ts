import { fromHex, toHex } from "../encoding/bytes.ts";
import { fieldPrime, groupOrder, isIdentity, multiply, pointOf } from "./edwards25519.ts";

/** Why a public key must not be enrolled: each function returns the reason, or `undefined` for a key that may be.
 *  Implementations of Ed25519 disagree on keys that these refuse, so evidence signed with one would be no evidence.
 *  They judge the key only; whether it is new and held by who shows it is judged elsewhere. Source: docs/spec/crypto.md §4. */

/** `publicKey` as RFC 8032 §5.1.2 writes it. Costs milliseconds: for enrolment, not for each signature. */
export function weakEd25519Key(publicKey: Uint8Array): string | undefined {
  if (publicKey.length !== 32) return `Ed25519 key of ${publicKey.length} bytes, not 32`;
  const encoded = littleEndian(publicKey);
  const y = encoded & yMask;
  if (y >= fieldPrime) return "Ed25519 key with a y that is not canonical";
  const point = pointOf(y, encoded !== y);
  if (point === undefined) return "Ed25519 key not on the curve";
  if (isIdentity(multiply(point, 8n))) return "Ed25519 key of small order";
  if (!isIdentity(multiply(point, groupOrder))) return "Ed25519 key with a torsion component";
  return undefined;
}

/** What every verification asks of the key and of R: 32 bytes, y canonical, not of small order. No curve arithmetic, because the
 *  eight points of small order have five values of y. Verifiers differ here (Node refuses an R of small order, noble does not);
 *  with this rule in front they agree on every signature. */
export function strictEd25519Point(encoded: Uint8Array): boolean {
  return encoded.length === 32 && !isAtOrAbovePrime(encoded) && !smallOrderY.some((y) => hasY(encoded, y));
}

/** 2^255 − 19 in little-endian is ed, thirty times ff, 7f. The top bit is the sign of x. */
function isAtOrAbovePrime(encoded: Uint8Array): boolean {
  if ((encoded[0] ?? 0) < 0xed || (encoded[31] ?? 0) % 128 !== 127) return false;
  for (let i = 1; i < 31; i++) if (encoded[i] !== 255) return false;
  return true;
}

function hasY(encoded: Uint8Array, y: Uint8Array): boolean {
  for (let i = 0; i < 31; i++) if (encoded[i] !== y[i]) return false;
  return (encoded[31] ?? 0) % 128 === y[31];
}

/** `publicKey` as SEC1 §2.3.3 writes it, uncompressed. Every point of P-256 has the full order. */
export function weakP256Key(publicKey: Uint8Array): string | undefined {
  if (publicKey.length !== 65) return `P-256 key of ${publicKey.length} bytes, not 65`;
  if (publicKey[0] !== 4) return "P-256 key that is not uncompressed";
  const x = bigEndian(publicKey.subarray(1, 33));
  const y = bigEndian(publicKey.subarray(33));
  if (x >= p256Prime || y >= p256Prime) return "P-256 key with a coordinate that is not canonical";
  if ((y * y - (x * x * x - 3n * x + p256B)) % p256Prime !== 0n) return "P-256 key not on the curve";
  return undefined;
}

/** Every string of the right length is an ML-DSA-44 public key (FIPS 204 algorithm 23). */
export function weakMldsa44Key(publicKey: Uint8Array): string | undefined {
  return publicKey.length === 1312 ? undefined : `ML-DSA-44 key of ${publicKey.length} bytes, not 1312`;
}

/** An X-Wing key is an ML-KEM-768 key (1,184 bytes, checked as FIPS 203 §7.2 asks) and an X25519 key (32 bytes). */
export function weakXwingKey(publicKey: Uint8Array): string | undefined {
  if (publicKey.length !== 1216) return `X-Wing key of ${publicKey.length} bytes, not 1216`;
  for (let at = 0; at < 1152; at += 3) {
    const [a, b, c] = [publicKey[at] ?? 0, publicKey[at + 1] ?? 0, publicKey[at + 2] ?? 0];
    if ((a | ((b & 15) << 8)) >= mlkemModulus || ((b >> 4) | (c << 4)) >= mlkemModulus)
      return "X-Wing key with an ML-KEM coefficient that is not canonical";
  }
  const u = littleEndian(publicKey.subarray(1184));
  if (u >= fieldPrime) return "X-Wing key with an X25519 half that is not canonical";
  if (lowOrderU.has(u)) return "X-Wing key with an X25519 half of low order";
  return undefined;
}

/** Whether X25519 with `publicKey` (32 bytes) gives the all-zero secret, whatever the other key. RFC 7748 §5: the top bit is
 *  ignored and u is taken modulo 2^255 − 19. */
export function lowOrderX25519(publicKey: Uint8Array): boolean {
  return lowOrderU.has((littleEndian(publicKey) & yMask) % fieldPrime);
}

const yMask = 2n ** 255n - 1n;
const mlkemModulus = 3329;
const p256Prime = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const p256B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

const order8Y = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
/** In little-endian, compared byte for byte: a bigint for each signature would cost a tenth of verifying it. */
const smallOrderY: readonly Uint8Array[] = [0n, 1n, fieldPrime - 1n, order8Y, fieldPrime - order8Y].map((y) =>
  fromHex(y.toString(16).padStart(64, "0")).toReversed(),
);

/** A point of order 8 has u = (1 + y)/(1 − y); the others have 0, 1 and −1 (the last on the twist). */
const lowOrderU: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  fieldPrime - 1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
]);

const bigEndian = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes)}`);
const littleEndian = (bytes: Uint8Array): bigint => bigEndian(bytes.toReversed());
