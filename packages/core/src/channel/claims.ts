import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { placedAt } from "../record/times.ts";
import { type Reading, readingsAt } from "./readings.ts";

/** What the record says of a claim: each reading of "open" when it was made, and the one that its author gave it, if any.
 *  Supported, contradicted or not decided, with the entries; never true or false. Source: docs/spec/state.md §8. */
export interface ClaimFinding {
  /** POSIX seconds: when it was said, or entered where that is not given. */
  readonly at: number;
  readonly given: string | undefined;
  readonly readings: readonly Reading[];
}

/** The finding on an entry of kind `claim`, as known now. */
export function claimFinding(record: LineRecord, claim: Placed): ClaimFinding {
  const { reading, saidAt } = claim.header.facts;
  const at = saidAt ?? placedAt(record, claim, Infinity);
  return { at, given: reading, readings: readingsAt(record, at) };
}
