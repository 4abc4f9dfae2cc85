import type { Precedence } from "@openline/core";

/** What an alarm sounds like. */
export interface Tune {
  /** Tones one after the other, Hz. */
  readonly tones: readonly number[];
  /** Milliseconds after which it sounds again for as long as it is not acknowledged; undefined: it sounds once. */
  readonly everyMs: number | undefined;
}

export const TUNES: Readonly<Record<Precedence, Tune | undefined>> = {
  FLASH: { tones: [660, 880, 1175], everyMs: 5000 },
  IMMEDIATE: { tones: [880, 660], everyMs: 30_000 },
  PRIORITY: { tones: [660], everyMs: undefined },
  ROUTINE: undefined,
};

/** What somebody hears who asks whether this machine sounds. */
export const CHECK: readonly number[] = [880];
