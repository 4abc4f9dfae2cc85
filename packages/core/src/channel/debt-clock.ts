import { effectAt, heldAt, isDisputed, placedAt } from "../record/times.ts";
import { sizeAt, type Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import type { Debt } from "./debts.ts";
import { endOfClock } from "./hours.ts";
import { clearOfSeenSuspensions, formSuspended } from "./standing.ts";
import { type ChannelTrack, backwards } from "./track.ts";

const THIRTY_DAYS = 30 * 86_400;

/** A debt as it stands at a time. All POSIX seconds; Infinity: never, as far as the record says. */
export interface DebtNow {
  readonly debt: Debt;
  /** From when the clock runs. */
  readonly start: number;
  /** From when, inclusive, it is overdue. */
  readonly deadline: number;
  /** From when it no longer weighs: ended, or lifted by a later proof. */
  readonly over: number;
  /** not due: running or not started. overdue: weighs as `unanswered`. lapsed: 30 days have passed and it holds the debtor
   *  at `unproven`. over: ended, or a later proof has lifted it. */
  readonly status: "not-due" | "overdue" | "lapsed" | "over";
  readonly disputed: boolean;
}

/** The debt at `at`: pure function of the record. Source: docs/spec/state.md §5. */
export function debtAt(record: LineRecord, track: ChannelTrack, options: { readonly debt: Debt; readonly at: number }): DebtNow {
  const { debt, at } = options;
  const start = startOf(record, track, debt, at);
  const deadline = deadlineOf(record, { debt, start, at });
  const ended = Math.min(...debt.ends.map((act) => effectAt(record, act, at)), Infinity);
  const disputed = isDisputed(record, debt.opener);
  const base = { debt, start, deadline, over: ended, disputed };
  if (ended <= at) return { ...base, status: "over" };
  if (at < deadline) return { ...base, status: "not-due" };
  if (at < deadline + THIRTY_DAYS) return { ...base, status: "overdue" };
  const lift = liftedBy(record, track, { debtor: debt.debtor, after: deadline + THIRTY_DAYS, at });
  return lift === undefined ? { ...base, status: "lapsed" } : { ...base, status: "over", over: effectAt(record, lift, at) };
}

function startOf(record: LineRecord, track: ChannelTrack, debt: Debt, at: number): number {
  const held = heldAt(record, debt.opener, { party: debt.debtor, at });
  if (formSuspended(record, track, { debtor: debt.debtor, form: debt.opener.header.facts.form, at: held })) return Infinity;
  return Math.max(held, clearOfSeenSuspensions(record, track, { opener: debt.opener, at }));
}

function deadlineOf(record: LineRecord, options: { debt: Debt; start: number; at: number }): number {
  const { debt, start, at } = options;
  const hold = debt.holds.findLast((act) => effectAt(record, act, at) <= at);
  if (hold !== undefined) return replyBy(record, hold, at);
  const file = record.accord.parties[debt.debtor]?.file;
  if (file === undefined || debt.opener.header.precedence === "FLASH") return start + debt.seconds;
  return endOfClock(file, start, debt.seconds);
}

/** Until when a holding reply moves the answer clock: as said, and no later than the accord's bound after it was held. */
function replyBy(record: LineRecord, hold: Placed, at: number): number {
  const said = hold.header.facts.replyBy ?? 0;
  const bound = record.accord.terms.holdingReplyMax;
  return bound === null ? said : Math.min(said, effectAt(record, hold, at) + bound);
}

/** The debtor's proof, other than a resumption, that was placed at or after `after` and has effect at `at`. */
export function liftedBy(
  record: LineRecord,
  track: ChannelTrack,
  options: { readonly debtor: number; readonly after: number; readonly at: number },
): Placed | undefined {
  const { debtor, after, at } = options;
  let lifting: Placed | undefined;
  for (const act of backwards(track.proofs.get(debtor) ?? [])) {
    if (placedAt(record, act, at) < after) break;
    if (act.header.kind !== "resume" && effectAt(record, act, at) <= at) lifting = act;
  }
  return lifting;
}

/** Every debt of the channel that may weigh at `at`. Debts that have stopped weighing are put aside, so that the state now
 *  costs no more on a long record than on a short one. */
export function debtsAt(record: LineRecord, track: ChannelTrack, at: number): readonly DebtNow[] {
  const { debts } = track;
  const current = [...debts.open].map((debt) => debtAt(record, track, { debt, at }));
  // A debt may be put aside only when nothing in the record is still to come.
  const final = [...record.logs.values()].every((log) => sizeAt(log, at) === log.times.length);
  for (const now of current) if (final && now.status === "over") debts.settle(now.debt, now.over);
  const earlier = at < debts.settledUntil ? [...debts.settled].filter(([, from]) => from > at) : [];
  const again = earlier.map(([debt]) => debtAt(record, track, { debt, at }));
  return [...current, ...again].filter((now) => now.status !== "over");
}
