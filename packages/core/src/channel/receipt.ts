import { type LogTrack, type Placed, firstAbove, namedBy, sizeAt } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { countedTime, heldAt } from "../record/times.ts";
import { type ChannelTrack, heldWithin } from "./track.ts";

/** An act of which a party has not taken receipt, and from when that is its `not-received`. POSIX seconds. */
export interface Unreceived {
  readonly act: Placed;
  readonly since: number;
}

/** The act that is, or will next be, the party's `not-received` after `after` if nothing is added to the record: its held
 *  clock has run out and the party's node has signed something since it was sent. Source: docs/spec/state.md §5. */
export function firstUnreceived(
  record: LineRecord,
  track: ChannelTrack,
  options: { readonly party: number; readonly at: number; readonly after: number },
): Unreceived | undefined {
  const { party, at, after } = options;
  if (record.oneSided) return undefined;
  let first: Unreceived | undefined;
  for (const acts of unreceived(record, track, party, at)) {
    for (const act of acts) {
      // What was sent later cannot be due before the one found.
      if (act.placement.time > at || (first !== undefined && act.placement.time + track.shortestHeld >= first.since)) break;
      const sent = sentAt(record, act);
      const spoke = spokeAfter(record, party, sent);
      if (spoke === Infinity) break;
      const since = Math.max(sent + heldWithin(track, act), spoke);
      const sooner = since > after && (first === undefined || since < first.since);
      if (sooner && heldAt(record, act, { party, at }) > at) first = { act, since };
    }
  }
  return first;
}

/** A sender's disputed time is read in the receiver's favour. */
const sentAt = (record: LineRecord, act: Placed): number => Math.max(act.placement.time, countedTime(record, act.log, act.index));

/** Acts of the others that carry a held clock and that `party` may not have taken receipt of, in lists by rising time: those
 *  above what it had named, and those whose bodies it says it lacks, which a verifier cannot check and which therefore stops
 *  no clock. */
function* unreceived(record: LineRecord, track: ChannelTrack, party: number, at: number): Generator<Iterable<Placed>> {
  const theirs = record.logsOf[party] ?? [];
  // In the accord's order, so that of two acts due at one instant the same one is named whatever was read first.
  for (const author of [...track.clocked.keys()].toSorted((a, b) => a - b)) {
    const acts = track.clocked.get(author) ?? [];
    if (author !== party) yield startingAt(acts, firstUnnamed(acts, theirs, at));
  }
  for (const log of theirs) {
    // What has been listed since is still missing when an earlier time is asked about.
    const refused = sizeAt(log, at) === log.times.length ? log.missing : log.notHeld.keys();
    for (const leaf of refused) {
      const act = record.byLeaf.get(leaf);
      if (act?.header !== undefined && record.channels.get(act.header.channel) === track && heldWithin(track, act) !== Infinity)
        yield [act];
    }
  }
}

function* startingAt(acts: readonly Placed[], start: number): Generator<Placed> {
  for (let i = start; i < acts.length; i++) {
    const act = acts[i];
    if (act !== undefined) yield act;
  }
}

/** Position of the first act that no head named by `at` covers. Acts are in log order, and what is named only grows. */
function firstUnnamed(acts: readonly Placed[], theirs: readonly LogTrack[], at: number): number {
  let low = 0;
  let high = acts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const act = acts[middle];
    const named = act !== undefined && theirs.some((log) => namedBy(log, act.log.id, sizeAt(log, at)) > act.index);
    if (named) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** When the party first placed an entry after `time`; Infinity: not yet. */
function spokeAfter(record: LineRecord, party: number, time: number): number {
  return Math.min(...(record.logsOf[party] ?? []).map((log) => log.times[firstAbove(log.times, time)] ?? Infinity));
}
