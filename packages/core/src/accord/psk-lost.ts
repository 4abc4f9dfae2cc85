import type { Suite, VerifySuite } from "../crypto/suite.ts";
import { concatBytes, fromHex, toHex, utf8 } from "../encoding/bytes.ts";
import { decode, encode } from "../encoding/cbor.ts";
import { type Schema, bytes, object, plain, text, uint } from "../encoding/schema.ts";
import { asBytes, asTuple } from "../encoding/shape.ts";
import { RefusedInput, refusable } from "../errors.ts";
import { type Digest, type LineId, type PartyId, parseDigest, parsePartyId } from "../ids.ts";
import { limits } from "../limits.ts";
import type { Party } from "./accord.ts";
import type { RootKeys } from "./party-file.ts";
import { type HolderSignature, checkHolders, holderSignatures, signAsHolder } from "./holder-signature.ts";

/** That a party no longer has the pre-shared key with another one, or no longer trusts it: only enough of its root holders say so,
 *  since from then on both sides seal without it. Source: docs/spec/sealing.md §5. */

/** What the holders sign. */
export interface PskLost {
  readonly line: LineId;
  /** Who lost it. */
  readonly party: PartyId;
  /** With whom it was shared. */
  readonly peer: PartyId;
  /** POSIX seconds: when the notice was written, for people. */
  readonly at: number;
}

/** A notice with its signatures, as it travels and is kept. */
export interface SignedPskLost {
  readonly notice: Uint8Array;
  readonly signatures: readonly HolderSignature[];
}

interface Read {
  readonly version: number;
  readonly line: Uint8Array;
  readonly party: string;
  readonly peer: string;
  readonly at: number;
}
const noticeSchema: Schema<Read> = object<Read>({
  version: uint(1),
  line: bytes(16),
  party: text(32, /^[a-z][a-z0-9-]{1,31}$/),
  peer: text(32, /^[a-z][a-z0-9-]{1,31}$/),
  at: uint(253_402_300_799),
});
const signedSchema: Schema<SignedPskLost> = object<SignedPskLost>({ notice: bytes(), signatures: holderSignatures });

export const encodePskLost = ({ line, party, peer, at }: PskLost): Uint8Array =>
  encode(plain({ version: 1, line: fromHex(line), party, peer, at }));

export const encodeSignedPskLost = (signed: SignedPskLost): Uint8Array => encode(plain(signed));

/** Throws `RefusedInput`. Nothing has been checked but the shape. */
export function decodeSignedPskLost(file: Uint8Array): SignedPskLost {
  if (file.length > limits.noticeBytesMax) throw new RefusedInput("oversized", `notice of ${file.length} bytes`);
  return signedSchema(decode(file), "notice");
}

/** SHA-256 of a notice: what its act names it by. */
export const pskLostDigest = (suite: VerifySuite, notice: Uint8Array): Digest => parseDigest(suite.sha256(notice));

/** What a root holder signs: domain, then the notice, which names its line. */
export const pskLostMessage = (notice: Uint8Array): Uint8Array => concatBytes(utf8("openline/psk-lost"), notice);

export const signPskLost = (
  suite: Suite,
  seeds: { readonly ed25519: Uint8Array; readonly mldsa44: Uint8Array },
  notice: Uint8Array,
): HolderSignature => signAsHolder(suite, seeds, pskLostMessage(notice));

/** What a notice says, when enough root holders of the party that it names have signed it. `rootsOf`: the party's holders; where it
 *  gives several sets, one of them has to have signed. Throws `RefusedInput`: `wrong-line`, `wrong-party`, `wrong-accord` for too few signatures or one of nobody's,
 *  `wrong-signature`. */
export function readPskLost(
  suite: VerifySuite,
  { notice, signatures }: SignedPskLost,
  of: { readonly line: LineId; readonly parties: readonly Party[]; readonly rootsOf: (party: Party) => readonly RootKeys[] },
): PskLost {
  const read = noticeSchema(decode(notice), "notice");
  if (read.version !== 1) throw new RefusedInput("unsupported-version", "notice version other than 1");
  if (toHex(read.line) !== of.line) throw new RefusedInput("wrong-line", "a notice of another line");
  const party = of.parties.find(({ id }) => id === read.party);
  const peer = of.parties.find(({ id }) => id === read.peer);
  if (party === undefined || peer === undefined || party === peer || party.absent === true)
    throw new RefusedInput("wrong-party", `a notice of ${read.party} about its key with ${read.peer}`);
  const signed = { message: pskLostMessage(notice), signatures };
  const results = of.rootsOf(party).map((root) => refusable(() => checkHolders(suite, signed, { party, sets: [root], verified: false })));
  const refused = results.findLast((result) => !result.ok);
  if (refused?.ok === false && !results.some((result) => result.ok)) throw new RefusedInput(refused.refusal.code, refused.refusal.detail);
  return { line: of.line, party: parsePartyId(read.party), peer: parsePartyId(read.peer), at: read.at };
}

/** The number that tells a notice from every frame of the exchange, which never sees one. */
const NOTICE_FRAME = 8;

/** The one thing that is taken from an envelope sealed without the pre-shared key while there is one. */
export const noticeFrame = (signed: Uint8Array): Uint8Array => encode([NOTICE_FRAME, signed]);

/** The signed notice in a frame; undefined for every other frame. */
export function noticeInFrame(frame: Uint8Array): Uint8Array | undefined {
  // A list of two that begins with 8: told without decoding what the exchange decodes anyway.
  if (frame[0] !== 0x82 || frame[1] !== NOTICE_FRAME || frame.length > limits.noticeBytesMax) return undefined;
  try {
    return asBytes(asTuple(decode(frame), "notice frame", 2)[1], "notice");
  } catch (error) {
    if (error instanceof RefusedInput) return undefined;
    throw error;
  }
}
