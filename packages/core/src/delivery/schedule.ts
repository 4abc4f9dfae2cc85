import type { Header } from "../entry/act.ts";
import { KINDS } from "../entry/kinds.ts";

/** In which order entries leave, and on which bearers. Pure: the node asks, and sends. Source: docs/spec/exchange.md §5. */

/** Control acts first, then precedence, then what goes in order; attachments last. */
export const RANKS = ["control", "FLASH", "IMMEDIATE", "PRIORITY", "beat", "ROUTINE", "attachment"] as const;
export type Rank = (typeof RANKS)[number];

export function sendingRank({ kind, precedence }: Pick<Header, "kind" | "precedence">): Rank {
  if (kind !== undefined && KINDS[kind].control === true) return "control";
  if (precedence !== "ROUTINE") return precedence;
  return kind === "beat" ? "beat" : "ROUTINE";
}

/** The more urgent of two. */
export const moreUrgent = (a: Rank, b: Rank): Rank => (RANKS.indexOf(a) <= RANKS.indexOf(b) ? a : b);

/** ROUTINE goes in order; everything else may travel ahead of what stands before it. */
export const mayOvertake = (rank: Rank): boolean => rank !== "ROUTINE" && rank !== "attachment";

/** What a peer at its quota still takes. */
export const keepsReserve = (rank: Rank): boolean => rank === "control" || rank === "FLASH" || rank === "beat";

/** A bearer as the order of sending sees it. */
export interface Way {
  readonly id: string;
  /** How long a sealing epoch lasts on it; also how quick it is. */
  readonly epoch: "direct" | "narrow" | "hand";
  /** Longest frame it takes, bytes. */
  readonly mtu: number;
}

/** How many bearers an entry goes out on at once: FLASH and IMMEDIATE on all, PRIORITY and control acts on the best two. */
const WAYS: Readonly<Record<Rank, number>> = {
  control: 2,
  FLASH: Infinity,
  IMMEDIATE: Infinity,
  PRIORITY: 2,
  beat: 1,
  ROUTINE: 1,
  attachment: 1,
};

const QUICKEST = ["direct", "narrow", "hand"] as const;

/** Which of these live bearers it goes out on, the best first. */
export function waysFor<W extends Way>(rank: Rank, live: readonly W[]): readonly W[] {
  const best = live.toSorted((a, b) => QUICKEST.indexOf(a.epoch) - QUICKEST.indexOf(b.epoch) || b.mtu - a.mtu || (a.id < b.id ? -1 : 1));
  return best.slice(0, WAYS[rank]);
}

/** Of what waits, what overtakes first: by rank, then by age. */
export function firstToOvertake<W extends { readonly rank: Rank; readonly index: number }>(waiting: readonly W[]): W | undefined {
  return waiting
    .filter(({ rank }) => mayOvertake(rank))
    .toSorted((a, b) => RANKS.indexOf(a.rank) - RANKS.indexOf(b.rank) || a.index - b.index)[0];
}
