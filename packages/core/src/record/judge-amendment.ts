import { type Amendment, type AmendmentBase, checkPartyFile, checkTerms } from "../accord/amendment.ts";
import type { VerifySuite } from "../crypto/suite.ts";
import type { Header } from "../entry/act.ts";
import { type Refusal, refusable } from "../errors.ts";
import type { Digest, LeafHash } from "../ids.ts";
import type { InUse } from "./in-use.ts";
import type { Placed } from "./log-track.ts";

/** What judging an act of an amendment needs to know: what its author did before, and what it could see of the others. */
export interface AmendingContext {
  readonly suite: VerifySuite;
  /** What its author's log uses. */
  readonly use: InUse;
  /** The other parties, by position in the accord. */
  readonly others: readonly number[];
  /** The author's acts of amendments before this one, in log order. */
  readonly own: readonly Placed[];
  /** Acts of amendments of another party that the author held, in log order; `below`: only those below a head it had named,
   *  before which it held everything else of that log. */
  seen(party: number, how: "below" | "anyhow"): readonly Placed[];
  /** What a proposal or a confirmation was made on: digest of the terms or file in use in its author's log. */
  baseOf(leaf: LeafHash): Digest | undefined;
  /** Whether the author could see that this party holds the act. */
  heldBy(party: number, act: Placed): boolean;
  /** The amendment with this digest, if it is here. */
  amendment(digest: Digest): Amendment | undefined;
  against(purpose: Purpose): AmendmentBase;
}

export type Purpose = "terms" | "party";

/** Not a refusal: without the amendment itself nobody can say. The entry waits for it. */
export const LACKS_AMENDMENT: Refusal = { code: "wrong-accord", detail: "the amendment is not here" };

const no = (code: Refusal["code"], detail: string): Refusal => ({ code, detail });

/** Why an act of an amendment has no effect, or nothing. Its references exist and are of a kind it may refer to. At most one of
 *  several proposals on one base is ever confirmed (docs/decisions/0005-amendments.md). Source: docs/spec/accord.md §7. */
export function judgeAmendment(context: AmendingContext, header: Header, refs: readonly Placed[]): Refusal | undefined {
  const { digest, purpose } = header.facts;
  if (digest === undefined) return no("bad-facts", "no digest");
  if (header.kind === "propose") return purpose === "terms" || purpose === "party" ? undefined : no("bad-facts", `proposes ${purpose}`);
  if (header.kind === "accept") return accept(context, digest, refs);
  if (header.kind === "confirm") return confirm(context, digest, refs);
  return header.kind === "in-force" ? inForce(context, digest, refs) : undefined;
}

const of = (acts: readonly Placed[], kind: Header["kind"]): readonly Placed[] => acts.filter((act) => act.header.kind === kind);
const proposals = (acts: readonly Placed[], purpose: Purpose): readonly Placed[] =>
  of(acts, "propose").filter((act) => act.header.facts.purpose === purpose);

/** The one proposal that an act refers to, of these terms or this file. */
function proposal(refs: readonly Placed[], purpose: Purpose, digest: Digest): Placed | Refusal {
  const [found, more] = of(refs, "propose");
  if (found === undefined || more !== undefined) return no("wrong-reference", "one proposal expected");
  if (found.header.facts.purpose !== purpose) return no("wrong-reference", `a proposal of ${found.header.facts.purpose}`);
  return found.header.facts.digest === digest ? found : no("wrong-accord", "another digest than that of the proposal");
}

/** Whose log this is never matters: an act's own party is the one whose terms are in use. */
function accept(context: AmendingContext, digest: Digest, refs: readonly Placed[]): Refusal | undefined {
  const found = proposal(refs, "terms", digest);
  if ("code" in found) return found;
  if (!context.others.includes(found.log.party)) return no("wrong-reference", "its own proposal");
  const base = context.use.termsDigest;
  if (context.baseOf(found.leaf) !== base) return no("wrong-accord", "a proposal on other terms than those in use");
  if (!isLatest(context.seen(found.log.party, "below"), found)) return no("wrong-accord", "a proposal that has been taken back");
  if (confirmed(context, context.own, base)) return no("wrong-accord", "has confirmed a proposal of its own on these terms");
  return undefined;
}

function confirm(context: AmendingContext, digest: Digest, refs: readonly Placed[]): Refusal | undefined {
  const found = proposal(refs, "terms", digest);
  if ("code" in found) return found;
  if (!context.own.includes(found)) return no("wrong-reference", "a proposal of another party");
  const base = context.use.termsDigest;
  if (context.baseOf(found.leaf) !== base) return no("wrong-accord", "a proposal on other terms than those in use");
  if (!isLatest(context.own, found)) return no("wrong-accord", "a proposal that has been taken back");
  const rival =
    confirmed(context, context.own, base) ||
    context.others.some((party) => confirmed(context, context.seen(party, "anyhow"), base)) ||
    standingAccept(context, base);
  if (rival) return no("wrong-accord", "another proposal on these terms is confirmed, or accepted by this party");
  const silent = context.others.find((party) => !accepts(context.seen(party, "anyhow"), found));
  if (silent !== undefined) return no("wrong-accord", `not accepted by the party at ${silent}`);
  const amendment = context.amendment(digest);
  if (amendment === undefined) return LACKS_AMENDMENT;
  return refusalOf(() => checkTerms(context.suite, amendment, context.against("terms")));
}

/** Each log goes over to confirmed terms by itself, as its node finds them confirmed; a party's own file comes into force when
 *  every other party holds it. */
function inForce(context: AmendingContext, digest: Digest, refs: readonly Placed[]): Refusal | undefined {
  const [reference, more] = refs;
  if (reference === undefined || more !== undefined) return no("wrong-reference", "one reference expected");
  if (reference.header.facts.digest !== digest) return no("wrong-accord", "another digest than that of its reference");
  if (reference.header.kind === "confirm")
    return context.baseOf(reference.leaf) === context.use.termsDigest ? undefined : no("wrong-accord", "terms on another base");
  const found = proposal(refs, "party", digest);
  if ("code" in found) return found;
  if (!context.own.includes(found)) return no("wrong-reference", "the file of another party");
  if (context.baseOf(found.leaf) !== context.use.party.fileDigest) return no("wrong-accord", "a file on another base");
  if (!isLatest(context.own, found)) return no("wrong-accord", "a proposal that has been taken back");
  const without = context.others.find((party) => !context.heldBy(party, found));
  if (without !== undefined) return no("wrong-accord", `not held by the party at ${without}`);
  const amendment = context.amendment(digest);
  if (amendment === undefined) return LACKS_AMENDMENT;
  return refusalOf(() => checkPartyFile(context.suite, amendment, context.against("party")));
}

/** A party's next proposal for the same takes the one before it back. */
export const isLatest = (acts: readonly Placed[], proposed: Placed): boolean =>
  proposals(acts, proposed.header.facts.purpose === "party" ? "party" : "terms").at(-1) === proposed;

const confirmed = (context: AmendingContext, acts: readonly Placed[], base: Digest): boolean =>
  of(acts, "confirm").some((act) => context.baseOf(act.leaf) === base);

const accepts = (acts: readonly Placed[], proposed: Placed): boolean =>
  of(acts, "accept").some((act) => act.header.refs.includes(proposed.leaf));

/** An accept of a proposal on this base binds its party until the proposal is taken back, as far as it could see. */
function standingAccept(context: AmendingContext, base: Digest): boolean {
  return context.others.some((party) => {
    const theirs = context.seen(party, "below");
    const last = proposals(context.seen(party, "anyhow"), "terms").filter((act) => context.baseOf(act.leaf) === base);
    return last.some((act) => accepts(context.own, act) && (isLatest(theirs, act) || !theirs.includes(act)));
  });
}

function refusalOf(check: () => unknown): Refusal | undefined {
  const read = refusable(check);
  return read.ok ? undefined : read.refusal;
}
