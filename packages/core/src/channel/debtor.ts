import { LAST_SECOND } from "../ids.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { effectAt, placedAt } from "../record/times.ts";
import type { DebtNow } from "./debt-clock.ts";
import type { Debt } from "./debts.ts";
import { lineBegan, reachOf, silentFrom } from "./reach.ts";
import { firstUnreceived } from "./receipt.ts";
import { standingOf } from "./standing.ts";
import { type TestsNow, ceremonyAt } from "./timetable.ts";
import { backwards } from "./log-ordered.ts";
import type { ChannelTrack } from "./track.ts";
import type { Reason, ReasonCode } from "./verdict.ts";
import { channelAt } from "./versions.ts";

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
  // On a line of one party nobody else can show that a person would answer: the best verdict is `unproven`.
  const proof = lastProof(record, track, { party, at });
  const { proofWindow } = channelAt(record, track, at);
  const until = proof === undefined ? -Infinity : placedAt(record, proof, at) + proofWindow;
  if (at >= until || record.oneSided) return [...found, noProof(record, track, { party, at, proof })];
  if (found.length > 0 || proof === undefined) return found;
  const provenAt = placedAt(record, proof, at);
  return [{ code: "proof", by: party, since: provenAt, entry: proof, params: { provenAt, untilAt: Math.min(until, LAST_SECOND) } }];
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
  const first = firstUnreceived(record, track, { party, at, after: -Infinity });
  if (first === undefined || first.since > at) return [];
  const { act, since } = first;
  return [{ code: "not-received", by: party, since, entry: act, params: { precedence: act.header.precedence } }];
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
  return debts
    .filter((now) => now.debt.debtor === party && now.status === "lapsed")
    .map(({ debt, deadline, lapses }) => ({
      code: "overdue-lapsed" as const,
      by: party,
      since: lapses,
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
  const { basis, proofWindow } = channelAt(record, track, at);
  const ceremony = ceremonyAt(record);
  const ended = provenAt === null ? Infinity : provenAt + proofWindow;
  // A side that has not begun has proven nothing since the other began.
  const since = ended <= at ? ended : Math.max(basis.from, ceremony <= at ? ceremony : lineBegan(record));
  return { code: "no-proof", by: party, since, entry: proof, params: { provenAt, window: proofWindow } };
}
