import { createCipheriv, createDecipheriv, createSecretKey, hash, verify } from "node:crypto";
import type { Suite } from "@openline/core";
import { nobleSuite } from "@openline/verify";
import { ed25519 } from "./ed25519.ts";
import { mldsa44Kind, p256Kind, PublicKeys, rawPublic, secretKeyObject } from "./native-keys.ts";
import { xwingDecapsulate, xwingEncapsulate, xwingPublic } from "./native-xwing.ts";

/** The port on OpenSSL 3.5 (Node 24), and for Ed25519 on libsodium. Source: docs/spec/crypto.md.
 *
 *  ML-DSA signing is noble's: Node signs with fresh randomness and takes no other, and the port promises one signature for one
 *  message. It is needed once a day and for evidence packs, never for a message. */
export const nativeSuite: Suite = {
  ...ed25519,
  sha256,
  verifyMldsa44(publicKey, message, signature, context = noBytes) {
    const key = signature.length === 2420 && context.length <= 255 ? mldsa44Keys.get(publicKey) : undefined;
    return key !== undefined && verify(null, message, { key, context }, signature);
  },
  verifyEs256(publicKey, message, signature) {
    const key = p256Keys.get(publicKey);
    return key !== undefined && verify("sha256", message, key, signature);
  },
  mldsa44Public: (seed) => rawPublic(mldsa44Kind, secretKeyObject(mldsa44Kind, seed)),
  signMldsa44: (seed, message, context) => nobleSuite.signMldsa44(seed, message, context),
  hmacSha256,
  xwingPublic,
  xwingEncapsulate,
  xwingDecapsulate,
  // A KeyObject: handed plain bytes, Node 24 finds out by an exception with a trace of the stack that they are none, which takes
  // four times as long as sealing a message does (38 µs and 8 µs in all).
  sealAes256Gcm(key, nonce, aad, plaintext) {
    checkAead(key, nonce);
    const cipher = createCipheriv("aes-256-gcm", createSecretKey(key), nonce, { authTagLength: tagBytes });
    cipher.setAAD(aad);
    return new Uint8Array(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
  },
  openAes256Gcm(key, nonce, aad, ciphertext) {
    checkAead(key, nonce);
    if (ciphertext.length < tagBytes) return undefined;
    const end = ciphertext.length - tagBytes;
    const decipher = createDecipheriv("aes-256-gcm", createSecretKey(key), nonce, { authTagLength: tagBytes });
    decipher.setAAD(aad);
    decipher.setAuthTag(ciphertext.subarray(end));
    const plaintext = decipher.update(ciphertext.subarray(0, end));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    return new Uint8Array(plaintext);
  },
};

const mldsa44Keys = new PublicKeys(mldsa44Kind, 128, () => true);
/** OpenSSL would take compressed and hybrid points too. */
const p256Keys = new PublicKeys(p256Kind, 512, (raw) => raw[0] === 4);

const noBytes = new Uint8Array(0);
const tagBytes = 16;
const blockBytes = 64;

/** OpenSSL's digest as a string of 32 bytes, not as a Buffer: memory of its own for each Buffer costs four times what the
 *  hash of a tree node does (2.0 µs and 0.5 µs in all). */
function sha256(data: Uint8Array): Uint8Array {
  const digest = hash("sha256", data, "binary");
  const out = new Uint8Array(32);
  for (let i = 0; i < 32; i++) out[i] = digest.charCodeAt(i);
  return out;
}

/** RFC 2104 on two one-shot hashes: OpenSSL takes four times as long to set up its own HMAC as these take together, and every
 *  envelope makes four or more. */
function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  const short = key.length > blockBytes ? sha256(key) : key;
  const inner = new Uint8Array(blockBytes + data.length);
  const outer = new Uint8Array(blockBytes + 32);
  for (let i = 0; i < blockBytes; i++) {
    const byte = short[i] ?? 0;
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  inner.set(data, blockBytes);
  outer.set(sha256(inner), blockBytes);
  return sha256(outer);
}

function checkAead(key: Uint8Array, nonce: Uint8Array): void {
  if (key.length !== 32) throw new RangeError(`AES-256 key of 32 bytes expected, not ${key.length}`);
  if (nonce.length !== 12) throw new RangeError(`GCM nonce of 12 bytes expected, not ${nonce.length}`);
}
