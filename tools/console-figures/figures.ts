export type { Measured } from "../../packages/cli/src/figure-table.ts";
export type { Figure } from "@openline/node/measure";

/** The value that a part of all values does not exceed; `part` 0.5: the middle one. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until there is an answer, every few milliseconds; throws after `WAIT_MS`, so that a bench ends where something does not come. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + WAIT_MS;
  while (performance.now() < end) {
    const found = await ask();
    if (found !== undefined) return found;
    await pause(POLL_MS);
  }
  throw new Error(`${what}: not within ${WAIT_MS / 1000} s`);
}

const WAIT_MS = 30_000;
const POLL_MS = 3;
