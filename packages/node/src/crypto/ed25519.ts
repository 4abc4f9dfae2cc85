import type { SignSuite, VerifySuite } from "@openline/core";
import { opensslEd25519 } from "./ed25519-openssl.ts";
import { sodiumEd25519 } from "./ed25519-sodium.ts";

/** One signature algorithm of the port. Verification is exactly docs/spec/crypto.md §3. */
export type Ed25519 = Pick<SignSuite, "ed25519Public" | "signEd25519"> & Pick<VerifySuite, "verifyEd25519">;

/** libsodium, which takes little more than half of OpenSSL's time, or OpenSSL where it has no binary for this machine. Both are held
 *  to the same vectors. Why two: docs/decisions/0005-ed25519.md. */
export const ed25519: Ed25519 = sodiumEd25519 ?? opensslEd25519;
