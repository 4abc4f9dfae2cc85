import { type Kid, type UnixSeconds } from "../ids.ts";
import { ALG_ED25519, type Header, type Release, type Role, encodeAct, encodeHeader, encodeProtected, signedBytes } from "./act.ts";
import { type Body, commitmentOf, encodeDisclosure } from "./body.ts";
import type { Sha256 } from "../log/tree.ts";
import type { KindName } from "./kinds.ts";

/** A header as its author writes it: the commitment is added from the body. */
export type Draft = Omit<Header, "kind" | "kindCode" | "body"> & { readonly kind: KindName };

/** A draft turned into the exact bytes that posts sign, and the disclosure that travels beside them. */
export interface Prepared {
  readonly payload: Uint8Array;
  readonly disclosure: Uint8Array | undefined;
}

/** The payload of an act and the disclosure of its body. `salt` is 16 fresh random bytes. */
export function prepare(suite: Sha256, draft: Draft, body: Body | undefined, salt: Uint8Array): Prepared {
  if (body === undefined) return { payload: encodeHeader(draft), disclosure: undefined };
  const disclosure = encodeDisclosure(salt, body);
  return { payload: encodeHeader({ ...draft, body: commitmentOf(suite, disclosure) }), disclosure };
}

/** One person's or node's hand: a key that signs, and in which role it does. */
export interface Hand {
  readonly kid: Kid;
  readonly role: Role;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

/** Signs a payload with each hand, at `time`. The accord digest of the author's party is what binds it to the line's terms. */
export function signAct(
  payload: Uint8Array,
  options: { readonly accordDigest: Uint8Array; readonly time: UnixSeconds; readonly hands: readonly Hand[] },
): Uint8Array {
  const releases = options.hands.map(({ kid, role, sign }): Release => {
    const base = { alg: ALG_ED25519, kid, role, time: options.time };
    const protectedBytes = encodeProtected(base);
    return { ...base, protectedBytes, signature: sign(signedBytes(protectedBytes, options.accordDigest, payload)) };
  });
  return encodeAct(payload, releases);
}
