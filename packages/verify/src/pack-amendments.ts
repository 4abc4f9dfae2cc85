import {
  type Accord,
  type Amendment,
  type Header,
  type InUse,
  type KeyRing,
  type PartyFile,
  type Refusal,
  type Result,
  type VerifySuite,
  amendmentDigest,
  checkPartyFile,
  checkTerms,
  decodePartyFile,
  fileDigest,
  refusable,
  withFile,
  withTerms,
} from "@openline/core";

/** The amendments of a pack. Whether every other party had accepted them stands in logs of which a pack has only chosen entries:
 *  here it is checked that the author's own log went over to them, and that root holders signed them. */
export class PackAmendments {
  readonly #suite: VerifySuite;
  readonly #accord: Accord;
  readonly #amendments: readonly Amendment[];
  /** Every party file that the pack shows, by party. */
  readonly #files: ReadonlyMap<string, readonly PartyFile[]>;

  constructor(suite: VerifySuite, accord: Accord, amendments: readonly Amendment[]) {
    this.#suite = suite;
    this.#accord = accord;
    this.#amendments = amendments;
    const read = amendments.map(({ file }) => refusable(() => decodePartyFile(file)));
    const later = read.flatMap((file) => (file.ok ? [file.value] : []));
    this.#files = new Map(accord.parties.map(({ id, file }) => [id, [file, ...later.filter((other) => other.id === id)]]));
  }

  /** The accord for an entry of a log that uses `use`. Which file of another party counted then is said in logs that are not
   *  here, so that a post of any of them may be addressed. */
  accordFor(use: InUse): Accord {
    if (this.#amendments.length === 0) return this.#accord;
    const parties = this.#accord.parties.map((party) => {
      if (party.id === use.party.id) return use.party;
      return { ...party, file: { ...party.file, posts: (this.#files.get(party.id) ?? []).flatMap((file) => file.posts) } };
    });
    return { ...this.#accord, terms: use.terms, termsDigest: use.termsDigest, parties };
  }

  /** What a log uses after this `in-force` at `index`, or why it goes on with what it had. */
  goOver(at: { readonly header: Header; readonly index: number; readonly use: InUse; readonly ring: KeyRing }): Result<InUse> {
    const { header, index: since, use, ring } = at;
    const amendment = this.#amendments.find((item) => amendmentDigest(this.#suite, item) === header.facts.digest);
    if (amendment === undefined) return refused({ code: "wrong-accord", detail: "the amendment is not in the pack" });
    const digest = fileDigest(this.#suite, amendment.file);
    const own = refusable(() => decodePartyFile(amendment.file));
    if (own.ok) {
      const read = refusable(() => checkPartyFile(this.#suite, amendment, this.#against(use, use.party.fileDigest)));
      if (!read.ok) return read;
      ring.replace(this.#suite, { before: use.party.file, after: read.value }, since);
      return { ok: true, value: withFile(this.#suite, use, { since, file: read.value, fileDigest: digest }) };
    }
    const read = this.#byAnyProposer(amendment, use);
    return read.ok ? { ok: true, value: withTerms(this.#suite, use, { since, terms: read.value, termsDigest: digest }) } : read;
  }

  /** Terms are signed by the holders of whoever proposed them. */
  #byAnyProposer(amendment: Amendment, use: InUse): Result<ReturnType<typeof checkTerms>> {
    const against = this.#against(use, use.termsDigest);
    let first: Result<ReturnType<typeof checkTerms>> | undefined;
    for (const party of this.#accord.parties) {
      for (const file of this.#files.get(party.id) ?? []) {
        const read = refusable(() => checkTerms(this.#suite, amendment, { ...against, party: { ...party, file } }));
        if (read.ok) return read;
        first ??= read;
      }
    }
    return first ?? refused({ code: "wrong-accord", detail: "no party could have proposed it" });
  }

  /** Keys enrolled by others, and channels that were dropped, are not all known from a pack. */
  #against(use: InUse, base: InUse["termsDigest"]): Parameters<typeof checkTerms>[2] {
    const { line, terms } = this.#accord;
    const channels = new Map([...terms.channels, ...use.terms.channels].map(({ number, id }) => [number, id]));
    return { line, party: use.party, terms: use.terms, base, signatures: true, channels, kidTaken: () => false };
  }
}

const refused = (refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } => ({ ok: false, refusal });
