import type { Amendment, AmendmentBase } from "../accord/amendment.ts";
import { presentParties } from "../accord/accord.ts";
import { assert } from "../errors.ts";
import type { Digest, LeafHash } from "../ids.ts";
import type { Placement } from "../entry/entry.ts";
import type { Facts } from "../entry/facts.ts";
import { inUseNow } from "./in-use.ts";
import { amendingOf } from "./judge-context.ts";
import { type AmendingContext, type Purpose, isLatest, judgeAmendment } from "./judge-amendment.ts";
import type { LogTrack, Placed } from "./log-track.ts";
import type { LineRecord } from "./record.ts";

/** One proposal on the terms or file in use, and what it waits for. Parties are positions in the accord. */
export interface AmendmentStatus {
  readonly proposal: Placed;
  readonly purpose: Purpose;
  readonly digest: Digest;
  /** Undefined while its body has not come. */
  readonly amendment: Amendment | undefined;
  readonly accepted: readonly number[];
  readonly confirm: Placed | undefined;
  /** Parties whose logs use it. */
  readonly inForce: readonly number[];
  /** Whose turn it is, and to do what; nobody's where it is over. `take-back`: each of these parties has accepted another's, and nothing
   *  goes on until one of them takes its own back. */
  readonly next: { readonly kind: AmendmentStep; readonly parties: readonly number[] } | undefined;
  /** Why nothing comes of it any more: its author proposed again, or another one was confirmed on its base. */
  readonly over: "taken-back" | "overtaken" | undefined;
}

export type AmendmentStep = "accept" | "confirm" | "take-back" | "hold" | "in-force";

/** Every proposal that is not in force in all logs, in the order read: what people and nodes still have to do. */
export function amendmentStatus(record: LineRecord): readonly AmendmentStatus[] {
  const acts = [...record.logs.values()].flatMap((log) => log.amending.filter((act) => act.log === log));
  const proposals = acts.filter((act) => act.header.kind === "propose");
  const all = proposals.flatMap((proposal) => statusOf(record, acts, proposal) ?? []);
  return all.filter(({ inForce, purpose }) => inForce.length < (purpose === "party" ? 1 : presentParties(record.accord).length));
}

function statusOf(record: LineRecord, acts: readonly Placed[], proposal: Placed): AmendmentStatus | undefined {
  const { digest, purpose } = proposal.header.facts;
  if (digest === undefined || (purpose !== "terms" && purpose !== "party")) return undefined;
  const about = acts.filter((act) => act.header.refs.includes(proposal.leaf));
  const accepted = about.filter((act) => act.header.kind === "accept").map((act) => act.log.party);
  const confirm = about.find((act) => act.header.kind === "confirm");
  const rests = purpose === "party" ? proposal : confirm;
  const inForce = acts.filter((act) => act.header.kind === "in-force" && rests !== undefined && act.header.refs.includes(rests.leaf));
  const parties = [...new Set(inForce.map((act) => act.log.party))];
  const status = { proposal, purpose, digest, accepted, confirm, inForce: parties } as const;
  const over = overBy(record, { ...status, acts });
  const next = over === undefined ? nextOf(record, status) : undefined;
  return { ...status, amendment: record.amendments.get(digest), next, over };
}

type Known = Omit<AmendmentStatus, "next" | "over" | "amendment">;

function overBy(
  record: LineRecord,
  { proposal, purpose, confirm, acts }: Known & { readonly acts: readonly Placed[] },
): AmendmentStatus["over"] {
  if (confirm !== undefined) return undefined;
  const own = latestLog(record, proposal.log.party);
  if (!isLatest(own.amending, proposal)) return "taken-back";
  const use = inUseNow(own);
  const base = record.amendments.baseOf(proposal.leaf);
  if (base !== (purpose === "party" ? use.party.fileDigest : use.termsDigest)) return "overtaken";
  const rival = purpose === "terms" && acts.some((act) => act.header.kind === "confirm" && record.amendments.baseOf(act.leaf) === base);
  return rival ? "overtaken" : undefined;
}

function nextOf(record: LineRecord, { proposal, purpose, accepted, confirm, inForce }: Known): AmendmentStatus["next"] {
  const author = proposal.log.party;
  const all = record.accord.parties.flatMap((party, position) => (party.absent === true ? [] : [position]));
  const others = all.filter((party) => party !== author);
  if (confirm !== undefined) return { kind: "in-force", parties: all.filter((party) => !inForce.includes(party)) };
  const own = latestLog(record, author);
  if (purpose === "party") {
    const waits = others.filter((party) => !contextNow(record, own).heldBy(party, proposal));
    return waits.length > 0 ? { kind: "hold", parties: waits } : { kind: "in-force", parties: [author] };
  }
  const missing = others.filter((party) => !accepted.includes(party));
  if (missing.length > 0) return { kind: "accept", parties: missing };
  const bound = boundTo(record, own, record.amendments.baseOf(proposal.leaf));
  return bound.length > 0 ? { kind: "take-back", parties: [author, ...bound] } : { kind: "confirm", parties: [author] };
}

/** Parties whose proposal on this base the author of this log has accepted and that have not taken it back. */
function boundTo(record: LineRecord, log: LogTrack, base: Digest | undefined): readonly number[] {
  const accepted = new Set(log.amending.filter(({ header }) => header.kind === "accept").flatMap(({ header }) => header.refs));
  return record.logsOf.flatMap((_, party) => {
    const theirs = party === log.party ? undefined : record.logsOf[party]?.at(-1);
    const standing = theirs?.amending.findLast(({ header }) => header.kind === "propose" && header.facts.purpose === "terms");
    return standing !== undefined && accepted.has(standing.leaf) && record.amendments.baseOf(standing.leaf) === base ? [party] : [];
  });
}

function latestLog(record: LineRecord, party: number): LogTrack {
  const log = record.logsOf[party]?.at(-1);
  assert(log !== undefined, "an author has a log");
  return log;
}

/** What an amendment by this log's party would be checked against as its log stands now. */
export const amendmentBaseNow = (record: LineRecord, log: LogTrack, purpose: Purpose): AmendmentBase =>
  contextNow(record, log).against(purpose);

/** The `in-force` that this log's node should place next, naming these heads: of terms that are confirmed, or of its party's own
 *  file that every other party holds. Undefined: nothing to go over to, or not yet. */
export function dueInForce(
  record: LineRecord,
  log: LogTrack,
  naming: Naming = NOTHING,
): { readonly facts: Facts; readonly refs: readonly LeafHash[] } | undefined {
  const context = contextNow(record, log, naming);
  const others = context.others.flatMap((party) => context.seen(party, "below"));
  const candidates = [...others, ...log.amending].filter(({ header }) => header.kind === "confirm" || header.facts.purpose === "party");
  for (const act of candidates.toReversed()) {
    const { digest } = act.header.facts;
    if (digest === undefined) continue;
    const header = { ...act.header, kind: "in-force" as const, facts: { digest }, refs: [act.leaf] };
    if (judgeAmendment(context, header, [act]) === undefined) return { facts: { digest }, refs: [act.leaf] };
  }
  return undefined;
}

type Naming = Pick<Placement, "heads" | "ahead">;
const NOTHING: Naming = { heads: [], ahead: [] };

/** What the author of this log knows, with nothing more named than this. */
const contextNow = (record: LineRecord, log: LogTrack, naming: Naming = NOTHING): AmendingContext =>
  amendingOf(record, log, { placement: { index: log.times.length, time: log.times.at(-1) ?? 0, ...naming } }, true);
