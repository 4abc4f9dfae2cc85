import type { Bearers } from "./bearers.ts";
import type { LineSummary } from "./lines.ts";
import type { States } from "./states.ts";

/** What `openline start` answers its own page: the lines on this machine, and what each node computes at this moment. */
export interface StartShown {
  readonly lines: readonly {
    readonly line: string;
    readonly parties: readonly {
      readonly id: string;
      readonly running: boolean;
      /** Null where the node does not answer. */
      readonly summary: LineSummary | null;
      readonly states: States | null;
      readonly bearers: Bearers | null;
    }[];
  }[];
}
