import { type UnixMillis, type UnixSeconds, millisOf, parseUnixMillis } from "@openline/core";
import type { Clock } from "../ports.ts";

/** The machine's clock. */
export const systemClock: Clock = { now: () => parseUnixMillis(Date.now()) };

/** An exercise's clock: it stood at `start` when it was made, and runs on at the pace of the machine's monotonic clock. */
export function exerciseClock(start: UnixSeconds): Clock {
  const begun = performance.now();
  const from: UnixMillis = millisOf(start);
  return { now: () => parseUnixMillis(from + Math.floor(performance.now() - begun)) };
}
