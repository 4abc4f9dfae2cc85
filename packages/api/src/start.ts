import type { Bearers } from "./bearers.ts";
import type { LineSummary } from "./lines.ts";
import type { States } from "./states.ts";

/** What `openline start` answers its own page: the lines on this machine, and what each node computes at this moment. */
export interface StartShown {
  readonly lines: readonly {
    readonly line: string;
    /** What of an exercise's file is still to come: the time of its last event or claim, and whether it is being played at this moment;
     *  `why` says why the last play of it did not come to its end, null where none has failed since. Null when it has been played, and on a live line. */
    readonly playOn: { readonly to: string; readonly now: boolean; readonly why: string | null } | null;
    readonly parties: readonly {
      readonly id: string;
      /** Whether its process runs. */
      readonly running: boolean;
      /** Whether its node has answered in time; false also where it does not run. */
      readonly answers: boolean;
      /** Of a node that does not answer, what it last said; null where it has said nothing yet. */
      readonly summary: LineSummary | null;
      /** Null where the node does not answer. */
      readonly states: States | null;
      readonly bearers: Bearers | null;
    }[];
  }[];
}
