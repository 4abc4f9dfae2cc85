import type { Suite, VerifySuite } from "../crypto/suite.ts";
import { concatBytes, equalBytes, fromHex, toHex, utf8 } from "../encoding/bytes.ts";
import { decode, encode } from "../encoding/cbor.ts";
import { type Schema, bytes, object, plain } from "../encoding/schema.ts";
import type { Body } from "../entry/body.ts";
import { RefusedInput } from "../errors.ts";
import { type Digest, type Kid, type LineId, parseDigest } from "../ids.ts";
import { type Party, keysOf, kidOf, weakKeyOf } from "./accord.ts";
import { type HolderSignature, type Holders, checkHolders, holderSignatures, signAsHolder } from "./holder-signature.ts";
import { type PartyFile, type RootKeys, decodePartyFile } from "./party-file.ts";
import { type Terms, decodeTerms } from "./terms.ts";

/** A file that is to replace the terms of a line, or a party's own file, with the signatures of its party's root holders. It
 *  travels as the body of its `propose`, in exports and in packs. Source: docs/spec/accord.md §7. */
export interface Amendment {
  readonly file: Uint8Array;
  readonly signatures: readonly HolderSignature[];
}

export const amendmentSchema: Schema<Amendment> = object<Amendment>({ file: bytes(), signatures: holderSignatures });

export const encodeAmendment = (amendment: Amendment): Uint8Array => encode(plain(amendment));
/** Throws `RefusedInput`. */
export const decodeAmendment = (file: Uint8Array): Amendment => amendmentSchema(decode(file), "amendment");

/** SHA-256 of the file and its signatures: what the acts of an amendment name it by, so that all who judge them judge the same
 *  bytes. */
export const amendmentDigest = (suite: VerifySuite, amendment: Amendment): Digest => parseDigest(suite.sha256(encodeAmendment(amendment)));

/** SHA-256 of a terms or party file: what the next one names as its base. */
export const fileDigest = (suite: VerifySuite, file: Uint8Array): Digest => parseDigest(suite.sha256(file));

/** What a root holder signs: domain, line, digest of the file. */
export const amendmentMessage = (line: LineId, digest: Digest): Uint8Array =>
  concatBytes(utf8("openline/amendment"), fromHex(line), fromHex(digest));

export function signAmendment(
  suite: Suite,
  seeds: { readonly ed25519: Uint8Array; readonly mldsa44: Uint8Array },
  options: { readonly line: LineId; readonly file: Uint8Array },
): HolderSignature {
  return signAsHolder(suite, seeds, amendmentMessage(options.line, fileDigest(suite, options.file)));
}

/** The body of a `propose` that carries this amendment. */
export const amendmentBody = (amendment: Amendment): Body => new Map([["amendment", encodeAmendment(amendment)]]);

/** The amendment in the body of a `propose`; undefined where the body carries none that can be read. */
export function amendmentIn(body: Body): Amendment | undefined {
  const carried = body.get("amendment");
  if (!(carried instanceof Uint8Array)) return undefined;
  try {
    return decodeAmendment(carried);
  } catch (error) {
    if (error instanceof RefusedInput) return undefined;
    throw error;
  }
}

/** What an amendment is checked against: the files in use in its author's log when it comes into force. */
export interface AmendmentBase {
  readonly line: LineId;
  /** The party that made it, with the file in use. */
  readonly party: Party;
  readonly terms: Terms;
  /** Digest of the file that it replaces. */
  readonly base: Digest;
  /** Ids of all channels the line has or had, by number: neither is ever used for another. */
  readonly channels: ReadonlyMap<number, string>;
  /** Whether holders' signatures are verified: not again where they were before the entry was kept. */
  readonly signatures: boolean;
  /** Whether this kid stands for a key of the line already. */
  kidTaken(kid: Kid): boolean;
}

/** Reads proposed terms and checks that they may replace those in use. Throws `RefusedInput`. */
export function checkTerms(suite: VerifySuite, amendment: Amendment, against: AmendmentBase): Terms {
  const terms = readTermsFor(amendment.file, against);
  checkHolders(suite, signedOf(suite, against.line, amendment), holdersOf(against, [against.party.file.root]));
  return terms;
}

/** The same, whoever has signed them or not: what a root holder is about to sign. Throws `RefusedInput`. */
export function readTermsFor(file: Uint8Array, against: Pick<AmendmentBase, "terms" | "base" | "channels">): Terms {
  const terms = decodeTerms(file);
  checkBase(terms.base, against.base);
  const { mode, parties, suite } = against.terms;
  if (terms.mode !== mode) throw new RefusedInput("foreign-mode", `terms of mode ${terms.mode} on a line of mode ${mode}`);
  if (terms.suite !== suite)
    throw new RefusedInput("unsupported-version", `suite ${terms.suite} on a line of suite ${suite}: that is a new accord`);
  if (terms.parties.join() !== parties.join()) throw new RefusedInput("wrong-accord", "the terms name other parties");
  for (const { number, id } of terms.channels) {
    const known = [...against.channels].find(([other, name]) => other === number || name === id);
    if (known !== undefined && (known[0] !== number || known[1] !== id))
      throw new RefusedInput("wrong-accord", `channel ${number} ${id}: number or id is that of another channel`);
  }
  return terms;
}

/** Reads a party's new file and checks that it may replace the one in use: signed by enough holders of the old file and of the
 *  new one (the root rotation of TUF), and with the same identity. Throws `RefusedInput`. */
export function checkPartyFile(suite: VerifySuite, amendment: Amendment, against: AmendmentBase): PartyFile {
  const file = readPartyFileFor(suite, amendment.file, against);
  checkHolders(suite, signedOf(suite, against.line, amendment), holdersOf(against, [against.party.file.root, file.root]));
  return file;
}

/** The same, whoever has signed it or not. Throws `RefusedInput`. */
export function readPartyFileFor(suite: VerifySuite, bytes: Uint8Array, against: AmendmentBase): PartyFile {
  const file = decodePartyFile(bytes);
  const before = against.party.file;
  checkBase(file.base, against.base);
  if (!sameIdentity(file, before))
    throw new RefusedInput("wrong-accord", `${before.id}: id, first incarnation, contribution, log and mirror keys stay`);
  for (const post of file.posts) {
    const lost = post.channels.find((id) => ![...against.channels.values()].includes(id));
    if (lost !== undefined) throw new RefusedInput("unknown-channel", `${file.id}: post ${post.id} names channel ${lost}`);
  }
  checkNewKeys(suite, file, against);
  return file;
}

/** Checkpoints and cosignatures are verified by the keys of the first file, whatever part of a log is at hand. */
function sameIdentity(a: PartyFile, b: PartyFile): boolean {
  const bytesOf = (file: PartyFile): readonly Uint8Array[] => [
    file.incarnation,
    file.contribution,
    file.log.ed25519,
    file.log.mldsa44,
    file.mirror,
  ];
  return a.id === b.id && bytesOf(a).every((bytes, i) => equalBytes(bytes, bytesOf(b)[i] ?? new Uint8Array(0)));
}

function checkBase(base: Uint8Array | null, expected: Digest): void {
  if (base === null || toHex(base) !== expected) throw new RefusedInput("wrong-accord", "made for another base");
}

/** A key that was not in the file before is new on the line, and none stands twice. */
function checkNewKeys(suite: VerifySuite, file: PartyFile, against: AmendmentBase): void {
  const weak = weakKeyOf(file);
  if (weak !== undefined) throw new RefusedInput("weak-key", `${file.id}: ${weak}`);
  const before = new Set(keysOf(against.party.file).map((key) => kidOf(suite, key)));
  const seen = new Set<Kid>();
  for (const kid of keysOf(file).map((key) => kidOf(suite, key))) {
    if (seen.has(kid) || (!before.has(kid) && against.kidTaken(kid))) throw new RefusedInput("reused-key", `${file.id}: key ${kid}`);
    seen.add(kid);
  }
}

/** What was signed of an amendment, and by whom. */
export const signedOf = (
  suite: VerifySuite,
  line: LineId,
  { file, signatures }: Amendment,
): { readonly message: Uint8Array; readonly signatures: readonly HolderSignature[] } => ({
  message: amendmentMessage(line, fileDigest(suite, file)),
  signatures,
});

const holdersOf = ({ party, signatures }: AmendmentBase, sets: readonly RootKeys[]): Holders => ({ party, sets, verified: !signatures });
