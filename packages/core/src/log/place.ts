import { fromHex } from "../encoding/bytes.ts";
import type { Act } from "../entry/act.ts";
import { type Entry, type Placement, entryOf, leafOf } from "../entry/entry.ts";
import type { Head } from "../entry/facts.ts";
import { KINDS } from "../entry/kinds.ts";
import { assert } from "../errors.ts";
import { type Digest, type LeafHash, type LogId, type UnixSeconds, parseDigest, parseLogIndex, parseUnixSeconds } from "../ids.ts";
import { type Frontier, EMPTY_FRONTIER, type Sha256, appendLeaf, rootOf } from "./tree.ts";

/** One own log at its end: what the next placement needs. */
export interface OwnLog {
  readonly log: LogId;
  readonly frontier: Frontier;
  /** Time of the last entry; the next is never earlier. */
  readonly time: UnixSeconds;
  readonly control: Placement["control"];
}

export const emptyOwnLog = (log: LogId): OwnLog => ({ log, frontier: EMPTY_FRONTIER, time: parseUnixSeconds(0), control: null });

export interface PlacedEntry {
  readonly entry: Entry;
  readonly leaf: LeafHash;
}

/** Gives an act its place: index, time, the peer heads durably held, the latest control act; a new leaf and root.
 *  A clock that went back does not take the log with it: the last entry's time stands. Throws `RefusedInput` when the entry is too
 *  long. Source: docs/spec/log.md §2. */
export function place(
  suite: Sha256,
  own: OwnLog,
  act: Act,
  at: { readonly now: UnixSeconds; readonly heads: readonly Head[]; readonly ahead: readonly LeafHash[] },
): { readonly own: OwnLog; readonly placed: PlacedEntry } {
  const index = parseLogIndex(own.frontier.size);
  const time = parseUnixSeconds(Math.max(at.now, own.time));
  const entry = entryOf(act, { index, time, heads: at.heads, ahead: at.ahead, control: own.control });
  const leaf = leafOf(suite, entry.bytes);
  return { own: extend(suite, own, { entry, leaf }), placed: { entry, leaf } };
}

/** The log after this entry. */
export function extend(suite: Sha256, own: OwnLog, { entry, leaf }: PlacedEntry): OwnLog {
  assert(entry.placement.index === own.frontier.size, "an own entry extends its log");
  const { kind } = entry.act.header;
  const isControl = kind !== undefined && KINDS[kind].control === true;
  return {
    log: own.log,
    frontier: appendLeaf(suite, own.frontier, fromHex(leaf)),
    time: entry.placement.time,
    control: isControl ? { index: entry.placement.index, leaf } : own.control,
  };
}

/** Root of a log at its end, in hex. */
export const rootOfOwn = (suite: Sha256, own: OwnLog): Digest => parseDigest(rootOf(suite, own.frontier));
