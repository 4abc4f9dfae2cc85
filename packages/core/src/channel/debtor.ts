import { type Placed, namedBy } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { countedTime, effectAt, heldBy, placedAt } from "../record/times.ts";
import type { DebtNow } from "./debt-clock.ts";
import type { Debt } from "./debts.ts";
import { reachOf, silentFrom } from "./reach.ts";
import { standingOf } from "./standing.ts";
import { type TestsNow, ceremonyAt } from "./timetable.ts";
import { type ChannelTrack, backwards } from "./track.ts";
import type { Reason, ReasonCode } from "./verdict.ts";

/** What the channel computes once for all its debtors. */
export interface Shared {
  readonly debts: readonly DebtNow[];
  readonly tests: TestsNow;
}

/** Why a party's receiving and answering on a channel is in the state it is: every reason that applies, in no order. */
export function reasonsOf(
  record: LineRecord,
  track: ChannelTrack,
  options: { readonly party: number; readonly at: number; readonly shared: Shared },
): readonly Reason[] {
  const { party, at, shared } = options;
  const found = [
    ...standing(record, track, party, at),
    ...silence(record, party, at),
    ...receipt(record, track, party, at),
    ...overdue(shared.debts, party),
    ...tests(shared.tests, party),
    ...lapsed(shared.debts, party),
  ];
  const proof = lastProof(record, track, { party, at });
  const until = proof === undefined ? -Infinity : placedAt(record, proof, at) + track.terms.proofWindow;
  if (at >= until) return [...found, noProof(record, track, { party, at, proof })];
  if (found.length > 0 || proof === undefined) return found;
  const provenAt = placedAt(record, proof, at);
  return [{ code: "proof", by: party, since: provenAt, entry: proof, params: { provenAt, until } }];
}

function standing(record: LineRecord, track: ChannelTrack, party: number, at: number): readonly Reason[] {
  const { value, since, act } = standingOf(record, track, { party, at });
  if (value === "open") return [];
  return [{ code: value, by: party, since, entry: act, params: { reviewAt: act?.header.facts.review ?? null } }];
}

function silence(record: LineRecord, party: number, at: number): readonly Reason[] {
  const since = silentFrom(record, party, at);
  if (at < since) return [];
  const { lastAt } = reachOf(record, party, at);
  return [{ code: "silent", by: party, since, entry: undefined, params: { lastAt: lastAt ?? null } }];
}

/** Their node signed something after we sent and still has not taken receipt within the held clock. */
function receipt(record: LineRecord, track: ChannelTrack, party: number, at: number): readonly Reason[] {
  let first: { act: Placed; due: number } | undefined;
  for (const [author, acts] of track.posted) {
    if (author === party) continue;
    for (const act of unheld(record, acts, party)) {
      const clock = track.terms.clocks.held[act.header.precedence];
      const due = clock === undefined ? Infinity : sentAt(record, act) + clock + track.terms.transit;
      if (due > at || !spokeAfter(record, party, sentAt(record, act), at)) continue;
      if (first === undefined || due < first.due) first = { act, due };
    }
  }
  if (first === undefined) return [];
  return [{ code: "not-received", by: party, since: first.due, entry: first.act, params: { precedence: first.act.header.precedence } }];
}

/** A sender's disputed time is read in the receiver's favour. */
const sentAt = (record: LineRecord, act: Placed): number => Math.max(act.placement.time, countedTime(record, act.log, act.index));

/** Acts of one author that `party` has not held, newest first; beyond the oldest such only refused leaves can be unheld. */
function* unheld(record: LineRecord, acts: readonly Placed[], party: number): Generator<Placed> {
  const theirs = record.logsOf[party] ?? [];
  const refused = theirs.some((log) => log.notHeld.size > 0);
  for (const act of backwards(acts)) {
    if (heldBy(record, act, party) === undefined) yield act;
    else if (!refused && theirs.some((log) => namedBy(log, act.log.id, log.times.length) > act.index)) return;
  }
}

/** Did the party place an entry after `time` and by `at`? */
function spokeAfter(record: LineRecord, party: number, time: number, at: number): boolean {
  return (record.logsOf[party] ?? []).some(
    (log) => log.times.some((placed) => placed > time && placed <= at) && (log.times.at(-1) ?? 0) > time,
  );
}

const CLOCK_CODES: Readonly<Record<Debt["clock"], ReasonCode>> = {
  acknowledgement: "acknowledgement-overdue",
  answer: "answer-overdue",
  "call-request": "call-request-overdue",
};

function overdue(debts: readonly DebtNow[], party: number): readonly Reason[] {
  return debts
    .filter((now) => now.debt.debtor === party && now.status === "overdue")
    .map(({ debt, start, deadline, disputed }) => ({
      code: CLOCK_CODES[debt.clock],
      by: party,
      since: deadline,
      entry: debt.opener,
      params: { startAt: start, precedence: debt.opener.header.precedence, tries: 1 + debt.joined.length, timesDisputed: disputed },
    }));
}

function tests({ missed }: TestsNow, party: number): readonly Reason[] {
  const misses = missed.get(party) ?? [];
  const first = misses[0];
  if (first === undefined) return [];
  return [{ code: "test-missed", by: party, since: first.at, entry: undefined, params: { slotAt: first.slot, missed: misses.length } }];
}

function lapsed(debts: readonly DebtNow[], party: number): readonly Reason[] {
  const THIRTY_DAYS = 30 * 86_400;
  return debts
    .filter((now) => now.debt.debtor === party && now.status === "lapsed")
    .map(({ debt, deadline }) => ({
      code: "overdue-lapsed" as const,
      by: party,
      since: deadline + THIRTY_DAYS,
      entry: debt.opener,
      params: { clock: debt.clock, deadlineAt: deadline },
    }));
}

/** The debtor's latest proof on this channel that has effect at `at`. */
export function lastProof(
  record: LineRecord,
  track: ChannelTrack,
  options: { readonly party: number; readonly at: number },
): Placed | undefined {
  for (const act of backwards(track.proofs.get(options.party) ?? [])) if (effectAt(record, act, options.at) <= options.at) return act;
  return undefined;
}

function noProof(record: LineRecord, track: ChannelTrack, options: { party: number; at: number; proof: Placed | undefined }): Reason {
  const { party, at, proof } = options;
  const provenAt = proof === undefined ? null : placedAt(record, proof, at);
  const since = provenAt === null ? Math.max(track.terms.basis.from, ceremonyAt(record)) : provenAt + track.terms.proofWindow;
  return { code: "no-proof", by: party, since, entry: proof, params: { provenAt, window: track.terms.proofWindow } };
}
