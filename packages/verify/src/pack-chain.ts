import { BadFile } from "./finding.ts";
import type { OpenedEntry, OpenedLog } from "./read-pack.ts";

/** Everything in a pack stands with the control acts that it names, down to the first entry of its log, and of the log that
 *  this one closed. Without them no entry can be judged: what is left out would be held against its author. Throws `BadFile`
 *  for the first entry that lacks one. Source: docs/spec/evidence-pack.md §3. */
export function requireChains(logs: readonly OpenedLog[]): void {
  for (const log of logs) {
    for (const entry of log.entries) {
      const missing = missingBelow(logs, log, entry);
      if (missing !== undefined)
        throw new BadFile({ file: "entries", log: log.name, index: entry.index, code: "incomplete-chain", detail: missing });
    }
  }
}

function missingBelow(logs: readonly OpenedLog[], log: OpenedLog, { index, entry }: OpenedEntry): string | undefined {
  const lacks = (at: OpenedLog, place: number): string | undefined =>
    at.entries.some((item) => item.index === place) ? undefined : `the control chain needs ${at.name}/${place}, which is not here`;
  const control = entry?.placement.control ?? null;
  // A pointer forwards names nothing, and is judged as what it is.
  const named = control !== null && control.index < index ? lacks(log, control.index) : undefined;
  if (index > 0) return named ?? lacks(log, 0);
  const closed = entry?.act.header.facts.closed;
  if (closed === undefined || closed.size === 0) return undefined;
  const before = logs.slice(0, logs.indexOf(log)).find((item) => item.log === closed.log && item.party === log.party);
  if (before === undefined) return `the log that it closes, ${closed.log}, does not stand before it`;
  if (closed.size > before.checkpoint.size)
    return `the head of ${before.name} that is here has ${before.checkpoint.size} entries, and it was closed at ${closed.size}`;
  return lacks(before, closed.size - 1);
}
