import { concatBytes, fromUtf8, toBase64 } from "../encoding/bytes.ts";
import type { VerifySuite } from "./suite.ts";

/** Checks a passkey's signature (WebAuthn Level 3 §7.2) over `message`: the challenge is SHA-256(message), the user was
 *  present and verified. The origin is the party's own affair and is not judged. Never throws. Source: docs/spec/acts.md §3. */
export function verifyWebauthn(
  suite: VerifySuite,
  options: {
    readonly publicKey: Uint8Array;
    readonly message: Uint8Array;
    readonly authenticatorData: Uint8Array;
    readonly clientDataJson: Uint8Array;
    readonly signature: Uint8Array;
  },
): boolean {
  const { authenticatorData, clientDataJson } = options;
  const USER_PRESENT_AND_VERIFIED = 0x05;
  const flags = authenticatorData[32] ?? 0;
  if (authenticatorData.length < 37 || (flags & USER_PRESENT_AND_VERIFIED) !== USER_PRESENT_AND_VERIFIED) return false;
  const client = clientData(clientDataJson);
  const challenge = toBase64(suite.sha256(options.message)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  if (client?.type !== "webauthn.get" || client.challenge !== challenge) return false;
  return suite.verifyEs256(options.publicKey, concatBytes(authenticatorData, suite.sha256(clientDataJson)), options.signature);
}

function clientData(json: Uint8Array): { readonly type?: unknown; readonly challenge?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(fromUtf8(json));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
