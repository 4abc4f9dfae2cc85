import { type Amendment, amendmentDigest, amendmentIn, fileDigest } from "../accord/amendment.ts";
import { type PartyFile, decodePartyFile } from "../accord/party-file.ts";
import { type Terms, decodeTerms } from "../accord/terms.ts";
import type { VerifySuite } from "../crypto/suite.ts";
import { openDisclosure } from "../entry/body.ts";
import type { KindName } from "../entry/kinds.ts";
import { assert } from "../errors.ts";
import type { Digest, LeafHash } from "../ids.ts";
import { inUseNow, withFile, withTerms } from "./in-use.ts";
import type { Placed } from "./log-track.ts";

/** Terms that every party has agreed to, and by which act. */
export interface ConfirmedTerms {
  readonly confirm: Placed;
  readonly amendment: Amendment;
  readonly terms: Terms;
}

/** A party's own file that its log uses, and from which act on. */
export interface FileInForce {
  readonly inForce: Placed;
  readonly amendment: Amendment;
  readonly file: PartyFile;
  /** Seconds between its being held and its counting. */
  readonly notice: number;
}

/** The amendment that the disclosure of a `propose` carries; undefined for any other act, or where it cannot be read. */
export function carriedAmendment(
  suite: VerifySuite,
  act: { readonly kind: KindName | undefined; readonly commitment: Digest | undefined },
  disclosure: Uint8Array | undefined,
): Amendment | undefined {
  const { kind, commitment } = act;
  if (kind !== "propose" || commitment === undefined || disclosure === undefined) return undefined;
  const opened = openDisclosure({ suite, commitment, disclosure, kind });
  return opened.ok ? amendmentIn(opened.value) : undefined;
}

/** Every amendment of a line: those that are here, those proposed, and those that have come to count. */
export class Amendments {
  /** Confirmed terms, each on the base of the one before it. */
  readonly terms: ConfirmedTerms[] = [];
  /** Files in force after the first, by position of their party, in its log's order. */
  readonly files: Map<number, FileInForce[]> = new Map();
  readonly #suite: VerifySuite;
  readonly #here: Map<Digest, Amendment> = new Map();
  readonly #bases: Map<LeafHash, Digest> = new Map();

  constructor(suite: VerifySuite) {
    this.#suite = suite;
  }

  /** Whether it was not here before. */
  learn(amendment: Amendment): boolean {
    const digest = amendmentDigest(this.#suite, amendment);
    const fresh = !this.#here.has(digest);
    this.#here.set(digest, amendment);
    return fresh;
  }

  get(digest: Digest): Amendment | undefined {
    return this.#here.get(digest);
  }

  baseOf(leaf: LeafHash): Digest | undefined {
    return this.#bases.get(leaf);
  }

  /** Whether anything was ever proposed. */
  get any(): boolean {
    return this.#bases.size > 0;
  }

  /** The terms confirmed last, whether they count yet or not. */
  latest(first: Terms): Terms {
    return this.terms.at(-1)?.terms ?? first;
  }

  /** The amendments that some act with effect rests on, by digest: what an export and a pack carry. */
  inForce(): readonly Amendment[] {
    const used = [...this.terms, ...[...this.files.values()].flat()].map(({ amendment }) => amendment);
    const byDigest = new Map(used.map((amendment) => [amendmentDigest(this.#suite, amendment), amendment]));
    return [...byDigest].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, amendment]) => amendment);
  }

  /** What an act of an amendment with effect does to its log and to the line. */
  apply(placed: Placed): void {
    const { kind, facts } = placed.header;
    const { log, leaf } = placed;
    if (kind !== "propose" && kind !== "accept" && kind !== "confirm" && kind !== "in-force") return;
    log.amending.push(placed);
    const use = inUseNow(log);
    if (kind === "propose") this.#bases.set(leaf, facts.purpose === "party" ? use.party.fileDigest : use.termsDigest);
    if (kind === "confirm") {
      this.#bases.set(leaf, use.termsDigest);
      const amendment = this.#of(placed);
      this.terms.push({ confirm: placed, amendment, terms: decodeTerms(amendment.file) });
    }
    if (kind === "in-force") this.#inForce(placed);
  }

  #inForce(placed: Placed): void {
    const { log, index: since } = placed;
    const use = inUseNow(log);
    const agreed = this.terms.find(({ confirm }) => placed.header.refs.includes(confirm.leaf));
    if (agreed !== undefined) {
      const { terms, amendment } = agreed;
      log.uses.push(withTerms(this.#suite, use, { since, terms, termsDigest: fileDigest(this.#suite, amendment.file) }));
      return;
    }
    const amendment = this.#of(placed);
    const file = decodePartyFile(amendment.file);
    log.ring.replace(this.#suite, { before: use.party.file, after: file }, since);
    log.uses.push(withFile(this.#suite, use, { since, file, fileDigest: fileDigest(this.#suite, amendment.file) }));
    const known = this.files.get(log.party) ?? [];
    this.files.set(log.party, [...known, { inForce: placed, amendment, file, notice: use.terms.notice }]);
  }

  #of({ header }: Placed): Amendment {
    const amendment = header.facts.digest === undefined ? undefined : this.#here.get(header.facts.digest);
    assert(amendment !== undefined, "an amendment that has been checked is here");
    return amendment;
  }
}
