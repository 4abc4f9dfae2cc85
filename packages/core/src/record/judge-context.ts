import type { Accord } from "../accord/accord.ts";
import type { Entry } from "../entry/entry.ts";
import { type InUse, inUseAt, inUseNow } from "./in-use.ts";
import { KINDS, type KindName } from "../entry/kinds.ts";
import type { JudgeContext } from "./judge.ts";
import type { AmendingContext } from "./judge-amendment.ts";
import { type Kid, type LeafHash, parseLeafHash } from "../ids.ts";
import { type Held, type LogTrack, type Placed, firstNaming, namedBy } from "./log-track.ts";
import type { LineRecord } from "./record.ts";
import { heldBy } from "./times.ts";

const NO_LEAF: LeafHash = parseLeafHash("0".repeat(64));

/** The record as one entry's author could see it when the entry was placed. */
export function contextOf(
  record: LineRecord,
  options: { readonly log: LogTrack; readonly entry: Entry; readonly signatures: boolean },
): JudgeContext {
  const { log, entry } = options;
  const { header } = entry.act;
  const channel = record.channels.get(header.channel);
  const use = inUseNow(log);
  return {
    suite: record.suite,
    accord: accordFor(record, log, entry),
    party: use.party,
    amending: () => amendingOf(record, log, entry, options.signatures),
    position: log.times.length,
    timeBefore: log.times.at(-1) ?? 0,
    ring: log.ring,
    actIds: { has: (id) => log.actIds.has(id, log.incarnation, isControl(header.kind)) },
    signatures: options.signatures,
    kidTaken: (kid) => kidTaken(record, log, entry, kid),
    lastControl: log.lastControl,
    rootAt: (id, size) => (record.logs.has(id) && record.logs.get(id)?.party !== log.party ? record.rootAt(id, size) : undefined),
    namedBefore: (id) => namedBy(log, id, log.times.length),
    referred: (leaf) => {
      const found = record.byLeaf.get(leaf);
      return found !== undefined && sees(log, entry, found) ? found : undefined;
    },
    withdrawn: () =>
      channel?.withdrawals.some((act) => sees(log, entry, act) && (act.header.facts.effective ?? 0) <= entry.placement.time) ?? false,
    overRate: () => channel?.overRate(use.terms.rates, log, entry) ?? false,
  };
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
