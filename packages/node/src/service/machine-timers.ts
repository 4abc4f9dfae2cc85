import type { Timers } from "../bearers/bearer.ts";

/** The machine's own timers. */
export const machineTimers: Timers = {
  after: (ms, step) => {
    const timer = setTimeout(step, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};
