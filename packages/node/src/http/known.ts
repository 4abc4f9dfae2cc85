import type { KnownAt } from "@openline/core";
import { cutsOf, recordOf, snapshotOf } from "../operate/status.ts";
import type { ServedLine } from "./served.ts";

/** The record at an instant, and whether so much has been read for it that a page ends here. */
export interface Known {
  readonly at: KnownAt;
  readonly spent: () => boolean;
}

/** As known now: one record for all instants. */
export const knownNow = ({ node: { record } }: ServedLine): Known => ({ at: () => record, spent: () => false });

/** Entries read anew for one page; about two seconds of a small machine. */
const READ_MAX = 50_000;

/** As known then: at each instant the record of what had been placed by it. Read anew where more had been placed than before. */
export async function knownThen({ node, accord, party, store }: ServedLine): Promise<Known> {
  const cut = cutsOf(await snapshotOf({ accord, party, store }));
  const { suite } = node.options;
  let size = -1;
  let read = 0;
  let record = node.record;
  const at: KnownAt = (instant) => {
    const part = cut(instant);
    const entries = [...part.logs.values()].reduce((sum, log) => sum + log.length, 0);
    // A cut only grows.
    if (entries === size) return record;
    size = entries;
    read += entries;
    record = recordOf(suite, part);
    return record;
  };
  return { at, spent: () => read > READ_MAX };
}
