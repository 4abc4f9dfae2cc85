import {
  type Attachment,
  type Digest,
  type Entry,
  type LeafHash,
  type LineRecord,
  type LogId,
  type LogIndex,
  type Refusal,
  type Sha256,
  type UnixMillis,
  attachmentsIn,
  limits,
  openDisclosure,
  parseLogIndex,
} from "@openline/core";

/** A body that has not come. */
export interface Missing {
  readonly log: LogId;
  readonly index: LogIndex;
  readonly leaf: LeafHash;
  readonly commitment: Digest;
  readonly kind: Entry["act"]["header"]["kind"];
  /** When its entry arrived, and how long it may take. Milliseconds. */
  readonly since: UnixMillis;
  readonly graceMs: number;
}

interface ArrivedAt {
  readonly log: LogId;
  readonly index: number;
  readonly leaf: LeafHash;
  readonly now: UnixMillis;
  /** In a log of our own that a peer returns: nobody is to be blamed for a body that we lost. */
  readonly own: boolean;
}

/** Whether a disclosure is the one committed to, and what is wrong with it. */
type Opened =
  | { readonly fits: true; readonly refusal: Refusal | undefined; readonly names: readonly Attachment[] }
  | { readonly fits: false; readonly refusal: Refusal };

/** Without a held clock a body may be this late. */
const BODY_GRACE_MS = 60_000;

/** Which bodies of other parties are here, which are waited for, and which have been refused as missing. A head is named
 *  only when every body below it has come, been refused as missing, or been erased. Source: docs/spec/exchange.md §6. */
export class Bodies {
  readonly #suite: Sha256;
  readonly #record: LineRecord;
  readonly #missing: Map<LogId, Map<number, Missing>> = new Map();
  /** No longer waited for: refused for its missing body, or a refusal. It may still come. */
  readonly #givenUp: Map<string, Missing> = new Map();
  /** Bodies that came and break the words of their kind, until their entry has been judged. */
  readonly #bad: Map<LeafHash, Refusal> = new Map();

  /** Attachments that bodies which have come name, until they are looked for. */
  #named: Attachment[] = [];

  constructor(options: { readonly suite: Sha256; readonly record: LineRecord }) {
    this.#suite = options.suite;
    this.#record = options.record;
  }

  /** Takes an arrived entry with what came beside it. Returns the disclosure to store, if it is the one committed to. */
  arrived(place: ArrivedAt, entry: Entry, disclosure: Uint8Array | undefined): Uint8Array | undefined {
    const wanted = this.missingOf(place, entry);
    if (wanted === undefined) return undefined;
    const opened = disclosure === undefined ? undefined : this.#open(wanted, disclosure);
    if (opened?.fits === true) {
      if (opened.refusal !== undefined) this.#bad.set(place.leaf, opened.refusal);
      this.#named.push(...opened.names);
      return disclosure;
    }
    this.await(wanted);
    return undefined;
  }

  /** The body an entry promises; undefined where it has none. */
  missingOf(place: ArrivedAt, { act: { header } }: Entry): Missing | undefined {
    if (header.body === undefined) return undefined;
    const terms = this.#record.amendments.latest(this.#record.accord.terms).channels.find((item) => item.number === header.channel);
    const clock = terms?.clocks.held[header.precedence];
    const graceMs = place.own ? Infinity : clock === undefined ? BODY_GRACE_MS : clock * 1000;
    const index = parseLogIndex(place.index);
    return { log: place.log, index, leaf: place.leaf, commitment: header.body, kind: header.kind, since: place.now, graceMs };
  }

  /** From now on this body is waited for. That of a refusal is asked for, and nothing waits for it: of two nodes that get each other's
   *  entries without bodies each would refuse what the other refuses with, without end. */
  await(missing: Missing): void {
    if (missing.kind === "refusal") return this.giveUp(missing);
    const known = this.#missing.get(missing.log);
    if (known === undefined) this.#missing.set(missing.log, new Map([[missing.index, missing]]));
    else known.set(missing.index, missing);
  }

  /** A body on its own. `late`: its entry had been refused for it, and is held from now on. */
  came(
    log: LogId,
    index: number,
    disclosure: Uint8Array,
  ): { missing: Missing; late: boolean; refusal: Refusal | undefined } | "unwanted" | Refusal {
    const waited = this.#missing.get(log)?.get(index);
    const missing = waited ?? this.#givenUp.get(`${log}/${index}`);
    if (missing === undefined) return "unwanted";
    const opened = this.#open(missing, disclosure);
    if (!opened.fits) return opened.refusal;
    this.forget(missing);
    this.#named.push(...opened.names);
    return { missing, late: waited === undefined && missing.kind !== "refusal", refusal: opened.refusal };
  }

  /** A disclosure fits when it is the one committed to, whatever it says. One above the limit cannot be kept at all. */
  #open({ commitment, kind }: Missing, disclosure: Uint8Array): Opened {
    const opened = openDisclosure({ suite: this.#suite, commitment, disclosure, kind });
    if (opened.ok) return { fits: true, refusal: undefined, names: attachmentsIn(opened.value) };
    const fits = disclosure.length <= limits.disclosureBytesMax && opened.refusal.code !== "wrong-disclosure";
    return fits ? { fits, refusal: { code: "bad-body", detail: opened.refusal.detail }, names: [] } : { fits, refusal: opened.refusal };
  }

  /** Nothing more is expected of this body: it has come, or an erase act in force names it. */
  forget({ log, index }: { readonly log: LogId; readonly index: number }): void {
    this.#missing.get(log)?.delete(index);
    this.#givenUp.delete(`${log}/${index}`);
  }

  /** It is no longer waited for, since its refusal has been entered or it belongs to one; it may still come. */
  giveUp(missing: Missing): void {
    this.forget(missing);
    this.#givenUp.set(`${missing.log}/${missing.index}`, missing);
  }

  overdue(now: UnixMillis): readonly Missing[] {
    return [...this.#missing.values()].flatMap((items) => [...items.values()].filter(({ since, graceMs }) => now >= since + graceMs));
  }

  /** Positions of a log whose bodies are asked for again: those waited for first. */
  wanted(log: LogId): readonly number[] {
    const refused = [...this.#givenUp.values()].filter((item) => item.log === log);
    return [...(this.#missing.get(log)?.keys() ?? []), ...refused.map((item) => item.index)];
  }

  /** The first position of a log whose body is waited for. */
  firstMissing(log: LogId): number {
    return [...(this.#missing.get(log)?.keys() ?? [])].reduce((first, index) => Math.min(first, index), Infinity);
  }

  /** Attachments named by what has come since the last call. */
  takeNamed(): readonly Attachment[] {
    const named = this.#named;
    this.#named = [];
    return named;
  }

  /** Why the body that came with this entry does not fit its kind; asked for once. */
  takeBad(leaf: LeafHash): Refusal | undefined {
    const refusal = this.#bad.get(leaf);
    this.#bad.delete(leaf);
    return refusal;
  }
}
