import { type Entry, type Frontier, type LogId, type Sha256, EMPTY_FRONTIER, appendLeaves, fromHex } from "@openline/core";
import type { StoredEntry } from "./store/store.ts";

/** Entries between two frontiers that are remembered: no root costs more hashes than this to find. */
export const FRONTIER_ENTRIES = 1024;

/** One log as a store has it, after a start. */
export interface StoredLog {
  readonly entries: readonly StoredEntry[];
  /** Positions whose signatures must be checked again. */
  readonly unverified: ReadonlySet<number>;
  /** Frontiers at every 1,024 entries and at the end, smallest first; none of an empty log. */
  readonly frontiers: readonly Frontier[];
  /** Entries as they were decoded to be judged, by position; a hole where one waits or cannot be read. */
  readonly read: readonly (Entry | undefined)[];
}

/** What a store has of each log. */
export type StoredLogs = ReadonlyMap<LogId, StoredLog>;

/** Every leaf is hashed into its tree once. */
export function frontiersOf(suite: Sha256, entries: readonly StoredEntry[]): readonly Frontier[] {
  const frontiers: Frontier[] = [];
  for (let at = 0; at < entries.length; at += FRONTIER_ENTRIES) {
    const leaves = entries.slice(at, at + FRONTIER_ENTRIES).map(({ leaf }) => fromHex(leaf));
    frontiers.push(appendLeaves(suite, frontiers.at(-1) ?? EMPTY_FRONTIER, leaves));
  }
  return frontiers;
}

/** The frontier of the first `size` entries; undefined where there are not as many. */
export function frontierOf(suite: Sha256, { entries, frontiers }: StoredLog, size: number): Frontier | undefined {
  if (size > entries.length) return undefined;
  const before = frontiers.findLast((frontier) => frontier.size <= size) ?? EMPTY_FRONTIER;
  return appendLeaves(
    suite,
    before,
    entries.slice(before.size, size).map(({ leaf }) => fromHex(leaf)),
  );
}
