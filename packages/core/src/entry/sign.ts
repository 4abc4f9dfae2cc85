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

/** By which key, in which role and when an act is signed. `accordDigest`, of the author's party, binds it to the line's terms. */
export interface Signing {
  readonly kid: Kid;
  readonly role: Role;
  readonly time: UnixSeconds;
  readonly accordDigest: Uint8Array;
}

/** What a key is to sign, and the release it becomes with its 64-byte signature: for keys that do not answer at once, such as one
 *  that a browser keeps and does not give out. */
export interface Unsigned {
  readonly message: Uint8Array;
  readonly signed: (signature: Uint8Array) => Release;
}

export function toSign(payload: Uint8Array, { kid, role, time, accordDigest }: Signing): Unsigned {
  const base = { alg: ALG_ED25519, kid, role, time };
  const protectedBytes = encodeProtected(base);
  return {
    message: signedBytes(protectedBytes, accordDigest, payload),
    signed: (signature) => ({ ...base, protectedBytes, signature }),
  };
}

/** Signs a payload with each hand, at `time`. */
export function signAct(
  payload: Uint8Array,
  options: { readonly accordDigest: Uint8Array; readonly time: UnixSeconds; readonly hands: readonly Hand[] },
): Uint8Array {
  const releases = options.hands.map(({ kid, role, sign }): Release => {
    const { message, signed } = toSign(payload, { kid, role, time: options.time, accordDigest: options.accordDigest });
    return signed(sign(message));
  });
  return encodeAct(payload, releases);
}
