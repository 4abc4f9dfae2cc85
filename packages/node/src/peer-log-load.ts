import {
  type Entry,
  type Head,
  type LogId,
  type UnixMillis,
  EMPTY_FRONTIER,
  decodeEntry,
  namedBy,
  ok,
  openingOf,
  parseDigest,
  parseWireCheckpoint,
  refusable,
  rootOf,
  toHex,
} from "@openline/core";
import type { Bodies } from "./bodies.ts";
import { allErased } from "./erase.ts";
import { type PeerLog, forkKey, newPeerLog } from "./peer-log.ts";
import type { ExchangeOptions } from "./received.ts";
import { type Store, type StoredEntry, pageMax } from "./store/store.ts";
import type { StoredLogs } from "./stored-log.ts";

/** The logs of a store as the exchange knows them, after a start: what may be named, what is missing, what has forked. */
export async function loadPeerLogs(
  options: ExchangeOptions,
  stored: StoredLogs,
  waiting: { readonly bodies: Bodies; readonly now: UnixMillis },
): Promise<readonly PeerLog[]> {
  const { accord, store, record } = options;
  const erased = allErased(record);
  const logs: PeerLog[] = [];
  for (const [log, { entries, unverified, frontiers, read }] of stored) {
    const opened = entries[0] === undefined ? undefined : openingOf(accord, log, entries[0].entry);
    if (opened?.ok !== true) continue;
    const item = newPeerLog(log, opened.value);
    item.frontier = frontiers.at(-1) ?? EMPTY_FRONTIER;
    for (const index of unverified) item.unverified.add(index);
    const latest = await store.latestHead(log);
    const wire = latest === undefined ? undefined : parseWireCheckpoint(latest.checkpoint);
    if (wire?.ok === true) item.checkpoint = wire.value;
    item.heads = await headsToName(options, item);
    item.forked = (await store.meta(forkKey(log))) !== undefined;
    if (item.party !== options.party)
      for (const [index, entry] of entries.entries()) lookForBody(options, { ...entry, read: read[index] }, { ...waiting, erased });
    logs.push(item);
  }
  return logs;
}

/** Signed heads above what our own log has named, and the end of the log, which closed logs may have without a signature. */
async function headsToName({ suite, store, record, own }: ExchangeOptions, item: PeerLog): Promise<Head[]> {
  const mine = record.logs.get(own().log);
  const named = mine === undefined ? 0 : namedBy(mine, item.log, mine.times.length);
  const heads = await allHeads(store, item.log, Math.max(1, named));
  const end = { log: item.log, size: item.frontier.size, root: parseDigest(toHex(rootOf(suite, item.frontier))) };
  const all = [...heads.filter(({ size }) => size < end.size), end];
  for (const { size, root } of all) record.noteRoot(item.log, size, root);
  return all;
}

async function allHeads(store: Store, log: LogId, from: number): Promise<readonly Head[]> {
  const heads: Head[] = [];
  for (let at = from; ;) {
    const page = await store.heads(log, at, pageMax);
    heads.push(...page.map(({ size, root }) => ({ log, size, root: parseDigest(toHex(root)) })));
    const last = page.at(-1);
    if (last === undefined || page.length < pageMax) return heads;
    at = last.size + 1;
  }
}

/** A body that was not there when the node stopped is waited for again, or stays refused. So is one that was here when an entry of our own
 *  named it, where the store was put back behind it. */
function lookForBody(
  { record, accord, party }: ExchangeOptions,
  stored: StoredEntry & { readonly read: Entry | undefined },
  waiting: { readonly bodies: Bodies; readonly now: UnixMillis; readonly erased: ReadonlySet<string> },
): void {
  const { log, index, leaf } = stored;
  if (stored.disclosure !== undefined || waiting.erased.has(`${log}/${index}`)) return;
  const entry = stored.read === undefined ? refusable(() => decodeEntry(stored.entry)) : ok(stored.read);
  const missing = entry.ok ? waiting.bodies.missingOf({ log, index, leaf, now: waiting.now, own: false }, entry.value) : undefined;
  if (missing === undefined) return;
  const mine = record.logsOf[accord.parties.indexOf(party)] ?? [];
  if (missing.kind === "refusal" || mine.some((own) => own.notHeld.has(leaf))) waiting.bodies.giveUp(missing);
  else waiting.bodies.await(missing);
}
