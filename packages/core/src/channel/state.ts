import { parseChannelId, type ChannelId } from "../ids.ts";
import { assert } from "../errors.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { logOrder } from "../record/times.ts";
import { debtsAt } from "./debt-clock.ts";
import { CLOCKS } from "./debts.ts";
import { lastProof, reasonsOf } from "./debtor.ts";
import { closedUntil } from "./hours.ts";
import { debtorsOf } from "./parties.ts";
import { type Principals, principalsAt } from "./principals.ts";
import { type Reach, lineBegan, reachOf } from "./reach.ts";
import { type PartyStanding, countsFrom, shownSince, standingOf } from "./standing.ts";
import { type TestsNow, testsAt } from "./timetable.ts";
import type { ChannelTrack } from "./track.ts";
import { type Reason, type Verdict, compareReasons, verdictOf, worst } from "./verdict.ts";
import { channelAt, filesUntil } from "./versions.ts";
import type { DebtNow } from "./debt-clock.ts";

/** The state of one channel at one time, computed from the record and nothing else. Parties are positions in the accord,
 *  times POSIX seconds. `validUntil` is computed in `valid-until.ts`. Source: docs/spec/state.md. */
export interface ChannelState {
  readonly id: ChannelId;
  readonly at: number;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly responsible: readonly number[];
  readonly debtors: readonly DebtorState[];
  readonly basis: BasisState;
  readonly standing: StandingState;
  readonly reach: readonly Reach[];
  readonly watch: TestsNow & { readonly overdue: readonly DebtNow[] };
  readonly principals: Principals;
  /** Debtors closed by agreement: from when they are open again; null: never, as it stands. */
  readonly closed: ReadonlyMap<number, number | null>;
  /** Entries the state rests on. */
  readonly evidence: readonly Placed[];
  readonly restsOnUnsure: boolean;
  /** The line is one-sided: this is the account of the one party that writes it. */
  readonly ourAccount: boolean;
}

export interface DebtorState {
  readonly party: number;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
}

export interface BasisState {
  readonly value: "in-force" | "not-yet" | "lapsed" | "withdrawn";
  readonly from: number;
  readonly to: number | null;
  readonly withdrawal: Placed | undefined;
}

export interface StandingState {
  /** The worse of the parties' standings; `since` is that of the earliest still standing. */
  readonly value: PartyStanding["value"];
  readonly by: readonly number[];
  readonly since: number | null;
  readonly days: number | null;
  readonly parties: readonly PartyStanding[];
}

const DAY = 86_400;

/** `state(cut, accord, at)` of one channel: `record` holds the accord and exactly the entries of the cut. */
export function channelState(record: LineRecord, track: ChannelTrack, at: number): ChannelState {
  const basis = basisOf(record, track, at);
  const standing = standingState(record, track, at);
  const debts = debtsAt(record, track, at);
  const tests = testsAt(record, track, at);
  const principals = principalsAt(record, track, at);
  const debtors = debtorsOf(record, track, at).map((party) => debtor(record, track, { party, at, basis, shared: { debts, tests } }));
  const verdict = worst(debtors.map((item) => item.verdict));
  const reasons = distinct(debtors.flatMap((item) => item.reasons)).toSorted(compareReasons);
  const evidence = evidenceOf(record, track, { at, reasons, standing, principals, basis });
  return {
    id: parseChannelId(track.terms.id),
    at,
    verdict,
    reasons,
    responsible: responsible(verdict, reasons),
    debtors,
    basis,
    standing,
    reach: record.accord.parties.map((_, party) => reachOf(record, party, at)),
    watch: { ...tests, overdue: debts.filter((now) => now.status === "overdue").toSorted(compareDebts) },
    principals,
    closed: closedAt(record, track, at),
    evidence,
    ourAccount: record.oneSided,
    restsOnUnsure: !channelAt(record, track, at).basis.sure || evidence.some((act) => act.header.facts.unsure === true),
  };
}

/** Hours and holidays stop the clocks of a debtor; a state says so, or it would look like silence. */
function closedAt(record: LineRecord, track: ChannelTrack, at: number): ReadonlyMap<number, number | null> {
  const closed = debtorsOf(record, track, at).flatMap((party) => {
    const until = closedUntil(filesUntil(record, party, Infinity), at);
    return until === null ? [] : [[party, Number.isFinite(until) ? until : null] as const];
  });
  return new Map(closed);
}

/** Earliest overdue first, then by clock and by the openers' places: never the order in which two logs happened to be read. */
function compareDebts(a: DebtNow, b: DebtNow): number {
  const [first, second] = [a.debt, b.debt];
  return (
    a.deadline - b.deadline ||
    CLOCKS.indexOf(first.clock) - CLOCKS.indexOf(second.clock) ||
    first.opener.log.party - second.opener.log.party ||
    logOrder(first.opener, second.opener) ||
    first.debtor - second.debtor
  );
}

function basisOf(record: LineRecord, track: ChannelTrack, at: number): BasisState {
  const { from, to } = channelAt(record, track, at).basis;
  const withdrawn = track.withdrawals
    .map((act) => ({ act, counts: countsFrom(record, act, at) }))
    // A basis that has run out cannot be withdrawn any more.
    .filter(({ counts }) => counts <= at && (to === null || counts < to))
    .toSorted((a, b) => a.counts - b.counts || a.act.log.party - b.act.log.party || logOrder(a.act, b.act));
  const withdrawal = withdrawn[0]?.act;
  // Terms may rest on what was agreed long ago; no channel of the line is in force before the line is there.
  if (at < from || at < lineBegan(record)) return { value: "not-yet", from, to, withdrawal: undefined };
  if (withdrawal !== undefined) return { value: "withdrawn", from, to, withdrawal };
  return { value: to !== null && at >= to ? "lapsed" : "in-force", from, to, withdrawal: undefined };
}

function standingState(record: LineRecord, track: ChannelTrack, at: number): StandingState {
  const parties = record.accord.parties.map((_, party) => standingOf(record, track, { party, at }));
  const by = parties.flatMap((item, party) => (item.value === "open" ? [] : [party]));
  const values = new Set(parties.map((item) => item.value));
  const value = values.has("cancelled") ? "cancelled" : values.has("suspended") ? "suspended" : "open";
  const since = by.length === 0 ? null : Math.min(...by.map((party) => parties[party]?.since ?? Infinity));
  return { value, by, since, days: since === null ? null : Math.floor(at / DAY) - Math.floor(since / DAY), parties };
}

function debtor(
  record: LineRecord,
  track: ChannelTrack,
  options: { party: number; at: number; basis: BasisState; shared: { debts: readonly DebtNow[]; tests: TestsNow } },
): DebtorState {
  const { party, basis } = options;
  if (basis.value !== "in-force") {
    const by = basis.withdrawal?.log.party;
    const began = lineBegan(record);
    const since = {
      "not-yet": began <= options.at ? began : 0,
      lapsed: basis.to ?? 0,
      withdrawn: basis.withdrawal === undefined ? 0 : shownSince(record, basis.withdrawal, options.at),
    }[basis.value];
    const reason: Reason = {
      code: basis.value,
      by,
      since,
      entry: basis.withdrawal,
      params: { fromAt: finite(Math.max(basis.from, began)), toAt: basis.to },
    };
    return { party, verdict: "not-in-force", reasons: [reason] };
  }
  const reasons = reasonsOf(record, track, options).toSorted(compareReasons);
  return { party, verdict: worst(reasons.map(verdictOf)), reasons };
}

const finite = (instant: number): number | null => (Number.isFinite(instant) ? instant : null);

/** Who is responsible for the verdict: the parties its reasons name. Nobody is for an open channel or a basis that ran out. */
function responsible(verdict: Verdict, reasons: readonly Reason[]): readonly number[] {
  if (verdict === "open") return [];
  const named = reasons.filter((reason) => verdictOf(reason) === verdict).flatMap((reason) => (reason.by === undefined ? [] : [reason.by]));
  return [...new Set(named)].toSorted((a, b) => a - b);
}

/** The same reason of two debtors (a basis that ran out) stands once. */
function distinct(reasons: readonly Reason[]): readonly Reason[] {
  const seen = new Map(reasons.map((reason) => [`${reason.code} ${reason.by} ${reason.since} ${reason.entry?.leaf}`, reason]));
  return [...seen.values()];
}

function evidenceOf(
  record: LineRecord,
  track: ChannelTrack,
  rests: { at: number; reasons: readonly Reason[]; standing: StandingState; principals: Principals; basis: BasisState },
): readonly Placed[] {
  const { at } = rests;
  const proofs = debtorsOf(record, track, at).map((party) => lastProof(record, track, { party, at }));
  const standing = rests.standing.parties.flatMap((item) => [...item.acts, ...item.forms.values()]);
  const all = [
    ...rests.reasons.map((reason) => reason.entry),
    ...standing,
    rests.principals.request,
    rests.principals.act,
    rests.basis.withdrawal,
    ...proofs,
  ];
  const unique = new Map(all.filter((act) => act !== undefined).map((act) => [act.leaf, act]));
  return [...unique.values()].toSorted((a, b) => a.log.party - b.log.party || a.log.incarnation - b.log.incarnation || a.index - b.index);
}

/** The track of a channel by its id. */
export function trackOf(record: LineRecord, id: string): ChannelTrack {
  const track = [...record.channels.values()].find((item) => item.terms.id === id);
  assert(track !== undefined, `the accord has no channel ${id}`);
  return track;
}
