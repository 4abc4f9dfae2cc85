import type { Amendment } from "../accord/amendment.ts";
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
  /** Whose turn it is, and to do what; nobody's where it has been taken back, or another one was confirmed on its base. */
  readonly next: { readonly kind: "accept" | "confirm" | "hold" | "in-force"; readonly parties: readonly number[] } | undefined;
}

/** Every proposal that is not in force in all logs, in the order read: what people and nodes still have to do. */
export function amendmentStatus(record: LineRecord): readonly AmendmentStatus[] {
  const acts = [...record.logs.values()].flatMap((log) => log.amending.filter((act) => act.log === log));
  const proposals = acts.filter((act) => act.header.kind === "propose");
  const all = proposals.flatMap((proposal) => statusOf(record, acts, proposal) ?? []);
  return all.filter(({ inForce, purpose }) => inForce.length < (purpose === "party" ? 1 : record.accord.parties.length));
}

function statusOf(record: LineRecord, acts: readonly Placed[], proposal: Placed): AmendmentStatus | undefined {
  const { digest, purpose } = proposal.header.facts;
  if (digest === undefined || (purpose !== "terms" && purpose !== "party")) return undefined;
  const about = acts.filter((act) => act.header.refs.includes(proposal.leaf));
  const accepted = about.filter((act) => act.header.kind === "accept").map((act) => act.log.party);
  const confirm = about.find((act) => act.header.kind === "confirm");
  const rests = purpose === "party" ? proposal : confirm;
  const inForce = acts.filter((act) => act.header.kind === "in-force" && rests !== undefined && act.header.refs.includes(rests.leaf));
  const status = { proposal, purpose, digest, amendment: record.amendments.get(digest), accepted, confirm } as const;
  const parties = [...new Set(inForce.map((act) => act.log.party))];
  return { ...status, inForce: parties, next: nextOf(record, { ...status, inForce: parties, acts }) };
}

function nextOf(record: LineRecord, status: Omit<AmendmentStatus, "next"> & { readonly acts: readonly Placed[] }): AmendmentStatus["next"] {
  const { proposal, purpose, accepted, confirm, inForce, acts } = status;
  const author = proposal.log.party;
  const all = record.accord.parties.map((_, position) => position);
  const without = (done: readonly number[]): readonly number[] => all.filter((party) => party !== author && !done.includes(party));
  if (confirm !== undefined) return { kind: "in-force", parties: all.filter((party) => !inForce.includes(party)) };
  const own = record.logsOf[author]?.at(-1);
  assert(own !== undefined, "an author has a log");
  if (!isLatest(own.amending, proposal)) return undefined;
  const use = inUseNow(own);
  const base = record.amendments.baseOf(proposal.leaf);
  if (base !== (purpose === "party" ? use.party.fileDigest : use.termsDigest)) return undefined;
  if (purpose === "party") {
    const waits = without([]).filter((party) => !contextNow(record, own).heldBy(party, proposal));
    return waits.length > 0 ? { kind: "hold", parties: waits } : { kind: "in-force", parties: [author] };
  }
  if (acts.some((act) => act.header.kind === "confirm" && record.amendments.baseOf(act.leaf) === base)) return undefined;
  const missing = without(accepted);
  return missing.length > 0 ? { kind: "accept", parties: missing } : { kind: "confirm", parties: [author] };
}

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
