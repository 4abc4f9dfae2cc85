import {
  type ActId,
  type Cbor,
  type Header,
  type Kid,
  type Schema,
  type UnixSeconds,
  bytes,
  decode,
  decodeHeader,
  encode,
  flag,
  isLate,
  list,
  nullable,
  object,
  parseActId,
  parseKid,
  parseUnixSeconds,
  plain,
  text,
  uint,
} from "@openline/core";

/** A draft of our own people: never on any wire, in no export and no pack. Its state follows from what has been done with it. */
export interface Draft {
  /** 1 for the first of a line. */
  readonly number: number;
  readonly versions: readonly Version[];
  /** The header of the version that stands: what is signed. */
  readonly payload: Uint8Array;
  /** An act over `payload` with its author's signature alone. */
  readonly signed: Signed | null;
  /** The act with both signatures, released and perhaps not placed. */
  readonly released: Signed | null;
  /** Let go of and not placed yet: the last second in which it can be recalled. */
  readonly leaving: UnixSeconds | null;
  /** Why it was not placed when it was last to be. */
  readonly refusal: { readonly code: string; readonly detail: string } | null;
  readonly remarks: readonly Remark[];
  /** What each person saw last. */
  readonly seen: readonly { readonly kid: Kid; readonly version: number }[];
  readonly placed: { readonly log: string; readonly index: number; readonly leaf: string } | null;
  readonly withdrawn: boolean;
}

export interface Version {
  readonly number: number;
  /** The version it was made from; 0 for the first. */
  readonly base: number;
  readonly at: UnixSeconds;
  /** SHA-256 of its payload, hex. */
  readonly digest: string;
  /** `base` no longer stood when it was saved: it is kept, and does not stand. */
  readonly beside: boolean;
}

export interface Signed {
  readonly act: Uint8Array;
  readonly kid: Kid;
  readonly at: UnixSeconds;
}

export interface Remark {
  readonly version: number;
  readonly at: UnixSeconds;
  readonly text: string;
}

export type DraftState = "writing" | "waiting" | "returned" | "leaving" | "released" | "placed" | "withdrawn";

export function stateOf(draft: Draft): DraftState {
  if (draft.placed !== null) return "placed";
  if (draft.withdrawn) return "withdrawn";
  if (draft.leaving !== null) return "leaving";
  if (draft.released !== null) return "released";
  if (draft.signed !== null) return "waiting";
  return draft.remarks.at(-1)?.version === standing(draft).number ? "returned" : "writing";
}

/** Nobody does anything with it any more. */
export const isOver = (draft: Draft): boolean => draft.placed !== null || draft.withdrawn;

/** The version that stands. */
export function standing({ versions }: Draft): Version {
  const found = versions.findLast(({ beside }) => !beside);
  if (found === undefined) throw new RangeError("the first version of a draft stands");
  return found;
}

/** Whether its author no longer stands by it. */
export const isTooLate = (draft: Draft, now: UnixSeconds): boolean => isLate(headerOf(draft), now);

export const headerOf = ({ payload }: Pick<Draft, "payload">): Header => decodeHeader(payload);

/** Every version of a draft is the same act: of all of them only one can ever be placed. */
export const actIdOf = (draft: Draft): ActId => parseActId(headerOf(draft).actId);

const HEX: RegExp = /^[0-9a-f]+$/;
const time: Schema<UnixSeconds> = (value, what) => parseUnixSeconds(uint(253_402_300_799)(value, what));
const kid: Schema<Kid> = (value, what) => parseKid(bytes(8)(value, what));
const signed = nullable(object<Signed>({ act: bytes(), kid, at: time }));
/** Drafts that an earlier version kept do not have it. */
const added =
  <T>(of: Schema<T>): Schema<T | null> =>
  (value, what) =>
    value === undefined ? null : nullable(of)(value, what);
const draft = object<Draft>({
  number: uint(),
  versions: list(object<Version>({ number: uint(), base: uint(), at: time, digest: text(64, HEX), beside: flag }), 100_000, 1),
  payload: bytes(),
  signed,
  released: signed,
  leaving: added(time),
  refusal: added(object<NonNullable<Draft["refusal"]>>({ code: text(64), detail: text(65_536) })),
  remarks: list(object<Remark>({ version: uint(), at: time, text: text(65_536) }), 100_000),
  seen: list(object<Draft["seen"][number]>({ kid, version: uint() }), 100_000),
  placed: nullable(object<NonNullable<Draft["placed"]>>({ log: text(64), index: uint(), leaf: text(64, HEX) })),
  withdrawn: flag,
});

export function encodeDraft(value: Draft): Uint8Array {
  const signedPlain = (item: Signed | null): unknown => item && { ...item, kid: kidBytes(item.kid) };
  const seen = value.seen.map((item) => ({ ...item, kid: kidBytes(item.kid) }));
  return encode(plain({ ...value, seen, signed: signedPlain(value.signed), released: signedPlain(value.released) }));
}

/** Throws `RefusedInput` for what `encodeDraft` did not write. */
export const decodeDraft = (stored: Uint8Array): Draft => draft(decode(stored), "draft");

const kidBytes = (value: Kid): Cbor => new Uint8Array(Buffer.from(value, "hex"));
