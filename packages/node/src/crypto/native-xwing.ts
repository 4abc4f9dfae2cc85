import { createHash, decapsulate, diffieHellman } from "node:crypto";
import { concatBytes, lowOrderX25519, utf8 } from "@openline/core";
import { nobleSuite } from "@openline/verify";
import { mlkem768Kind, publicKeyObject, rawPublic, secretKeyObject, x25519Kind } from "./native-keys.ts";

/** X-Wing of draft-connolly-cfrg-xwing-kem on OpenSSL's ML-KEM-768, X25519, SHAKE-256 and SHA3-256.
 *
 *  Encapsulation is noble's: OpenSSL through Node draws its own coins for ML-KEM, and the port promises that equal coins give equal
 *  bytes, so that a seeded simulation repeats. It runs once an epoch and peer. */

export function xwingPublic(seed: Uint8Array): Uint8Array {
  const { mlkemSeed, x25519Seed } = expand(seed);
  const mlkem = rawPublic(mlkem768Kind, secretKeyObject(mlkem768Kind, mlkemSeed));
  return concatBytes(mlkem, rawPublic(x25519Kind, secretKeyObject(x25519Kind, x25519Seed)));
}

export function xwingEncapsulate(
  publicKey: Uint8Array,
  coins: Uint8Array,
): { readonly shared: Uint8Array; readonly ciphertext: Uint8Array } {
  return nobleSuite.xwingEncapsulate(publicKey, coins);
}

export function xwingDecapsulate(seed: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined {
  const { mlkemSeed, x25519Seed } = expand(seed);
  if (ciphertext.length !== ciphertextBytes) return undefined;
  const theirs = ciphertext.subarray(mlkemCiphertextBytes);
  if (lowOrderX25519(theirs)) return undefined;
  const mlkemShared = decapsulate(secretKeyObject(mlkem768Kind, mlkemSeed), ciphertext.subarray(0, mlkemCiphertextBytes));
  const x25519Key = secretKeyObject(x25519Kind, x25519Seed);
  const x25519Shared = diffieHellman({ privateKey: x25519Key, publicKey: publicKeyObject(x25519Kind, theirs) });
  const combined = [mlkemShared, x25519Shared, theirs, rawPublic(x25519Kind, x25519Key), label];
  return new Uint8Array(createHash("sha3-256").update(Buffer.concat(combined)).digest());
}

/** expandDecapsulationKey of the draft, §5.2. */
function expand(seed: Uint8Array): { readonly mlkemSeed: Uint8Array; readonly x25519Seed: Uint8Array } {
  if (seed.length !== 32) throw new RangeError(`X-Wing seed of 32 bytes expected, not ${seed.length}`);
  const expanded = createHash("shake256", { outputLength: 96 }).update(seed).digest();
  return { mlkemSeed: expanded.subarray(0, 64), x25519Seed: expanded.subarray(64) };
}

const mlkemCiphertextBytes = 1088;
const ciphertextBytes = 1120;
const label = utf8("\\.//^\\");
