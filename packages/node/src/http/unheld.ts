import type { EntryShown } from "@openline/api";
import { decodeEntry, parseLogIndex, refusable, unheldFrom } from "@openline/core";
import { shown } from "./entries.ts";
import type { ServedLine } from "./served.ts";

const SHOWN_MAX = 20;
/** Most of what is not held while the others are away are beats. */
const LOOKED_AT_MAX = 2000;

/** What people of this party have said that no other node has held yet, in order, the first of it where it is much. */
export async function unheldShown(line: ServedLine): Promise<EntryShown[]> {
  const { record, options } = line.node;
  const found = unheldFrom(record, line.accord.parties.indexOf(options.party));
  if (found === undefined) return [];
  const { log, index } = found;
  const from = Math.max(index, log.times.length - LOOKED_AT_MAX);
  const views: EntryShown[] = [];
  for (const stored of await line.store.entries(log.id, parseLogIndex(from), log.times.length - from)) {
    const entry = refusable(() => decodeEntry(stored.entry));
    if (!entry.ok || entry.value.act.header.from === undefined) continue;
    views.push(await shown(line, log, stored));
    if (views.length === SHOWN_MAX) break;
  }
  return views;
}
