import type { Header } from "../entry/act.ts";
import type { Placement } from "../entry/entry.ts";
import type { LeafHash, LogId } from "../ids.ts";
import type { InUse } from "./in-use.ts";
import type { ActIds } from "./act-ids.ts";
import type { KeyRing } from "./key-ring.ts";

/** What one log (one incarnation of one party) has said, as far as states and keys need it. Times are POSIX seconds. */
export interface LogTrack {
  readonly id: LogId;
  /** Position of its party in the accord. */
  readonly party: number;
  /** On a one-sided line, what one party says that the other did stands in a log of its own, which shares its times with the log
   *  that has the entries: this one. */
  readonly observedIn?: LogTrack;
  /** 0 for the first incarnation, then counted up. */
  readonly incarnation: number;
  /** Claimed placement time of each entry, in order; its length is the log's size. */
  readonly times: number[];
  /** Heads of other logs, as this log came to name them. */
  readonly named: Map<LogId, Milestones>;
  /** Leaves this log refused for a missing disclosure, with the index of the refusal: stored, not held by a later head. */
  readonly notHeld: Map<LeafHash, number>;
  /** Those of them that it has not listed since. */
  readonly missing: Set<LeafHash>;
  /** Leaves listed ahead of a gap or late (placement field 4), with the index of the entry that lists them. */
  readonly listed: Map<LeafHash, number>;
  readonly ring: KeyRing;
  /** The latest control act; each control act names the one before it. */
  lastControl: { readonly index: number; readonly leaf: LeafHash } | null;
  /** 16 bytes in hex, as its checkpoints name it; empty until its first entry is read. */
  origin: string;
  /** Shared by all incarnations of the party. */
  readonly actIds: ActIds;
  /** Terms and own file under which its entries stand, in order; a later incarnation goes on with those of the one it closes. */
  readonly uses: InUse[];
  /** Acts of amendments that have effect, in order, with those carried over from the incarnation it closes. */
  readonly amending: Placed[];
}

/** Entries of one log that named more of another: `at[i]` is the naming entry's index, `size[i]` what it named. Both rise. */
export interface Milestones {
  readonly at: number[];
  readonly size: number[];
}

/** An act in its place, kept because a state may rest on it. */
export interface Placed {
  readonly log: LogTrack;
  readonly index: number;
  readonly leaf: LeafHash;
  readonly header: Header;
  readonly placement: Placement;
}

/** An entry that is held and has no effect. */
export interface Held {
  readonly log: LogTrack;
  readonly index: number;
  readonly leaf: LeafHash;
  readonly header?: undefined;
}

/** First position whose value is above `limit` in a rising list; its length when there is none. */
export function firstAbove(rising: readonly number[], limit: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising[middle] ?? 0) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** How many entries of `log` were placed by `at`; times never fall along a log. */
export const sizeAt = (log: LogTrack, at: number): number => firstAbove(log.times, at);

/** How much of `other` this log had named by its first `size` entries. */
export function namedBy(log: LogTrack, other: LogId, size: number): number {
  const milestones = log.named.get(other);
  if (milestones === undefined) return 0;
  const last = firstAbove(milestones.at, size - 1) - 1;
  return last < 0 ? 0 : (milestones.size[last] ?? 0);
}

/** Index of this log's first entry that names entry `index` of `other`; undefined if none does. */
export function firstNaming(log: LogTrack, other: LogId, index: number): number | undefined {
  const milestones = log.named.get(other);
  return milestones?.at[firstAbove(milestones.size, index)];
}
