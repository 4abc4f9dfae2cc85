/** The one cryptography port. Two implementations are held to the same vectors: native libraries (`node`) and
 *  `@noble/*` (`verify`, also in a browser). Everything here is synchronous. Source: docs/spec/crypto.md.
 *
 *  Sizes in bytes: Ed25519 public 32, secret (seed) 32, signature 64 · ML-DSA-44 public 1,312, secret (seed) 32,
 *  signature 2,420 · X-Wing public 1,216, secret (seed) 32, ciphertext 1,120, shared 32. */

/** What a verifier needs. No function throws on bad input: a wrong signature, a wrong length and a bad key are `false`. */
export interface VerifySuite {
  /** SHA-256 of `data`, 32 bytes (FIPS 180-4). */
  sha256(data: Uint8Array): Uint8Array;
  /** RFC 8032 §5.1.7 without the cofactor: encode([S]B − [k]A) is R, byte for byte, S is below L, and neither key nor R is
   *  non-canonical or of small order (`strictEd25519Point`). At enrolment keys are held to `weakEd25519Key` besides. */
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** FIPS 204 ML-DSA.Verify with `context` (0-255 bytes, usually empty). */
  verifyMldsa44(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array, context?: Uint8Array): boolean;
  /** ECDSA P-256 with SHA-256, ASN.1 DER signature, SEC1 uncompressed public key (65 bytes): WebAuthn ES256.
   *  Low and high S both verify, as authenticators make both. */
  verifyEs256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** What a signer needs. Secrets are seeds, so that a key file is 32 bytes whatever the algorithm.
 *  These throw `RangeError` when a length is wrong: the input is our own. */
export interface SignSuite {
  ed25519Public(seed: Uint8Array): Uint8Array;
  signEd25519(seed: Uint8Array, message: Uint8Array): Uint8Array;
  mldsa44Public(seed: Uint8Array): Uint8Array;
  /** Deterministic ML-DSA.Sign (FIPS 204 §3.4, rnd = 0) with `context` (0-255 bytes, usually empty). */
  signMldsa44(seed: Uint8Array, message: Uint8Array, context?: Uint8Array): Uint8Array;
}

/** What the HPKE key schedule stands on (crypto/hpke.ts). */
export interface KemSuite {
  /** RFC 2104 with SHA-256, 32 bytes; a key of any length. */
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  xwingPublic(seed: Uint8Array): Uint8Array;
  /** X-Wing EncapsulateDerand: `coins` is 64 fresh random bytes. Throws `RangeError` for a wrong length and for a key that
   *  `weakXwingKey` names. */
  xwingEncapsulate(publicKey: Uint8Array, coins: Uint8Array): { readonly shared: Uint8Array; readonly ciphertext: Uint8Array };
  /** The ciphertext is a peer's: `undefined` when its length is wrong or its X25519 half is of low order. Any other wrong
   *  ciphertext gives another shared secret (FIPS 203 implicit rejection). Throws `RangeError` for a wrong seed. */
  xwingDecapsulate(seed: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;
}

/** What opens and makes envelopes. Key 32 bytes, nonce 12; `RangeError` otherwise. Native only: no reader of a record needs it. */
export interface AeadSuite {
  /** AES-256-GCM; the 16-byte tag is the end of the ciphertext. */
  sealAes256Gcm(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** `undefined` when the tag does not match. */
  openAes256Gcm(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;
}

/** What a node needs. */
export interface Suite extends VerifySuite, SignSuite, KemSuite, AeadSuite {}

/** Chance as an argument: `bytes(n)` returns n fresh random bytes. */
export type RandomBytes = (count: number) => Uint8Array;
