import {
  DICTIONARY_ENTRIES,
  type EntriesFrame,
  type Head,
  type LogId,
  type WireCheckpoint,
  limits,
  parseWireCheckpoint,
} from "@openline/core";
import { type Store, type StoredEntry, pageMax } from "./store/store.ts";

/** Entries one part holds where heads allow it. */
const PART_ENTRIES = 512;

/** The next entries of a log from `from`, up to a head its owner signed or closed it with: only such a run can be checked on
 *  the other side. Above `bytes` it stops at the next head, and bodies beyond them travel on their own when they are asked for.
 *  Undefined when there is no head above `from`. */
export async function nextPart(
  store: Store,
  log: {
    readonly log: LogId;
    readonly size: number;
    readonly checkpoint: WireCheckpoint | undefined;
    readonly closed: Head | undefined;
  },
  { from, bytes }: { readonly from: number; readonly bytes: number },
): Promise<{ readonly frame: EntriesFrame; readonly before: readonly Uint8Array[] } | undefined> {
  const heads = await headsAbove(store, log, from);
  const [first] = heads;
  if (first === undefined || first.size - from > pageMax - DICTIONARY_ENTRIES) return undefined;
  const want = Math.max(first.size - from, Math.min(PART_ENTRIES, log.size - from));
  // The entries before them are what packed ones are written over.
  const back = Math.min(from, DICTIONARY_ENTRIES);
  const page = await store.entries(log.log, from - back, Math.min(pageMax, want + back));
  const entries = page.slice(back, back + want);
  const room = entriesIn(entries, bytes);
  const end = heads.findLast(({ size }) => size - from <= Math.min(room, PART_ENTRIES)) ?? first;
  const sent = entries.slice(0, end.size - from);
  if (sent.length < end.size - from) return undefined;
  const bodies = withBodies(sent, limits.frameBytesMax / 2);
  const frame: EntriesFrame = { kind: "entries", log: log.log, from, entries: bodies, checkpoint: end.checkpoint };
  return { frame, before: page.slice(0, back).map(({ entry }) => entry) };
}

interface Ending {
  readonly size: number;
  readonly checkpoint: WireCheckpoint | null;
}

async function headsAbove(
  store: Store,
  { log, size, checkpoint, closed }: Parameters<typeof nextPart>[1],
  from: number,
): Promise<readonly Ending[]> {
  const stored = await store.heads(log, from + 1, PART_ENTRIES);
  const heads = stored.flatMap((head): Ending[] => {
    const wire = parseWireCheckpoint(head.checkpoint);
    return wire.ok && head.size <= size ? [{ size: head.size, checkpoint: wire.value }] : [];
  });
  const last = heads.at(-1)?.size ?? from;
  if (checkpoint !== undefined && checkpoint.size > last && checkpoint.size <= size && stored.length < PART_ENTRIES)
    heads.push({ size: checkpoint.size, checkpoint });
  if (closed !== undefined && closed.size > (heads.at(-1)?.size ?? from) && closed.size <= size && stored.length < PART_ENTRIES)
    heads.push({ size: closed.size, checkpoint: null });
  return heads;
}

/** How many of these fit into `bytes`, with their bodies. */
function entriesIn(entries: readonly StoredEntry[], bytes: number): number {
  let sum = 0;
  const over = entries.findIndex(({ entry, disclosure }) => (sum += entry.length + (disclosure?.length ?? 0)) > bytes);
  return over < 0 ? entries.length : over;
}

function withBodies(entries: readonly StoredEntry[], bytes: number): EntriesFrame["entries"] {
  let room = bytes - entries.reduce((sum, { entry }) => sum + entry.length, 0);
  return entries.map(({ entry, disclosure }) => {
    room -= disclosure?.length ?? 0;
    return { entry, disclosure: disclosure === undefined || room < 0 ? null : disclosure };
  });
}
