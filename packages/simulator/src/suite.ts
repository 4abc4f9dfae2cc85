import { type Suite, equalBytes } from "@openline/core";
import { nativeSuite } from "@openline/node";

/** Native cryptography that remembers what was signed in this process: a signature made here over just these bytes is good, and is
 *  not verified a second time. Every other answer is OpenSSL's. A simulated day is two thirds verification without it. */
export function rememberingSuite(): Suite {
  const publics = new Map<string, Uint8Array>();
  const signed = new Map<string, { readonly key: Uint8Array; readonly message: Uint8Array }>();
  const publicOf = (seed: Uint8Array): Uint8Array => {
    const known = publics.get(text(seed));
    if (known !== undefined) return known;
    const key = nativeSuite.ed25519Public(seed);
    publics.set(text(seed), key);
    return key;
  };
  return {
    ...nativeSuite,
    ed25519Public: publicOf,
    signEd25519(seed, message) {
      const signature = nativeSuite.signEd25519(seed, message);
      signed.set(text(signature), { key: publicOf(seed), message: message.slice() });
      return signature;
    },
    verifyEd25519(publicKey, message, signature) {
      const made = signed.get(text(signature));
      if (made !== undefined && equalBytes(made.key, publicKey) && equalBytes(made.message, message)) return true;
      return nativeSuite.verifyEd25519(publicKey, message, signature);
    },
  };
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
