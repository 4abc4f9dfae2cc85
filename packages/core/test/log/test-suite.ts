import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { Suite } from "../../src/index.ts";

/** The part of the port that log tests need, on node:crypto. Everything else is absent, so that a test that strays says so. */
const ED25519_PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex");
const MLDSA44_PKCS8 = Buffer.from("3034020100300b060960864801650304031104228020", "hex");
const MLDSA44_SPKI = Buffer.from("30820532300b06096086480165030403110382052100", "hex");

const secretKey = (prefix: Buffer, seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([prefix, seed]), format: "der", type: "pkcs8" });
const publicOf = (prefix: Buffer, seed: Uint8Array, length: number): Uint8Array =>
  new Uint8Array(createPublicKey(secretKey(prefix, seed)).export({ format: "der", type: "spki" })).slice(-length);

function verifyWith(prefix: Buffer, publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(null, message, createPublicKey({ key: Buffer.concat([prefix, publicKey]), format: "der", type: "spki" }), signature);
  } catch {
    return false;
  }
}

const partial: Partial<Suite> = {
  sha256: (data) => new Uint8Array(createHash("sha256").update(data).digest()),
  ed25519Public: (seed) => publicOf(ED25519_PKCS8, seed, 32),
  signEd25519: (seed, message) => new Uint8Array(sign(null, message, secretKey(ED25519_PKCS8, seed))),
  verifyEd25519: (key, message, signature) => verifyWith(ED25519_SPKI, key, message, signature),
  mldsa44Public: (seed) => publicOf(MLDSA44_PKCS8, seed, 1312),
  signMldsa44: (seed, message) => new Uint8Array(sign(null, message, secretKey(MLDSA44_PKCS8, seed))),
  verifyMldsa44: (key, message, signature) => verifyWith(MLDSA44_SPKI, key, message, signature),
};

export const testSuite = partial as Suite;
export const seedOf = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
