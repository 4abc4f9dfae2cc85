import { strictEd25519Point } from "@openline/core";
import type { Ed25519 } from "./ed25519.ts";
import { SigningKeys } from "./native-keys.ts";

/** `undefined` where the package has no binary for this machine. libsodium compares R byte for byte, as the rule asks, and refuses S
 *  at or above L and points of small order itself; the rule's own check stands in front all the same, so that no other version of
 *  it can widen what verifies. */
export const sodiumEd25519: Ed25519 | undefined = await load();

async function load(): Promise<Ed25519 | undefined> {
  const sodium = await import("sodium-native").then(
    (module) => module.default,
    () => undefined,
  );
  if (sodium === undefined) return undefined;
  const signers = new SigningKeys((seed): KeyPair => {
    if (seed.length !== 32) throw new RangeError(`Ed25519 seed of 32 bytes expected, not ${seed.length}`);
    const pair = { publicKey: new Uint8Array(32), secretKey: new Uint8Array(64) };
    sodium.crypto_sign_seed_keypair(pair.publicKey, pair.secretKey, seed);
    return pair;
  });
  return {
    ed25519Public: (seed) => Uint8Array.from(signers.get(seed).publicKey),
    signEd25519(seed, message) {
      const signature = new Uint8Array(64);
      sodium.crypto_sign_detached(signature, message, signers.get(seed).secretKey);
      return signature;
    },
    verifyEd25519(publicKey, message, signature) {
      // The binding itself takes a longer signature and reads its first 64 bytes.
      if (signature.length !== 64 || !strictEd25519Point(publicKey) || !strictEd25519Point(signature.subarray(0, 32))) return false;
      return sodium.crypto_sign_verify_detached(signature, message, publicKey);
    },
  };
}

interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}
