import type { KnownAt } from "@openline/core";
import { recordsThen } from "../operate/known-then.ts";
import { snapshotOf } from "../operate/status.ts";
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

/** As known then: at each instant the record of what had been placed by it. */
export async function knownThen({ node, accord, party, store }: ServedLine): Promise<Known> {
  const { at, read } = recordsThen(node.options.suite, await snapshotOf({ accord, party, store }));
  return { at, spent: () => read() > READ_MAX };
}
