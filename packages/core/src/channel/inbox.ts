import { KINDS, PRECEDENCES } from "../entry/kinds.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { effectAt } from "../record/times.ts";
import { type DebtNow, debtAt } from "./debt-clock.ts";
import type { ClockName } from "./debts.ts";
import { debtorsOf } from "./parties.ts";

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
  /** A test that waits for the answer of somebody of this party. It has no clock of its own: a timetable's slots have. */
  readonly testWaits: boolean;
}

/** What posts of the other parties said by acts of kinds that only a later version knows: nobody here can say what is owed for them. */
export const laterInbox = (record: LineRecord, party: number): readonly Placed[] =>
  record.laterKinds.filter(({ log, header }) => log.party !== party && header.from !== undefined);

/** Acts of the other parties' posts, the most pressing first: overdue before due, higher precedence before lower, earlier due time
 *  before later, then in the order in which they were placed. Without `all` only those of known kinds for which `party` (a position
 *  in the accord) owes something, and tests that wait for its answer; the others stand after them, newest first. */
export function inboxOf(
  record: LineRecord,
  options: { readonly party: number; readonly at: number; readonly all: boolean },
): readonly InboxItem[] {
  const items: InboxItem[] = [];
  const waiting = testsToAnswer(record, options);
  for (const act of record.byLeaf.values()) {
    const kind = act.header?.kind;
    if (act.header === undefined || kind === undefined || act.log.party === options.party || KINDS[kind].by !== "post") continue;
    const owed = owedFor(record, act, options);
    const testWaits = waiting.has(act);
    if (options.all || owed.length > 0 || testWaits) items.push({ act, owed, testWaits });
  }
  const later = options.all ? laterInbox(record, options.party).map((act): InboxItem => ({ act, owed: [], testWaits: false })) : [];
  return [...items, ...later]
    .map((item) => ({ item, pressure: pressureOf(item) }))
    .toSorted((a, b) => comparePressure(a.pressure, b.pressure))
    .map(({ item }) => item);
}

/** The last test of each other party on each channel, while nobody of `party` has answered it: an earlier one asks for nothing any more. */
function testsToAnswer(record: LineRecord, { party, at }: { readonly party: number; readonly at: number }): ReadonlySet<Placed> {
  const waiting = new Set<Placed>();
  for (const track of record.channels.values()) {
    if (!debtorsOf(record, track, at).includes(party)) continue;
    for (const [caller, tests] of track.tests) {
      const last = caller === party ? undefined : tests.findLast(({ test }) => effectAt(record, test, at) <= at);
      if (last !== undefined && !last.answers.some((act) => act.log.party === party)) waiting.add(last.test);
    }
  }
  return waiting;
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

/** Where an item stands in this order: whole numbers that are compared one after the other, and of no two items equal. A page goes
 *  on after them though the item itself has left the list since. */
export function pressureOf({ act, owed, testWaits }: InboxItem): readonly number[] {
  const due = Math.min(...owed.map((item) => item.due ?? Infinity), Number.MAX_SAFE_INTEGER);
  // What came after an outage all falls due at once, and is a story told from its beginning.
  const inTime = (value: number): number => (owed.length > 0 ? value : Number.MAX_SAFE_INTEGER - value);
  return [
    owed.some((item) => item.overdue) ? 0 : owed.length > 0 || testWaits ? 1 : 2,
    PRECEDENCES.length - PRECEDENCES.indexOf(act.header.precedence),
    due,
    inTime(act.placement.time),
    inTime(act.index),
    act.log.party,
    act.log.incarnation,
  ];
}

/** Negative where the first stands before the second. */
export function comparePressure(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
