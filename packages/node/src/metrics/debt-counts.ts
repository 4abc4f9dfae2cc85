import { PRECEDENCES, type Precedence, debtsAt, secondsOf } from "@openline/core";
import type { ServedLine } from "../http/served.ts";

/** What one party of a line owes now, by the precedence of what it owes it for. */
interface DebtCount {
  readonly debtor: string;
  readonly precedence: Precedence;
  readonly unacknowledged: number;
  readonly overdue: number;
}

/** For every party and precedence, also where nothing is owed: a value that is gone would be no zero. */
export function debtCounts({ node, accord }: ServedLine): readonly DebtCount[] {
  const { record } = node;
  const at = secondsOf(node.options.world.clock.now());
  const debts = [...record.channels.values()].flatMap((track) => debtsAt(record, track, at));
  return accord.parties.flatMap(({ id }, position) =>
    PRECEDENCES.map((precedence): DebtCount => {
      const own = debts.filter(({ debt }) => debt.debtor === position && debt.opener.header.precedence === precedence);
      const running = own.filter(({ debt, start, ended }) => debt.clock === "acknowledgement" && start <= at && ended > at);
      const overdue = own.filter(({ status, ended }) => (status === "overdue" || status === "lapsed") && ended > at);
      return { debtor: id, precedence, unacknowledged: running.length, overdue: overdue.length };
    }),
  );
}
