/** The part of libsodium that `ed25519-sodium.ts` calls. A wrong length throws; a signature that does not verify is `false`. */
declare module "sodium-native" {
  const sodium: {
    /** Writes the 32-byte public key and the 64-byte secret key (seed and public key) of a 32-byte seed. */
    crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void;
    /** Writes 64 bytes of signature. */
    crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void;
    crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  };
  export default sodium;
}
