import type { KnownAt, LineRecord, Suite } from "@openline/core";
import { type LineSnapshot, cutsOf, recordOf } from "./status.ts";

/** As known then: at each instant the record of what had been placed by it, read anew where more had been placed than before. `read`: how
 *  many entries have been read so far. */
export function recordsThen(suite: Suite, snapshot: LineSnapshot): { readonly at: KnownAt; readonly read: () => number } {
  const cut = cutsOf(snapshot);
  let record: LineRecord | undefined;
  let size = -1;
  let read = 0;
  const at: KnownAt = (instant) => {
    const part = cut(instant);
    const entries = [...part.logs.values()].reduce((sum, log) => sum + log.length, 0);
    // A cut only grows.
    if (record !== undefined && entries === size) return record;
    size = entries;
    read += entries;
    record = recordOf(suite, part);
    return record;
  };
  return { at, read: () => read };
}
