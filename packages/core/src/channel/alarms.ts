import { PRECEDENCES } from "../entry/kinds.ts";
import type { Header } from "../entry/act.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { type DebtNow, debtsAt, endedBy } from "./debt-clock.ts";
import type { ClockName } from "./debts.ts";

/** Why somebody of `party` must look now. `arrived`: something waits for an officer's acknowledgement here, or somebody calls now. `overdue`: a clock has run
 *  out, ours or theirs; it rings on both sides. */
export interface Alarm {
  /** Equal for as long as it is the same alarm, on every machine and after every restart. */
  readonly id: string;
  readonly reason: "arrived" | "overdue";
  readonly clock: ClockName;
  /** Position of the party that owes. */
  readonly debtor: number;
  readonly act: Placed;
  /** POSIX seconds; Infinity: its end is not known, or no clock runs. */
  readonly due: number;
}

/** Every alarm that stands at `at`, the most urgent first: a pure function of the record, so that no restart forgets one.
 *  ROUTINE rings only when it is overdue, FLASH also where no clock runs. Source: docs/operating/alarm.md. */
export function alarmsAt(record: LineRecord, { party, at }: { readonly party: number; readonly at: number }): readonly Alarm[] {
  const debts = [...record.channels.values()].flatMap((track) => debtsAt(record, track, at));
  return debts.flatMap((now) => alarmOf(now, { party, at }) ?? []).toSorted(byUrgency);
}

function alarmOf(now: DebtNow, { party, at }: { readonly party: number; readonly at: number }): Alarm | undefined {
  const { debt, held, start, deadline, ended, status } = now;
  const { clock, debtor, opener: act } = debt;
  const { precedence } = act.header;
  // Suspended or not, FLASH rings: its clock waits for the resumption, and an officer looks now.
  const isHere = start <= at || (precedence === "FLASH" && clock === "acknowledgement" && held <= at);
  if (ended <= at || !isHere) return undefined;
  // An officer here has done it, and it ends the clock as soon as the others hold it: nobody here need look.
  if (debtor === party && endedBy(debt) !== undefined) return undefined;
  const said = { clock, debtor, act, due: deadline };
  if (status === "overdue") return { ...said, id: `overdue/${clock}/${debtor}/${act.leaf}/${deadline}`, reason: "overdue" };
  const calls = clock === "call-request" ? [act, ...debt.joined].findLast((asked) => asksForNow(asked.header, at)) : undefined;
  if (calls !== undefined && debtor === party && status === "not-due")
    return { ...said, id: `arrived/${clock}/${debtor}/${calls.leaf}`, reason: "arrived" };
  const rings = clock === "acknowledgement" && debtor === party && precedence !== "ROUTINE";
  return rings && status === "not-due" ? { ...said, id: `arrived/${clock}/${debtor}/${act.leaf}`, reason: "arrived" } : undefined;
}

/** Whether it asks for a call that is to take place at `at`. */
export const asksForNow = ({ kind, facts }: Pick<Header, "kind" | "facts">, at: number): boolean =>
  kind === "call-request" && (facts.windows ?? []).some(({ from, to }) => from <= at && at < to);

function byUrgency(a: Alarm, b: Alarm): number {
  const urgency = ({ act }: Alarm): number => PRECEDENCES.indexOf(act.header.precedence);
  return urgency(b) - urgency(a) || a.due - b.due || (a.id < b.id ? -1 : 1);
}
