import { type LogTrack, type Placed, firstNaming, namedBy } from "./log-track.ts";
import type { LineRecord } from "./record.ts";

/** When things count. A claimed time counts within the bracket that the other logs give it; outside, it is moved to the
 *  bracket's nearest end. All POSIX seconds; Infinity: not yet. Source: docs/spec/state.md §3. */

const TOLERANCE_S = 60;

/** The counted time of an entry: after what it names, before the first foreign entry that names it, with 60 s tolerance. */
export function countedTime(record: LineRecord, log: LogTrack, index: number): number {
  const claimed = log.times[index] ?? Infinity;
  let after = -Infinity;
  let before = Infinity;
  for (const other of record.logs.values()) {
    if (other.party === log.party) continue;
    const named = namedBy(log, other.id, index + 1);
    if (named > 0) after = Math.max(after, other.times[named - 1] ?? -Infinity);
    const naming = firstNaming(other, log.id, index);
    if (naming !== undefined) before = Math.min(before, other.times[naming] ?? Infinity);
  }
  if (claimed > before + TOLERANCE_S) return before;
  return claimed < after - TOLERANCE_S ? after : claimed;
}

/** The counted time as a state at `at` uses it: an entry that was placed by `at` is not pushed beyond it by another
 *  party's clock. */
export function timeOf(record: LineRecord, log: LogTrack, index: number, at: number): number {
  const counted = countedTime(record, log, index);
  return counted > at && (log.times[index] ?? Infinity) <= at ? at : counted;
}

/** Whether the two logs disagree about when this entry was placed. */
export const isDisputed = (record: LineRecord, { log, index }: Pick<Placed, "log" | "index">): boolean =>
  countedTime(record, log, index) !== log.times[index];

/** The entry by which `party` first held `placed`: the first that names a head above it or lists its leaf. A leaf that
 *  was refused for a missing disclosure is held only when it is listed later. */
export function heldBy(record: LineRecord, placed: Placed, party: number): { readonly log: LogTrack; readonly index: number } | undefined {
  for (const log of record.logsOf[party] ?? []) {
    const refused = log.notHeld.get(placed.leaf) ?? Infinity;
    const naming = firstNaming(log, placed.log.id, placed.index) ?? Infinity;
    const listing = log.listed.get(placed.leaf) ?? Infinity;
    const index = Math.min(naming < refused ? naming : Infinity, listing);
    if (index !== Infinity) return { log, index };
  }
  return undefined;
}

/** When `party` held it. */
export function heldAt(record: LineRecord, placed: Placed, options: { readonly party: number; readonly at: number }): number {
  if (record.oneSided) return heldAlone(record, placed, options);
  const held = heldBy(record, placed, options.party);
  if (held === undefined) return Infinity;
  // Nothing is held before it was placed. What its author claimed is enough for that: a holder whose clock is ahead would
  // otherwise put off the acts that name it.
  const placedBy = Math.min(placed.placement.time, timeOf(record, placed.log, placed.index, options.at));
  return Math.max(timeOf(record, held.log, held.index, options.at), placedBy);
}

/** On a one-sided line whoever writes it holds all of it; the other side has what it was served, as the first act of service
 *  says: not before what was served was placed, and not known before it was placed itself. */
function heldAlone(record: LineRecord, placed: Placed, { party, at }: { readonly party: number; readonly at: number }): number {
  const placedTime = timeOf(record, placed.log, placed.index, at);
  if (record.accord.parties[party]?.absent !== true) return placedTime;
  const [service] = record.served.get(placed.leaf) ?? [];
  if (service === undefined || service.placement.time > at) return Infinity;
  return Math.max(placedTime, Math.min(service.header.facts.saidAt ?? Infinity, service.placement.time));
}

/** When the act took effect: when the first other party held it; on a line of one party, when it was placed. */
export function effectAt(record: LineRecord, placed: Placed, at: number): number {
  if (record.oneSided) return timeOf(record, placed.log, placed.index, at);
  let earliest = Infinity;
  for (let party = 0; party < record.logsOf.length; party++) {
    if (party !== placed.log.party) earliest = Math.min(earliest, heldAt(record, placed, { party, at }));
  }
  return earliest;
}

/** When it was placed, as it counts. */
export const placedAt = (record: LineRecord, placed: Placed, at: number): number => timeOf(record, placed.log, placed.index, at);

/** Order of two acts of one party: by incarnation, then index. */
export const logOrder = (a: Placed, b: Placed): number => a.log.incarnation - b.log.incarnation || a.index - b.index;
