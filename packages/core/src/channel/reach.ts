import { type LogTrack, firstAbove, firstNaming, namedBy, sizeAt } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";

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
  const ages = record.logsOf.flatMap((logs, other) => (other === party ? [] : [ageOn(record, logs, party, at)]));
  return { lastAt: last === -Infinity ? undefined : last, age: ages.length === 0 ? 0 : Math.min(...ages) };
}

/** `at` minus the later of the time of the oldest entry of `logs` that the party does not name, and the time of the first
 *  entry of `logs` that names the party's last progress; 0 when nothing is unnamed. */
function ageOn(record: LineRecord, logs: readonly LogTrack[], party: number, at: number): number {
  const theirs = record.logsOf[party] ?? [];
  const oldest = logs.map((log) => oldestUnnamed(log, theirs, at)).filter((time) => time !== undefined);
  if (oldest.length === 0) return 0;
  return Math.max(0, at - Math.max(Math.min(...oldest), progressSeen(logs, theirs, at)));
}

function oldestUnnamed(log: LogTrack, theirs: readonly LogTrack[], at: number): number | undefined {
  const named = Math.max(0, ...theirs.map((other) => namedBy(other, log.id, sizeAt(other, at))));
  const time = log.times[named];
  return time !== undefined && time <= at ? time : undefined;
}

/** When `logs` first named the party's last progress: its last entry that named more of them than before. Naming needs
 *  having, so the party cannot date it ahead. */
function progressSeen(logs: readonly LogTrack[], theirs: readonly LogTrack[], at: number): number {
  let seen = -Infinity;
  for (const other of theirs) {
    const size = sizeAt(other, at);
    for (const log of logs) {
      const milestones = other.named.get(log.id);
      const index = milestones?.at[firstAbove(milestones.at, size - 1) - 1];
      if (index === undefined) continue;
      for (const naming of logs) {
        const at_ = firstNaming(naming, other.id, index);
        const time = at_ === undefined ? undefined : naming.times[at_];
        if (time !== undefined && time <= at) seen = Math.max(seen, time);
      }
    }
  }
  return seen;
}

/** From when the party is `silent`, if the record stays as it is; Infinity: not at all. */
export function silentFrom(record: LineRecord, party: number, at: number): number {
  const limit = record.accord.terms.silentAfter;
  if (limit === null || record.accord.parties.length === 1) return Infinity;
  const { lastAt, age } = reachOf(record, party, at);
  const byAge = age > 0 || anythingUnnamed(record, party, at) ? at - age + limit : Infinity;
  const byLast = (lastAt ?? -Infinity) + 2 * limit;
  return Math.min(byAge, byLast);
}

function anythingUnnamed(record: LineRecord, party: number, at: number): boolean {
  const theirs = record.logsOf[party] ?? [];
  return record.logsOf.every((logs, other) => other === party || logs.some((log) => oldestUnnamed(log, theirs, at) !== undefined));
}
