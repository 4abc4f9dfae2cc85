import type { Header } from "../entry/act.ts";

/** How long a sealing epoch lasts, by the class of bearer, and how long its private key is kept afterwards for envelopes still under
 *  way. Seconds. Source: docs/spec/sealing.md §4. */
export const EPOCHS: Readonly<Record<EpochClass, { readonly lengthS: number; readonly graceS: number }>> = {
  direct: { lengthS: 86_400, graceS: 86_400 },
  narrow: { lengthS: 604_800, graceS: 604_800 },
  hand: { lengthS: 2_592_000, graceS: 5_184_000 },
};
export type EpochClass = "direct" | "narrow" | "hand";

/** One epoch of one class: POSIX seconds, [from, until). */
export interface Epoch {
  readonly epoch: EpochClass;
  readonly from: number;
  readonly until: number;
}

const AHEAD = 2;

/** The epoch of `at` and the next two: their prekeys are to be published. */
export function epochsDue(epoch: EpochClass, at: number): readonly Epoch[] {
  const { lengthS } = EPOCHS[epoch];
  const first = Math.floor(at / lengthS) * lengthS;
  return Array.from({ length: AHEAD + 1 }, (_, i) => ({ epoch, from: first + i * lengthS, until: first + (i + 1) * lengthS }));
}

/** Is the private key of this epoch to be erased? */
export const isOver = ({ epoch, until }: Epoch, at: number): boolean => at >= until + EPOCHS[epoch].graceS;

/** The epoch that a `prekey` act is for; undefined where it names none. */
export function epochOf({ facts }: Pick<Header, "facts">): Epoch | undefined {
  const { purpose, effective, until } = facts;
  if (effective === undefined || until === undefined || until <= effective) return undefined;
  return purpose === "direct" || purpose === "narrow" || purpose === "hand" ? { epoch: purpose, from: effective, until } : undefined;
}
