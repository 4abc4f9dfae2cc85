import { PRECEDENCES } from "../entry/kinds.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { alarmsAt } from "./alarms.ts";
import { type DebtNow, debtsAt, endedBy } from "./debt-clock.ts";
import { CLOCKS } from "./debts.ts";
import { comparePressure } from "./inbox.ts";

/** A debt that nobody has ended, as a watch sees it. */
export interface Owing {
  readonly now: DebtNow;
  /** Whether it rings at the party that looks, and why. */
  readonly rings: "arrived" | "overdue" | undefined;
  /** The act of the debtor that ends it as soon as it is held. */
  readonly pending: Placed | undefined;
}

/** What anybody owes anybody on a line at `at`, as `party` (a position in the accord) sees it: higher precedence before lower, then
 *  what is due first, then the order of the logs. A pure function of the record. Source: docs/spec/state.md §5. */
export function owingAt(record: LineRecord, { party, at }: { readonly party: number; readonly at: number }): readonly Owing[] {
  const alarms = alarmsAt(record, { party, at });
  return [...record.channels.values()]
    .flatMap((track) => debtsAt(record, track, at))
    .map((now) => ({
      now,
      pending: endedBy(now.debt),
      rings: alarms.find(({ act, clock, debtor }) => isOf(now, { act, clock, debtor }))?.reason,
    }))
    .filter(({ now: { start, ended, status }, rings }) => status !== "over" && (start <= at || rings !== undefined) && ended > at)
    .toSorted((a, b) => comparePressure(urgencyOf(a), urgencyOf(b)));
}

type Rung = Pick<ReturnType<typeof alarmsAt>[number], "act" | "clock" | "debtor">;

const isOf = ({ debt }: DebtNow, { act, clock, debtor }: Rung): boolean =>
  debt.opener === act && debt.clock === clock && debt.debtor === debtor;

/** Where a debt stands in this order: whole numbers that are compared one after the other, and of no two debts equal. A page goes on
 *  after them though the debt itself has been ended since. */
export function urgencyOf({ now: { debt, deadline } }: Owing): readonly number[] {
  const { opener, clock, debtor } = debt;
  return [
    PRECEDENCES.length - PRECEDENCES.indexOf(opener.header.precedence),
    Math.min(deadline, Number.MAX_SAFE_INTEGER),
    opener.log.party,
    opener.log.incarnation,
    opener.index,
    CLOCKS.indexOf(clock),
    debtor,
  ];
}
