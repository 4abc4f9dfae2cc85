import { ALG_ED25519, type Act, type LineRecord, type LogId, inUseNow, signedBytes } from "@openline/core";

/** Verifies an Ed25519 signature on another thread. The same answer as the suite's. */
export type VerifyAside = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>;

/** The accord-digest under which every signature of an act was found good; undefined where that could not be said. */
export type SignedUnder = Uint8Array | undefined;

/** Checks every signature of this act beside the main thread, by the keys and the accord that its log has now. Undefined also
 *  where that cannot be said here: the act is then checked, and refused under its code, when it is judged. */
export function signedUnder(
  { verifyAside, record }: { readonly verifyAside?: VerifyAside | undefined; readonly record: LineRecord },
  log: LogId,
  act: Act,
): Promise<SignedUnder> {
  const track = record.logs.get(log);
  const { kind } = act.header;
  // An enrolment carries a second signature, of the key itself.
  if (verifyAside === undefined || track === undefined || kind === "post-assign" || kind === "key-add") return NOTHING_SAID;
  const { accordDigest } = inUseNow(track).party;
  const checks = act.releases.map(({ alg, kid, protectedBytes, signature }) => {
    const key = alg === ALG_ED25519 ? track.ring.keys.get(kid)?.key : undefined;
    return key?.length === 32 ? verifyAside(key, signedBytes(protectedBytes, accordDigest, act.payload), signature) : NOT_GOOD;
  });
  return Promise.all(checks).then((good) => (good.every(Boolean) ? accordDigest : undefined));
}

const NOT_GOOD = Promise.resolve(false);
const NOTHING_SAID: Promise<SignedUnder> = Promise.resolve(undefined);

/** Whether what was found good still is when the entry is to stand at `index`: it is the next one of its log, and the log has not
 *  gone over to another accord since. */
export function isStillGood(record: LineRecord, log: LogId, index: number, under: SignedUnder): boolean {
  const track = record.logs.get(log);
  return under !== undefined && track?.times.length === index && inUseNow(track).party.accordDigest === under;
}
