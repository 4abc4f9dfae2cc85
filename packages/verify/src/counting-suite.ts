import type { VerifySuite } from "@openline/core";

/** The same port, and how many signatures it was asked about. */
export function countingSuite(suite: VerifySuite): { readonly suite: VerifySuite; readonly signatures: () => number } {
  let count = 0;
  return {
    suite: {
      sha256: (data) => suite.sha256(data),
      verifyEd25519: (key, message, signature) => (count++, suite.verifyEd25519(key, message, signature)),
      verifyMldsa44: (key, message, signature, context) => (count++, suite.verifyMldsa44(key, message, signature, context)),
      verifyEs256: (key, message, signature) => (count++, suite.verifyEs256(key, message, signature)),
    },
    signatures: () => count,
  };
}
