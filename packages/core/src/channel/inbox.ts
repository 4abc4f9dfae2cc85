import { KINDS, PRECEDENCES } from "../entry/kinds.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { type DebtNow, debtAt } from "./debt-clock.ts";
import type { ClockName } from "./debts.ts";

/** What somebody of one party still owes for an act of another. */
export interface Owed {
  readonly clock: ClockName;
  /** POSIX seconds; undefined: its clock does not run yet. */
  readonly due: number | undefined;
  readonly overdue: boolean;
}

export interface InboxItem {
  readonly act: Placed;
  readonly owed: readonly Owed[];
}

/** Acts of the other parties' posts, the most pressing first: overdue before due, higher precedence before lower, earlier due time
 *  before later, then newest first. Without `all` only those for which `party` (a position in the accord) owes something. */
export function inboxOf(
  record: LineRecord,
  options: { readonly party: number; readonly at: number; readonly all: boolean },
): readonly InboxItem[] {
  const items: InboxItem[] = [];
  for (const act of record.byLeaf.values()) {
    const kind = act.header?.kind;
    if (act.header === undefined || kind === undefined || act.log.party === options.party || KINDS[kind].by !== "post") continue;
    const owed = owedFor(record, act, options);
    if (options.all || owed.length > 0) items.push({ act, owed });
  }
  return items.toSorted(byPressure);
}

function owedFor(record: LineRecord, act: Placed, { party, at }: { readonly party: number; readonly at: number }): readonly Owed[] {
  const track = record.channels.get(act.header.channel);
  if (track === undefined) return [];
  const running = (now: DebtNow): boolean => now.status !== "over" && now.ended > at;
  return track.debts
    .of(act.leaf)
    .filter((debt) => debt.debtor === party && debt.opener === act)
    .map((debt) => debtAt(record, track, { debt, at }))
    .filter(running)
    .map(({ debt, deadline, status }) => ({
      clock: debt.clock,
      due: Number.isFinite(deadline) ? deadline : undefined,
      overdue: status === "overdue" || status === "lapsed",
    }));
}

function byPressure(a: InboxItem, b: InboxItem): number {
  const overdue = (item: InboxItem): number => (item.owed.some((owed) => owed.overdue) ? 0 : 1);
  const due = (item: InboxItem): number => Math.min(...item.owed.map((owed) => owed.due ?? Infinity), Number.MAX_SAFE_INTEGER);
  const precedence = (item: InboxItem): number => PRECEDENCES.indexOf(item.act.header.precedence);
  return (
    overdue(a) - overdue(b) ||
    precedence(b) - precedence(a) ||
    due(a) - due(b) ||
    b.act.placement.time - a.act.placement.time ||
    b.act.index - a.act.index
  );
}
