import type { Accord, Party } from "../accord/accord.ts";
import type { ChannelTrack } from "../channel/track.ts";
import type { VerifySuite } from "../crypto/suite.ts";
import type { Entry } from "../entry/entry.ts";
import { type InUse, inUseAt, inUseNow } from "./in-use.ts";
import { KINDS, type KindName } from "../entry/kinds.ts";
import type { JudgeContext } from "./judge.ts";
import type { AmendingContext } from "./judge-amendment.ts";
import { type Digest, type Kid, type LeafHash, type LogId, parseLeafHash } from "../ids.ts";
import type { KeyRing } from "./key-ring.ts";
import { type Held, type LogTrack, type Placed, firstNaming, namedBy } from "./log-track.ts";
import type { LineRecord } from "./record.ts";
import { heldBy } from "./times.ts";

const NO_LEAF: LeafHash = parseLeafHash("0".repeat(64));

/** The record as one entry's author could see it when the entry was placed. One is made for every entry that is judged. */
export class EntryContext implements JudgeContext {
  readonly suite: VerifySuite;
  readonly accord: Accord;
  readonly party: Party;
  readonly position: number;
  readonly timeBefore: number;
  readonly ring: KeyRing;
  readonly signatures: boolean;
  readonly lastControl: LogTrack["lastControl"];
  readonly #record: LineRecord;
  readonly #log: LogTrack;
  readonly #entry: Entry;

  constructor(record: LineRecord, log: LogTrack, of: { readonly entry: Entry; readonly signatures: boolean }) {
    this.suite = record.suite;
    this.accord = accordFor(record, log, of.entry);
    this.party = inUseNow(log).party;
    this.position = log.times.length;
    this.timeBefore = log.times.at(-1) ?? 0;
    this.ring = log.ring;
    this.signatures = of.signatures;
    this.lastControl = log.lastControl;
    this.#record = record;
    this.#log = log;
    this.#entry = of.entry;
  }

  amending(): AmendingContext {
    return amendingOf(this.#record, this.#log, this.#entry, this.signatures);
  }

  hadEffect(id: string): boolean {
    return this.#log.actIds.has(id, this.#log.incarnation, isControl(this.#entry.act.header.kind));
  }

  kidTaken(kid: Kid): boolean {
    return kidTaken(this.#record, this.#log, this.#entry, kid);
  }

  rootAt(id: LogId, size: number): Digest | undefined {
    const known = this.#record.logs.get(id);
    return known === undefined || known.party === this.#log.party ? undefined : this.#record.rootAt(id, size);
  }

  namedBefore(id: LogId): number {
    return namedBy(this.#log, id, this.position);
  }

  referred(leaf: LeafHash): Placed | Held | undefined {
    const found = this.#record.byLeaf.get(leaf);
    return found !== undefined && sees(this.#log, this.#entry, found) ? found : undefined;
  }

  withdrawn(): boolean {
    const { time } = this.#entry.placement;
    const withdrawals = this.#channel?.withdrawals ?? [];
    return withdrawals.some((act) => sees(this.#log, this.#entry, act) && (act.header.facts.effective ?? 0) <= time);
  }

  overRate(): boolean {
    return this.#channel?.overRate(inUseNow(this.#log).terms.rates, this.#log, this.#entry) ?? false;
  }

  get #channel(): ChannelTrack | undefined {
    return this.#record.channels.get(this.#entry.act.header.channel);
  }
}

const isControl = (kind: KindName | undefined): boolean => kind !== undefined && KINDS[kind].control === true;

/** Did the author of this entry hold `act` when it was placed: its own, or below a head named until then. */
export function sees(log: LogTrack, entry: Seen, act: Placed | Held): boolean {
  if (act.log.party === log.party || act.log.observedIn?.party === log.party) return true;
  const named = entry.placement.heads.find((head) => head.log === act.log.id)?.size;
  return (
    act.index < (named ?? namedBy(log, act.log.id, entry.placement.index)) ||
    entry.placement.ahead.includes(act.leaf) ||
    (log.listed.get(act.leaf) ?? Infinity) <= entry.placement.index
  );
}

const kidTaken = (record: LineRecord, log: LogTrack, entry: Seen, kid: Kid): boolean =>
  record.accordKids.has(kid) || [...record.logs.values()].some((other) => enrolled(log, entry, other, kid));

/** Two parties may enrol one key at the same time without knowing; only what an author could see is held against it. */
function enrolled(log: LogTrack, entry: Seen, other: LogTrack, kid: Kid): boolean {
  const since = other.ring.keys.get(kid)?.since ?? other.ring.named.get(kid);
  return since !== undefined && (other.party === log.party || sees(log, entry, { log: other, index: since, leaf: NO_LEAF }));
}

/** The accord as it counts for an entry: terms and own file that its log uses; of each other party the file that counts by the
 *  agreed notice after this author held it. */
export function accordFor(record: LineRecord, log: LogTrack, { placement }: Seen): Accord {
  if (log.observedIn !== undefined) return accordFor(record, log.observedIn, { placement });
  const { accord, amendments } = record;
  const use = inUseAt(log, placement.index);
  if (amendments.files.size === 0 && use.termsDigest === accord.termsDigest) return accord;
  const parties = accord.parties.map((party, position) => {
    if (position === log.party) return use.party;
    const counting = (amendments.files.get(position) ?? []).findLast(
      ({ inForce, notice }) => heldSince(record, log, inForce, placement.index) + notice <= placement.time,
    );
    return counting === undefined ? party : { ...party, file: counting.file };
  });
  return { ...accord, terms: use.terms, termsDigest: use.termsDigest, parties };
}

/** The accord as it counts for what this log's author would place next. `at`: POSIX seconds. */
export const accordNow = (record: LineRecord, log: LogTrack, at: number): Accord =>
  accordFor(record, log, { placement: { index: log.times.length, time: at, heads: [], ahead: [] } });

/** When this author's logs first named an act, below position `size`; Infinity: not before. */
function heldSince(record: LineRecord, log: LogTrack, act: Placed, size: number): number {
  const times = (record.logsOf[log.party] ?? []).map((own) => {
    const naming = firstNaming(own, act.log.id, act.index) ?? Infinity;
    const index = Math.min(naming, own.listed.get(act.leaf) ?? Infinity);
    const before = own === log ? index < size : own.incarnation < log.incarnation;
    return before ? (own.times[index] ?? Infinity) : Infinity;
  });
  return Math.min(...times);
}

/** What an entry needs to know of a placement to be compared with others. */
interface Seen {
  readonly placement: Pick<Entry["placement"], "heads" | "ahead"> & { readonly index: number; readonly time: number };
}

/** What the author of an act of an amendment could know. */
export function amendingOf(record: LineRecord, log: LogTrack, entry: Seen, signatures: boolean): AmendingContext {
  const use = inUseNow(log);
  const below = ({ log: theirs, index }: Placed): boolean =>
    index < (entry.placement.heads.find((head) => head.log === theirs.id)?.size ?? namedBy(log, theirs.id, log.times.length));
  return {
    suite: record.suite,
    use,
    others: record.accord.parties.flatMap((party, position) => (position === log.party || party.absent === true ? [] : [position])),
    own: log.amending,
    seen: (party, how) =>
      (record.logsOf[party] ?? []).flatMap((other) =>
        other.amending.filter((act) => act.log === other && (how === "below" ? below(act) : sees(log, entry, act))),
      ),
    baseOf: (leaf) => record.amendments.baseOf(leaf),
    heldBy: (party, act) => {
      const held = heldBy(record, act, party);
      return held !== undefined && below({ ...act, ...held });
    },
    amendment: (digest) => record.amendments.get(digest),
    against: (purpose) => baseFor(record, { log, entry, use, purpose, signatures }),
  };
}

function baseFor(
  record: LineRecord,
  options: {
    readonly log: LogTrack;
    readonly entry: Seen;
    readonly use: InUse;
    readonly purpose: "terms" | "party";
    readonly signatures: boolean;
  },
): ReturnType<AmendingContext["against"]> {
  const { log, entry, use, purpose, signatures } = options;
  return {
    line: record.accord.line,
    party: use.party,
    terms: use.terms,
    signatures,
    base: purpose === "terms" ? use.termsDigest : use.party.fileDigest,
    channels: new Map([...record.channels].map(([number, track]) => [number, track.terms.id])),
    // A key that this log has enrolled and that still counts may be written into the file.
    kidTaken: (kid) => log.ring.keys.get(kid)?.revokedAt !== null && kidTaken(record, log, entry, kid),
  };
}
