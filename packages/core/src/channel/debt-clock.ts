import { type Placed, firstNaming, sizeAt } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { effectAt, heldAt, heldBy, isDisputed, placedAt } from "../record/times.ts";
import type { Debt } from "./debts.ts";
import { endOfClock } from "./hours.ts";
import { resumedAt } from "./standing.ts";
import { backwards } from "./log-ordered.ts";
import type { ChannelTrack } from "./track.ts";
import { filesUntil, termsOfAct } from "./versions.ts";

export const THIRTY_DAYS: number = 30 * 86_400;

/** A debt as it stands at a time. All POSIX seconds; Infinity: never, as far as the record says. */
export interface DebtNow {
  readonly debt: Debt;
  /** When the debtor held it. */
  readonly held: number;
  /** From when the clock runs. */
  readonly start: number;
  /** From when, inclusive, it is overdue. */
  readonly deadline: number;
  /** From when, inclusive, it has been overdue for 30 days, if it was not ended before. */
  readonly lapses: number;
  /** From when it is ended: replied to, or withdrawn. */
  readonly ended: number;
  /** From when it no longer weighs: ended, or lifted by a later proof. */
  readonly over: number;
  /** not due: running or not started. overdue: weighs as `unanswered`. lapsed: 30 days have passed and it holds the debtor
   *  at `unproven`. over: it no longer weighs. */
  readonly status: "not-due" | "overdue" | "lapsed" | "over";
  /** The proof that lifted it. */
  readonly lift: Placed | undefined;
  readonly disputed: boolean;
}

/** The act by which its debtor ends a debt, whether or not it is held by now; undefined: it has placed none. */
export const endedBy = ({ ends, debtor }: Debt): Placed | undefined => ends.find(({ log }) => log.party === debtor);

/** The debt at `at`: pure function of the record. Source: docs/spec/state.md §5. */
export function debtAt(record: LineRecord, track: ChannelTrack, options: { readonly debt: Debt; readonly at: number }): DebtNow {
  const { debt, at } = options;
  const { opener, debtor } = debt;
  const held = heldAt(record, opener, { party: debtor, at });
  const { start, deadline, lapses } = runs(record, track, { debt, held, at });
  const ended = Math.min(...debt.ends.map((act) => effectAt(record, act, at)), Infinity);
  const hold = heldBy(record, opener, debtor);
  const disputed = isDisputed(record, opener) || (hold !== undefined && isDisputed(record, hold));
  const base = { debt, held, start, deadline, lapses, ended, over: ended, lift: undefined, disputed };
  if (ended <= at) return { ...base, status: "over" };
  if (at < deadline) return { ...base, status: "not-due" };
  if (at < lapses) return { ...base, status: "overdue" };
  const lift = liftedBy(record, track, { debtor, after: lapses, at });
  return lift === undefined ? { ...base, status: "lapsed" } : { ...base, status: "over", over: effectAt(record, lift, at), lift };
}

/** The instants of a clock. */
interface Clock {
  readonly start: number;
  readonly deadline: number;
  readonly lapses: number;
}

/** When the clock starts and ends. Where the debtor's clock says it took receipt later than its creditor's log allows, the
 *  creditor's time counts as soon as that log itself has gone past the deadline; until then the debtor's does. So neither a
 *  debtor's clock that is ahead nor a creditor's that is behind makes a debtor's verdict better or worse. */
function runs(record: LineRecord, track: ChannelTrack, options: { debt: Debt; held: number; at: number }): Clock {
  const { debt, held, at } = options;
  const resumed = Math.max(...debt.seen.map((seen) => resumedAt(record, track, seen, at)), 0);
  const clock = clockFrom(record, { debt, start: Math.max(held, resumed), at });
  const claimed = claimedHold(record, debt);
  if (held === Infinity || claimed <= clock.start || witnessed(record, debt, clock.deadline)) return clock;
  return clockFrom(record, { debt, start: claimed, at });
}

/** When the debtor says it took receipt; −Infinity while it has not. */
function claimedHold(record: LineRecord, { opener, debtor }: Debt): number {
  const hold = heldBy(record, opener, debtor);
  return hold?.log.times[hold.index] ?? -Infinity;
}

/** Has the creditor's own log gone past `instant`? */
const witnessed = (record: LineRecord, { opener }: Debt, instant: number): boolean =>
  (record.logsOf[opener.log.party] ?? []).some((log) => (log.times.at(-1) ?? -Infinity) >= instant);

/** The clock that starts at `start`. What has become overdue is not made to lapse earlier by a holding reply: the thirty days
 *  count from the later of the deadline it moved and the one it moved to. */
function clockFrom(record: LineRecord, options: { debt: Debt; start: number; at: number }): Clock {
  const { debt, start, at } = options;
  let deadline = ownDeadline(record, debt, start);
  let latest = deadline;
  const holds = debt.holds.filter((act) => effectAt(record, act, at) <= at && promises(record, { act, start, at }));
  for (const act of holds) {
    deadline = replyBy(record, { opener: debt.opener, act, first: holds[0] ?? act, at });
    latest = Math.max(latest, deadline);
  }
  return { start, deadline, lapses: latest + THIRTY_DAYS };
}

function ownDeadline(record: LineRecord, debt: Debt, start: number): number {
  if (debt.opener.header.precedence === "FLASH") return start + debt.seconds;
  return endOfClock(filesUntil(record, debt.debtor, Infinity), start, debt.seconds);
}

/** A holding reply for a time before it was placed, or before the clock runs, promises nothing and moves nothing. */
const promises = (record: LineRecord, { act, start, at }: { act: Placed; start: number; at: number }): boolean =>
  (act.header.facts.replyBy ?? 0) > Math.max(placedAt(record, act, at), start);

/** To when a holding reply moves the answer clock: as it says, and no later than the accord's bound after the first one was
 *  held. The bound is for all of them together, or replying every day would put an answer off for ever. */
function replyBy(record: LineRecord, options: { opener: Placed; act: Placed; first: Placed; at: number }): number {
  const { opener, act, first, at } = options;
  const said = act.header.facts.replyBy ?? 0;
  const bound = termsOfAct(opener).holdingReplyMax;
  return bound === null ? said : Math.min(said, effectAt(record, first, at) + bound);
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
  const logs = [...record.logs.values()];
  // A debt may be put aside only when nothing in the record is still to come.
  if (logs.every((log) => sizeAt(log, at) === log.times.length)) {
    for (const now of current) if (now.status === "over" && isFinal(record, now)) debts.settle(now.debt, now.over);
  }
  const again = debts.settled.after(at).map((debt) => debtAt(record, track, { debt, at }));
  return [...current, ...again].filter((now) => now.status !== "over");
}

/** Instants after `at` at which a debt of the channel may start, become overdue, or have been so for 30 days. */
export function debtInstants(record: LineRecord, track: ChannelTrack, at: number): readonly number[] {
  return debtsAt(record, track, at).flatMap(({ debt }) => instantsOf(record, track, { debt, at }));
}

/** The same of one debt. */
export function instantsOf(
  record: LineRecord,
  track: ChannelTrack,
  options: { readonly debt: Debt; readonly at: number },
): readonly number[] {
  const { debt, at } = options;
  const held = heldAt(record, debt.opener, { party: debt.debtor, at: Infinity });
  const resumed = Math.max(...debt.seen.map((seen) => resumedAt(record, track, seen, Infinity)), 0);
  const clocks = [Math.max(held, resumed), claimedHold(record, debt)].map((start) => clockFrom(record, { debt, start, at }));
  return clocks.flatMap(({ start, deadline, lapses }) => [start, deadline, lapses]).filter((instant) => instant > at);
}

/** Can no later entry move the times on which this rests? What is ended stays ended. A lift stands once all other parties have
 *  named the debtor's entries it rests on. */
function isFinal(record: LineRecord, { debt, ended, over, lift }: DebtNow): boolean {
  if (ended <= over) return true;
  const hold = heldBy(record, debt.opener, debt.debtor);
  const rests = [hold, lift].filter((entry) => entry !== undefined);
  const others = [...record.logs.values()].filter((log) => log.party !== debt.debtor);
  return rests.every(({ log, index }) => others.every((other) => firstNaming(other, log.id, index) !== undefined));
}
