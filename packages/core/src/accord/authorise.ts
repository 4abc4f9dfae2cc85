import { hasDouble } from "../encoding/shape.ts";
import type { Act, Release } from "../entry/act.ts";
import { KINDS, type KindName } from "../entry/kinds.ts";
import type { Refusal } from "../errors.ts";
import type { PostId } from "../ids.ts";
import type { RingKey } from "../record/key-ring.ts";
import type { Accord, Party } from "./accord.ts";
import type { ChannelTerms } from "./terms.ts";

/** Acts that the watch makes alone even where the channel asks for two persons: they say that somebody is there, and
 *  waiting for a second signature would be the very silence they end. */
const WATCH_ALONE: ReadonlySet<KindName> = new Set([
  "acknowledge",
  "holding-reply",
  "test",
  "test-answer",
  "ring-answer",
  "pre-agreed",
  "passed-to-units",
  "note",
]);

/** Kinds that a channel not in force still carries: what ends, mends or explains it. */
const ALWAYS_CARRIED: ReadonlySet<KindName> = new Set(["service-note", "refusal", "evidence", "disclosure-consent", "erase"]);

export interface Signer {
  readonly release: Release;
  readonly key: RingKey;
}

/** May these keys sign this act, here, now: nothing, or why not. Their signatures have been checked.
 *  Used before an act is placed and by everybody who judges it later. Source: docs/spec/acts.md §6. */
export function authorise(
  accord: Accord,
  party: Party,
  act: Act,
  options: { readonly signers: readonly Signer[]; readonly placedAt: number },
): Refusal | undefined {
  const { kind, channel } = act.header;
  if (kind === undefined) return undefined;
  const terms = accord.terms.channels.find((item) => item.number === channel);
  const misplaced = place(kind, channel, terms);
  if (misplaced !== undefined) return misplaced;
  const late = options.signers.find(({ key }) => key.until !== null && options.placedAt > key.until);
  if (late !== undefined) return no("not-authorised", `key ${late.key.kid} was for a shift that has ended`);
  switch (KINDS[kind].by) {
    case "node":
      return oneOf(options.signers, "node");
    case "directory":
      return oneOf(options.signers, "directory");
    case "directory-two":
      return twoOf(options.signers, "directory");
    case "post":
      return posts(accord, party, act, { terms, signers: options.signers, placedAt: options.placedAt });
  }
}

const no = (code: Refusal["code"], detail: string): Refusal => ({ code, detail });

function place(kind: KindName, channel: number, terms: ChannelTerms | undefined): Refusal | undefined {
  if (channel !== 0 && terms === undefined) return no("unknown-channel", `channel ${channel}`);
  const where = KINDS[kind].on;
  if (where === "line" && channel !== 0) return no("not-authorised", `${kind} stands on the line, not on a channel`);
  if (where === "channel" && channel === 0) return no("not-authorised", `${kind} stands on a channel`);
  return undefined;
}

function oneOf(signers: readonly Signer[], may: RingKey["may"]): Refusal | undefined {
  const wrong = signers.find(({ key, release }) => key.may !== may || release.role !== (may === "node" ? "node" : "author"));
  if (wrong !== undefined) return no("not-authorised", `a ${wrong.key.may} key in the role ${wrong.release.role}`);
  return signers.length === 1 ? undefined : no("not-authorised", "one signature expected");
}

function twoOf(signers: readonly Signer[], may: RingKey["may"]): Refusal | undefined {
  if (signers.some(({ key }) => key.may !== may)) return no("not-authorised", `only ${may} keys may sign this`);
  return twoPersons(signers);
}

/** Whether an act of this kind takes two persons on a channel. */
export const asksForTwo = (terms: Pick<ChannelTerms, "release"> | undefined, kind: KindName): boolean =>
  terms?.release === "two" && !WATCH_ALONE.has(kind);

/** Author and releaser with different person commitments. That they are two people is the party's own word, which its
 *  auditor can open. */
export function twoPersons(signers: readonly Signer[]): Refusal | undefined {
  const author = signers.find(({ release }) => release.role === "author");
  const releaser = signers.find(({ release }) => release.role === "releaser");
  const two = author !== undefined && releaser !== undefined && signers.length === 2 && author.key.person !== releaser.key.person;
  return two ? undefined : no("two-persons-required", "author and releaser with different commitments");
}

function posts(
  accord: Accord,
  party: Party,
  act: Act,
  options: { terms: ChannelTerms | undefined; signers: readonly Signer[]; placedAt: number },
): Refusal | undefined {
  const { header } = act;
  const { terms, signers } = options;
  if (header.from === undefined || header.kind === undefined) return no("malformed", "an act of a post names its post");
  const strange = unknownPost(accord, party, { from: header.from, to: header.to, terms });
  if (strange !== undefined) return no("unknown-post", strange);
  const wrong = signers.find(({ key, release }) => key.may !== "post" || release.role === "node");
  if (wrong !== undefined) return no("not-authorised", `a ${wrong.key.may} key in the role ${wrong.release.role}`);
  const author = signers.find(({ release }) => release.role === "author");
  if (author === undefined || !author.key.posts.includes(header.from))
    return no("not-authorised", `no author who holds post ${header.from}`);
  if (hasDouble(signers.map(({ release }) => release.role))) return no("not-authorised", "a role signed twice");
  if (asksForTwo(terms, header.kind)) {
    const two = twoPersons(signers);
    if (two !== undefined) return two;
  }
  return inForce(terms, header.kind, options.placedAt);
}

function unknownPost(
  accord: Accord,
  party: Party,
  options: { from: PostId; to: readonly string[]; terms: ChannelTerms | undefined },
): string | undefined {
  const { from, to, terms } = options;
  if (!hasPost(party, from, terms)) return `${party.id}/${from}`;
  return to.find((address) => !addressed(accord, party, address).some((other) => hasPost(other, postOf(address), terms)));
}

/** Does this party have this post on this channel (on any, for the line itself)? */
export function hasPost(party: Party, post: string, terms: ChannelTerms | undefined): boolean {
  // Nobody has said which posts a party has that is not there.
  if (party.absent === true) return true;
  const found = party.file.posts.find((item) => item.id === post);
  return found !== undefined && (terms === undefined || found.channels.includes(terms.id));
}

export const postOf = (address: string): string => address.slice(address.indexOf("/") + 1);

/** The parties an address can mean: the one it names, or on a line of two the other one. */
export function addressed(accord: Accord, author: Party, address: string): readonly Party[] {
  const slash = address.indexOf("/");
  const others = accord.parties.filter((party) => party !== author);
  if (slash < 0) return others.length === 1 ? others : [];
  return others.filter((party) => party.id === address.slice(0, slash));
}

function inForce(terms: ChannelTerms | undefined, kind: KindName, at: number): Refusal | undefined {
  if (terms === undefined || ALWAYS_CARRIED.has(kind)) return undefined;
  if (at < terms.basis.from) return no("not-in-force", `${terms.id} is not in force yet`);
  if (terms.basis.to !== null && at >= terms.basis.to) return no("not-in-force", `${terms.id} has lapsed`);
  return undefined;
}
