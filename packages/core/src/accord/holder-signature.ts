import type { Suite, VerifySuite } from "../crypto/suite.ts";
import { fromHex, toHex } from "../encoding/bytes.ts";
import { type Schema, bytes, list, object } from "../encoding/schema.ts";
import { RefusedInput } from "../errors.ts";
import { type Party, kidOf } from "./accord.ts";
import type { RootKeys } from "./party-file.ts";

/** What root holders sign of an accord in force: another file for it, or that a key is lost. Source: docs/spec/accord.md §7. */

/** A root holder is named by the kid of its Ed25519 key, since a rotation has holders of two files. */
export interface HolderSignature {
  /** 8 bytes. */
  readonly kid: Uint8Array;
  readonly ed25519: Uint8Array;
  readonly mldsa44: Uint8Array;
}

export const holderSignatures: Schema<readonly HolderSignature[]> = list(
  object<HolderSignature>({ kid: bytes(8), ed25519: bytes(64), mldsa44: bytes(2420) }),
  128,
);

export function signAsHolder(
  suite: Suite,
  seeds: { readonly ed25519: Uint8Array; readonly mldsa44: Uint8Array },
  message: Uint8Array,
): HolderSignature {
  return {
    kid: fromHex(kidOf(suite, suite.ed25519Public(seeds.ed25519))),
    ed25519: suite.signEd25519(seeds.ed25519, message),
    mldsa44: suite.signMldsa44(seeds.mldsa44, message),
  };
}

/** Whose signatures may stand under a message. */
export interface Holders {
  readonly party: Pick<Party, "id">;
  readonly sets: readonly RootKeys[];
  /** Whether signatures are verified: not again where they were before. */
  readonly verified: boolean;
}

/** Every signature is good, and of each set of holders at least its threshold signed. Throws `RefusedInput`. */
export function checkHolders(
  suite: VerifySuite,
  signed: { readonly message: Uint8Array; readonly signatures: readonly HolderSignature[] },
  by: Holders,
): void {
  const good = goodHolders(suite, signed, by);
  for (const { holders, threshold } of by.sets) {
    const count = holders.filter((holder) => good.has(kidOf(suite, holder.ed25519))).length;
    if (count < threshold) throw new RefusedInput("wrong-accord", `${by.party.id}: ${count} of ${threshold} root signatures`);
  }
}

/** Kids of the holders who signed, however many. Throws `RefusedInput` for a signature that is nobody's or not good. */
export function goodHolders(
  suite: VerifySuite,
  { message, signatures }: { readonly message: Uint8Array; readonly signatures: readonly HolderSignature[] },
  { party, sets, verified }: Holders,
): ReadonlySet<string> {
  const good = new Set<string>();
  for (const { kid, ed25519, mldsa44 } of signatures) {
    const holders = sets.flatMap((set) => set.holders).filter((item) => kidOf(suite, item.ed25519) === toHex(kid));
    const holder = holders[0];
    if (holder === undefined) throw new RefusedInput("wrong-accord", `${party.id}: no root holder ${toHex(kid)}`);
    // A holder that keeps its Ed25519 key and changes the other would have to sign twice.
    if (holders.some((other) => toHex(other.mldsa44) !== toHex(holder.mldsa44)))
      throw new RefusedInput("reused-key", `${party.id}: root holder ${toHex(kid)} with another ML-DSA-44 key`);
    const valid =
      verified || (suite.verifyEd25519(holder.ed25519, message, ed25519) && suite.verifyMldsa44(holder.mldsa44, message, mldsa44));
    if (!valid) throw new RefusedInput("wrong-signature", `${party.id}: root holder ${toHex(kid)}`);
    good.add(toHex(kid));
  }
  return good;
}
