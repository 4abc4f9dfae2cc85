/** The port on OpenSSL: the log's tests are about the log, and the suite has its own. */
export { nativeSuite as testSuite } from "../../../node/src/crypto/native-suite.ts";

/** A seed that nobody would take for a secret. */
export const seedOf = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
