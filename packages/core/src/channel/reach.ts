import { type LogTrack, firstAbove, firstNaming, namedBy, sizeAt } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { termsAt } from "./versions.ts";

/** Is the other node alive, measured on our own log. Source: docs/spec/state.md §4. */
export interface Reach {
  /** Claimed time of the party's last entry; undefined: none. */
  readonly lastAt: number | undefined;
  /** Seconds. */
  readonly age: number;
}

/** Reach of `party` at `at`: the least age over the other parties' logs, since one log that it keeps naming shows that it lives. */
export function reachOf(record: LineRecord, party: number, at: number): Reach {
  const last = Math.max(...(record.logsOf[party] ?? []).map((log) => log.times[sizeAt(log, at) - 1] ?? -Infinity));
  if (record.oneSided) return { lastAt: last === -Infinity ? undefined : last, age: 0 };
  const ages = record.logsOf.flatMap((logs, other) => (other === party ? [] : [ageOn(record, logs, party, at)]));
  return { lastAt: last === -Infinity ? undefined : last, age: ages.length === 0 ? 0 : Math.min(...ages) };
}

/** `at` minus the later of the time of the oldest entry of `logs` that the party does not name, and the time of the first
 *  entry of `logs` that names the party's last progress; 0 when nothing is unnamed. */
function ageOn(record: LineRecord, logs: readonly LogTrack[], party: number, at: number): number {
  const theirs = record.logsOf[party] ?? [];
  const oldest = oldestUnnamed(logs, theirs, at);
  return oldest === undefined ? 0 : Math.max(0, at - Math.max(oldest, progressSeen(logs, theirs, at)));
}

/** Time of the oldest entry of the party's newest log at `at` that the other does not name. The tail of a closed
 *  incarnation may be lost for good, which is not the other's silence. */
function oldestUnnamed(logs: readonly LogTrack[], theirs: readonly LogTrack[], at: number): number | undefined {
  const log = logs.findLast((item) => (item.times[0] ?? Infinity) <= at);
  if (log === undefined) return undefined;
  const named = Math.max(0, ...theirs.map((other) => namedBy(other, log.id, sizeAt(other, at))));
  const time = log.times[named];
  return time !== undefined && time <= at ? time : undefined;
}

/** Where what no other party's log names yet begins in the party's newest log. */
export function unheldFrom(record: LineRecord, party: number): { readonly log: LogTrack; readonly index: number } | undefined {
  const log = record.logsOf[party]?.at(-1);
  if (log === undefined || record.oneSided) return undefined;
  const others = [...record.logs.values()].filter((other) => other.party !== party);
  return { log, index: Math.max(0, ...others.map((other) => namedBy(other, log.id, other.times.length))) };
}

/** When `logs` first named the party's last progress that they have seen: an entry of it that named more of them than
 *  before. Naming needs having, so the party cannot date it ahead. */
function progressSeen(logs: readonly LogTrack[], theirs: readonly LogTrack[], at: number): number {
  let seen = -Infinity;
  for (const naming of logs) {
    for (const other of theirs) {
      const known = namedBy(naming, other.id, sizeAt(naming, at));
      for (const log of logs) {
        const milestones = other.named.get(log.id);
        const index = milestones?.at[firstAbove(milestones.at, known - 1) - 1];
        const by = index === undefined ? undefined : firstNaming(naming, other.id, index);
        if (by !== undefined) seen = Math.max(seen, naming.times[by] ?? -Infinity);
      }
    }
  }
  return seen;
}

/** From when the party is `silent`, if the record stays as it is; Infinity: not at all. */
export function silentFrom(record: LineRecord, party: number, at: number): number {
  const limit = termsAt(record, at).silentAfter;
  if (limit === null || record.oneSided) return Infinity;
  const { lastAt, age } = reachOf(record, party, at);
  const byAge = age > 0 || anythingUnnamed(record, party, at) ? at - age + limit : Infinity;
  return Math.min(byAge, (lastAt ?? lineBegan(record)) + 2 * limit);
}

/** The first entry of any log; Infinity: there is none. A party that has none has been silent since. */
export const lineBegan = (record: LineRecord): number => Math.min(...record.logsOf.flatMap((logs) => logs[0]?.times[0] ?? Infinity));

function anythingUnnamed(record: LineRecord, party: number, at: number): boolean {
  const theirs = record.logsOf[party] ?? [];
  return record.logsOf.every((logs, other) => other === party || oldestUnnamed(logs, theirs, at) !== undefined);
}
