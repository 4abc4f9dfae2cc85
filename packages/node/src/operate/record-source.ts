import {
  type LineRecord,
  type LogId,
  type LogTrack,
  type RecordSource,
  type SourceCosignature,
  type SourceLog,
  type Suite,
  OpenlineError,
  decodeEntry,
  fromHex,
  loadRecord,
  noteName,
  refusable,
  rootOfLeaves,
  verifyCosignatureEd25519,
} from "@openline/core";
import { cosignatureTime } from "@openline/core";
import { latestSigned } from "../sound-logs.ts";
import type { Store, StoredEntry } from "../store/store.ts";
import { type LineSnapshot, recordOf, snapshotOf, wordsOfEntry } from "./status.ts";
import type { FolderView } from "./folder.ts";

/** What a party's store can show of its line: everything up to the latest signed head of each log. */
export async function recordSource(suite: Suite, view: Pick<FolderView, "accord" | "party" | "store">): Promise<RecordSource> {
  const snapshot = await snapshotOf(view);
  const record = recordOf(suite, snapshot);
  const logs: SourceLog[] = [];
  for (const [log, entries] of snapshot.logs) {
    const shown = await sourceLog(suite, { record, snapshot, store: view.store }, log, entries);
    if (shown !== undefined) logs.push(shown);
  }
  const keys = new Map([...record.logs.values()].map((log) => [log.id, [...log.ring.keys.values()]] as const));
  const whole = logs.every((log) => log.entries.length === snapshot.logs.get(log.log)?.length);
  const source = { accord: view.accord, amendments: record.amendments.inForce(), shownBy: view.party.id, logs };
  if (whole) return { ...source, keys };
  // What nobody has signed a head over is not shown, nor what only that rests on.
  const shown = logs.map(({ log, entries }) => ({ log, entries: entries.map(({ bytes }) => bytes) }));
  const read = loadRecord(suite, view.accord, shown, { signatures: false, amendments: source.amendments });
  return { ...source, amendments: read.record.amendments.inForce() };
}

interface Read {
  readonly record: LineRecord;
  readonly snapshot: LineSnapshot;
  readonly store: Store;
}

async function sourceLog(
  suite: Suite,
  { record, snapshot, store }: Read,
  log: LogId,
  entries: readonly StoredEntry[],
): Promise<SourceLog | undefined> {
  const track = record.logs.get(log);
  const party = track === undefined ? undefined : record.accord.parties[track.party];
  const head = await latestSigned(store, log);
  if (track === undefined || party === undefined || head === undefined) return undefined;
  const shown = entries.slice(0, head.size);
  const root = rootOfLeaves(
    suite,
    shown.map((item) => fromHex(item.leaf)),
  );
  if (shown.length < head.size)
    throw new OpenlineError("damaged", `log ${log}: a signed head of ${head.size} over ${shown.length} entries`);
  return {
    log,
    party: party.id,
    current: record.logsOf[track.party]?.at(-1) === track,
    origin: track.origin,
    entries: shown.map((item) => ({ bytes: item.entry, ...(item.disclosure === undefined ? {} : { disclosure: item.disclosure }) })),
    checkpoint: { size: head.size, root, signature: head.signature, ...(head.mldsa === undefined ? {} : { mldsa: head.mldsa }) },
    cosignatures: cosignaturesOver(suite, { record, snapshot, store }, track, head.size),
  };
}

/** The cosignatures that beats of other parties carry over heads of this log. What does not verify over a head of this history says nothing
 *  of it: a beat may carry any bytes, and whoever has the other history of a forked log may have cosigned that one. */
function cosignaturesOver(suite: Suite, { record, snapshot }: Read, track: LogTrack, size: number): readonly SourceCosignature[] {
  const out: SourceCosignature[] = [];
  const { id: log, origin } = track;
  for (const [other, entries] of snapshot.logs) {
    const party = record.accord.parties[record.logs.get(other)?.party ?? -1];
    if (other === log || party === undefined) continue;
    for (const item of entries) {
      const entry = refusable(() => decodeEntry(item.entry));
      const head = entry.ok && entry.value.act.header.kind === "beat" ? entry.value.placement.heads[0] : undefined;
      if (head?.log !== log || head.size > size || record.rootAt(log, head.size) !== head.root) continue;
      const bytes = wordsOfEntry(suite, item)?.get("cosignature");
      const cosigned = { origin: noteName(origin), size: head.size, root: fromHex(head.root) };
      if (!(bytes instanceof Uint8Array) || !verifyCosignatureEd25519(suite, party.file.mirror, cosigned, bytes)) continue;
      const time = cosignatureTime(bytes);
      if (time !== undefined) out.push({ size: head.size, root: cosigned.root, time, signature: bytes.slice(8), by: party.id });
    }
  }
  return out;
}
