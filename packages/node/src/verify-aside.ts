import { ALG_ED25519, type Act, type LineRecord, type LogId, inUseNow, signedBytes } from "@openline/core";

/** Verifies an Ed25519 signature on another thread. The same answer as the suite's. */
export type VerifyAside = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>;

/** Whether every signature of this act is good, found out beside the main thread. False also where that cannot be said here: the act
 *  is then checked, and refused under its code, when it is placed. */
export async function signedWell(
  options: { readonly verifyAside?: VerifyAside; readonly record: LineRecord },
  log: LogId,
  act: Act,
): Promise<boolean> {
  const { verifyAside, record } = options;
  const track = record.logs.get(log);
  const { kind } = act.header;
  // An enrolment carries a second signature, of the key itself.
  if (verifyAside === undefined || track === undefined || kind === "post-assign" || kind === "key-add") return false;
  const { accordDigest } = inUseNow(track).party;
  const checks = act.releases.map(async ({ alg, kid, protectedBytes, signature }) => {
    const key = alg === ALG_ED25519 ? track.ring.keys.get(kid)?.key : undefined;
    return key?.length === 32 && verifyAside(key, signedBytes(protectedBytes, accordDigest, act.payload), signature);
  });
  return (await Promise.all(checks)).every(Boolean);
}
