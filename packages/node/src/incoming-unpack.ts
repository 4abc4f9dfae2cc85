import { type EntriesFrame, type PackedFrame, type Result, DICTIONARY_ENTRIES, fromHex, rootOf, unpackEntries } from "@openline/core";
import type { ExchangeOptions } from "./received.ts";
import type { Roots } from "./roots.ts";

/** Restores packed entries from what is stored before them and the roots they name. `wrong-head`: a root that is not known here.
 *  Source: docs/spec/exchange.md. */
export async function unpack(
  { suite, accord, store, record }: ExchangeOptions,
  known: Roots,
  frame: PackedFrame,
): Promise<Result<EntriesFrame>> {
  const back = Math.min(frame.from, DICTIONARY_ENTRIES);
  const before = (await store.entries(frame.log, frame.from - back, back)).map(({ entry }) => entry);
  const roots = new Map<string, Uint8Array>();
  for (const { named } of frame.entries) {
    if (named === null) continue;
    const { log, size } = named;
    const noted = record.rootAt(log, size);
    const frontier = noted === undefined ? await known.frontierAt(log, size) : undefined;
    const root = noted === undefined ? frontier && rootOf(suite, frontier) : fromHex(noted);
    if (root !== undefined) roots.set(`${log}/${size}`, root);
  }
  return unpackEntries({ suite, accord, before }, frame, (log, size) => roots.get(`${log}/${size}`));
}
