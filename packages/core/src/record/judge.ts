import type { Accord, Party } from "../accord/accord.ts";
import { kidOf } from "../accord/accord.ts";
import { type Signer, authorise } from "../accord/authorise.ts";
import type { VerifySuite } from "../crypto/suite.ts";
import { weakEd25519Key, weakP256Key, weakXwingKey } from "../crypto/weak-key.ts";
import { verifyWebauthn } from "../crypto/webauthn.ts";
import { concatBytes, fromHex, utf8 } from "../encoding/bytes.ts";
import { ALG_ED25519, ALG_WEBAUTHN_ES256, type Act, type Header, type Release, signedBytes } from "../entry/act.ts";
import type { Entry } from "../entry/entry.ts";
import { unfitFacts } from "../entry/fact-values.ts";
import { KINDS, KIND_NAMES, type KindName } from "../entry/kinds.ts";
import type { Refusal } from "../errors.ts";
import type { Digest, Kid, LeafHash, LogId } from "../ids.ts";
import { type AmendingContext, judgeAmendment } from "./judge-amendment.ts";
import type { Held, Placed } from "./log-track.ts";
import type { KeyRing, RingKey } from "./key-ring.ts";

/** What judging needs to know of the rest of the record. All of it follows from the logs alone, so that both parties
 *  and every verifier reach the same code. */
export interface JudgeContext {
  readonly suite: VerifySuite;
  /** Terms and files that count for this entry. */
  readonly accord: Accord;
  /** Its author, one of them. */
  readonly party: Party;
  /** Undefined where the reader has only a part of the record and judges amendments by itself. */
  readonly amending?: () => AmendingContext;
  /** Where the entry stands, and the time of the entry before it (0: none). */
  readonly position: number;
  readonly timeBefore: number;
  readonly ring: KeyRing;
  /** Whether an act with this id had effect before in this party's logs. */
  hadEffect(id: string): boolean;
  /** Whether signatures are checked: not again for entries that this store checked before it kept them. */
  readonly signatures: boolean;
  /** Whether this kid stands for another key of this line already, as far as the author could see. */
  kidTaken(kid: Kid): boolean;
  readonly lastControl: { readonly index: number; readonly leaf: LeafHash } | null;
  /** Root of another log at a size, when that log is known to it. */
  rootAt(log: LogId, size: number): Digest | undefined;
  /** How much of `log` this log had named before. */
  namedBefore(log: LogId): number;
  /** The entry with this leaf, if this entry's author held it; `elsewhere` where the reader has only a part of the record and
   *  cannot say. */
  referred(leaf: LeafHash): Placed | Held | "elsewhere" | undefined;
  /** Whether the channel had been withdrawn, as far as this entry's author knew. */
  withdrawn(): boolean;
  /** Whether the author's post is above its agreed rate with this entry. */
  overRate(): boolean;
}

const no = (code: Refusal["code"], detail: string): Refusal => ({ code, detail });

/** Why this entry has no effect, or nothing. First failure wins, in the order of docs/spec/refusals.md. */
export function judge(context: JudgeContext, entry: Entry): Refusal | undefined {
  return (
    belongs(context, entry) ?? structure(context, entry) ?? signed(context, entry) ?? timely(context, entry) ?? content(context, entry)
  );
}

/** The first entry of a log is its accord-sign or its `restored`, and no other entry is. */
export function judgeOpening(
  accord: Accord,
  log: { readonly id: LogId; readonly incarnation: number },
  { act: { header }, placement }: Entry,
): Refusal | undefined {
  const expected = log.incarnation === 0 ? "accord-sign" : "restored";
  const first = placement.index === 0;
  if (first !== (header.kind === "accord-sign" || header.kind === "restored"))
    return no("wrong-chain", `a log opens with ${expected}, once`);
  if (!first) return undefined;
  if (header.kind !== expected || header.facts.incarnation !== log.id) return no("bad-facts", `a log opens with its own ${expected}`);
  if (expected === "accord-sign" && header.facts.digest !== accord.ceremony) return no("wrong-accord", "another ceremony");
  return undefined;
}

function belongs({ accord, party, position }: JudgeContext, { act, placement }: Entry): Refusal | undefined {
  if (act.header.line !== accord.line) return no("wrong-line", `made for line ${act.header.line}`);
  if (act.header.party !== party.key) return no("wrong-party", `author ${act.header.party} in the log of ${party.id}`);
  if (placement.index !== position) return no("wrong-index", `index ${placement.index} at position ${position}`);
  return undefined;
}

function structure(context: JudgeContext, { placement, act }: Entry): Refusal | undefined {
  const before = context.timeBefore;
  if (placement.time < before) return no("time-goes-back", `${before - placement.time} s before the entry before it`);
  const control = context.lastControl;
  if (control?.index !== placement.control?.index || control?.leaf !== placement.control?.leaf)
    return no("wrong-chain", "does not name the latest control act");
  for (const head of placement.heads) {
    if (head.size <= context.namedBefore(head.log)) return no("wrong-head", `names ${head.size} of ${head.log} again or goes back`);
    if (context.rootAt(head.log, head.size) !== head.root) return no("wrong-head", `no head of ${head.log} at ${head.size} has this root`);
  }
  return act.header.kind === undefined ? no("unknown-kind", `kind ${act.header.kindCode}`) : undefined;
}

function signed(context: JudgeContext, { act, placement }: Entry): Refusal | undefined {
  const signers: Signer[] = [];
  for (const release of act.releases) {
    // One more signature of a party's national suite may stand there: reported, never needed.
    if (release.alg !== ALG_ED25519 && release.alg !== ALG_WEBAUTHN_ES256) continue;
    const key = context.ring.keys.get(release.kid);
    if (key === undefined || key.since >= placement.index) return no("unknown-key", `key ${release.kid}`);
    if (key.revokedAt !== null && placement.index > key.revokedAt)
      return no("revoked-key", `key ${release.kid}, revoked at ${key.revokedAt}`);
    if (context.signatures && !verifyRelease(context, act, release, key)) return no("wrong-signature", `key ${release.kid}`);
    signers.push({ release, key });
  }
  if (signers.length === 0) return no("unknown-key", "no signature of a known algorithm");
  return authorise(context.accord, context.party, act, { signers, placedAt: placement.time });
}

function verifyRelease({ suite, party }: JudgeContext, act: Act, release: Release, key: RingKey): boolean {
  const message = signedBytes(release.protectedBytes, party.accordDigest, act.payload);
  if (release.alg === ALG_ED25519) return key.key.length === 32 && suite.verifyEd25519(key.key, message, release.signature);
  if (release.webauthn === undefined || key.key.length !== 65) return false;
  return verifyWebauthn(suite, { publicKey: key.key, message, ...release.webauthn, signature: release.signature });
}

/** Whether an act is placed later than its author allowed. Seconds. */
export const isLate = ({ notAfter }: Pick<Header, "notAfter">, placedAt: number): boolean => placedAt > notAfter;

function timely(context: JudgeContext, { act, placement }: Entry): Refusal | undefined {
  if (isLate(act.header, placement.time))
    return no("late-placed", `${placement.time - act.header.notAfter} s after its author's last moment`);
  if (context.hadEffect(act.header.actId)) return no("replayed", `act id ${act.header.actId}`);
  return undefined;
}

function content(context: JudgeContext, entry: Entry): Refusal | undefined {
  const { header } = entry.act;
  const { kind } = header;
  if (kind === undefined) return undefined;
  const unfit = unfitFacts(kind, header.facts);
  if (unfit !== undefined) return no("bad-facts", unfit);
  const references = refers(context, entry);
  if (references !== undefined) return references;
  if (KINDS[kind].by === "post" && header.channel !== 0 && context.withdrawn()) return no("not-in-force", "withdrawn");
  if (context.overRate()) return no("over-rate", `${header.precedence} above the agreed rate`);
  if (kind === "prekey") return weakPrekey(entry);
  if (kind === "observed") return observable(header.facts.outcome);
  if (kind === "post-assign" || kind === "key-add") return enrols(context, entry);
  return AMENDS.has(kind) ? amends(context, entry) : undefined;
}

/** What is observed is an act of a post, as its kind. */
function observable(kind: string | undefined): Refusal | undefined {
  const found = KIND_NAMES.find((name) => name === kind);
  if (kind === undefined || (found !== undefined && KINDS[found].by === "post" && !ACCOUNTS.has(found))) return undefined;
  return no("bad-facts", `observed as ${kind}`);
}

/** Acts that are themselves somebody's account of an act. */
const ACCOUNTS: ReadonlySet<KindName> = new Set(["observed", "served", "confirm-served", "dispute-served"]);

const AMENDS: ReadonlySet<KindName> = new Set(["propose", "accept", "confirm", "in-force"]);

function amends(context: JudgeContext, { act: { header } }: Entry): Refusal | undefined {
  if (context.amending === undefined) return undefined;
  const found = header.refs.map((leaf) => context.referred(leaf));
  return judgeAmendment(
    context.amending(),
    header,
    found.filter((act): act is Placed => act !== undefined && act !== "elsewhere" && act.header !== undefined),
  );
}

function refers(context: JudgeContext, { act: { header } }: Entry): Refusal | undefined {
  if (header.kind === undefined) return undefined;
  const spec = KINDS[header.kind];
  if (spec.mustRefer === true && header.refs.length === 0) return no("bad-facts", `${header.kind} refers to nothing`);
  if (spec.refers === undefined && header.refs.length > 0) return no("wrong-reference", `${header.kind} refers to nothing`);
  // A refusal names a leaf before its author names a head over it.
  if (header.kind === "refusal") return undefined;
  for (const leaf of header.refs) {
    const found = context.referred(leaf);
    if (found === undefined) return no("unknown-reference", leaf);
    if (spec.refers === "any" || found === "elsewhere") continue;
    const kind = found.header?.kind;
    if (kind === undefined || spec.refers?.includes(kind) !== true)
      return no("wrong-reference", `${header.kind} cannot refer to ${kind ?? "an entry without effect"}`);
  }
  return undefined;
}

/** Nobody is made to seal to a key that gives its secret away. */
function weakPrekey({ act: { header } }: Entry): Refusal | undefined {
  const weak = header.facts.key === undefined ? undefined : weakXwingKey(header.facts.key);
  return weak === undefined ? undefined : no("weak-key", weak);
}

/** A key is refused at enrolment unless canonical, of full order, and new. */
function enrols(context: JudgeContext, { act: { header } }: Entry): Refusal | undefined {
  const { key, posts, purpose } = header.facts;
  if (key === undefined) return no("bad-facts", "no key");
  const weak = key.length === 65 ? weakP256Key(key) : weakEd25519Key(key);
  if (weak !== undefined) return no("weak-key", weak);
  const kid = kidOf(context.suite, key);
  if (context.kidTaken(kid)) return no("reused-key", `key ${kid}`);
  // A passkey shows possession when it is registered; a bare key by signing its own enrolment.
  if (key.length === 32 && !possessed(context, key, header.facts.possession)) return no("key-not-possessed", `key ${kid}`);
  const strange = posts?.find((post) => !context.party.file.posts.some((item) => item.id === post));
  if (strange !== undefined) return no("unknown-post", strange);
  if (purpose === "directory" && header.facts.person === undefined) return no("bad-facts", "a directory key without a person");
  return undefined;
}

function possessed({ suite, accord, party, signatures }: JudgeContext, key: Uint8Array, proof: Uint8Array | undefined): boolean {
  if (proof === undefined) return false;
  return !signatures || suite.verifyEd25519(key, possessionMessage(accord.line, party.key, key), proof);
}

/** What a key signs to be enrolled: "openline/possession" || line || party || key. Binding line and party keeps one
 *  enrolment from being replayed as another's. */
export function possessionMessage(line: string, party: string, key: Uint8Array): Uint8Array {
  return concatBytes(utf8("openline/possession"), fromHex(line), fromHex(party), key);
}
