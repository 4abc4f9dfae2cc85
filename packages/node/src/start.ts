import {
  type Entry,
  type Judged,
  type LeafHash,
  type LineRecord,
  type LogId,
  type LogIndex,
  type OwnLog,
  type Suite,
  OpenlineError,
  loadRecord,
  namedBy,
} from "@openline/core";
import { allErased } from "./erase.ts";
import type { NodeOptions } from "./node-options.ts";
import { type NodeActSaid, isNotRefused, refusalAct } from "./node-act.ts";
import { startOwn } from "./own-log.ts";
import { forkKey } from "./peer-log.ts";
import { checkBodies, soundLogs } from "./sound-logs.ts";
import type { SecondPlace, SignedUpTo } from "./store/second-place.ts";
import { type StoredLog, type StoredLogs, frontiersOf } from "./stored-log.ts";

/** What a node finds in its two places when it starts. */
export interface Start {
  readonly stored: StoredLogs;
  readonly record: LineRecord;
  readonly judged: readonly Judged[];
  readonly own: OwnLog;
  readonly swapped: SignedUpTo | undefined;
  /** `restored`: the second place is lost or ahead, and this incarnation is never signed again. */
  readonly decision: "go-on" | "restored";
}

/** Reads the store again, judges every entry anew, and compares our own log with the second place. Throws `OpenlineError` `damaged`. */
export async function readPlaces(options: NodeOptions): Promise<Start> {
  const { store, second, suite, accord, party } = options;
  const found = await soundLogs(suite, accord, store);
  const forked: LogId[] = [];
  for (const log of found.keys()) if ((await store.meta(forkKey(log))) !== undefined) forked.push(log);
  const logs = [...found].map(([log, { entries, unverified }]) => ({
    log,
    entries: entries.map((item) => item.entry),
    leaves: entries.map((item) => item.leaf),
    checked: { except: unverified },
    disclosureOf: (index: number) => entries[index]?.disclosure,
  }));
  const { record, judged } = loadRecord(suite, accord, logs, { signatures: true, complete: forked });
  checkBodies(suite, (log) => found.get(log)?.entries, judged);
  const position = accord.parties.indexOf(party);
  // What was stored when it named more of our log than there is was judged so, after its time had passed.
  for (const { id } of record.logsOf[position] ?? []) record.complete(id);
  const late = record.drain();
  const current = record.logsOf[position]?.at(-1)?.id ?? party.incarnation;
  const swapped = await readSecond(second, current);
  const stored = withRead(suite, found, [...judged, ...late]);
  const { own, decision } = startOwn(suite, current, stored.get(current), swapped);
  return { stored, record, judged: [...judged, ...late], own, swapped: swapped === "lost" ? undefined : swapped, decision };
}

/** The logs with what reading them has brought, so that nothing is decoded or hashed again. */
function withRead(
  suite: Suite,
  found: ReadonlyMap<LogId, Pick<StoredLog, "entries" | "unverified">>,
  judged: readonly Judged[],
): StoredLogs {
  const read = new Map([...found.keys()].map((log) => [log, new Array<Entry | undefined>()]));
  for (const { log, index, entry } of judged) {
    const of = read.get(log);
    if (of !== undefined) of[index] = entry;
  }
  return new Map(
    [...found].map(([log, item]) => [log, { ...item, frontiers: frontiersOf(suite, item.entries), read: read.get(log) ?? [] }]),
  );
}

/** What the node had not said when it stopped: refusals not entered, things held and not named, bodies held late and not listed,
 *  own bodies erased and still stored. */
export function leftUnsaid(
  { accord, party }: NodeOptions,
  start: Start,
): {
  readonly refusals: readonly NodeActSaid[];
  readonly unnamed: readonly Judged[];
  readonly late: readonly LeafHash[];
  readonly erasures: readonly { readonly log: LogId; readonly index: LogIndex }[];
} {
  const { record, judged, stored } = start;
  const mine = record.logsOf[accord.parties.indexOf(party)] ?? [];
  const ours = new Set(mine.map(({ id }) => id));
  const isRefusal = (item: Judged): boolean => ours.has(item.log) && item.entry?.act.header.kind === "refusal";
  const refused = new Set(judged.filter(isRefusal).flatMap((item) => item.entry?.act.header.refs ?? []));
  const theirs = judged.filter(({ log }) => !ours.has(log));
  const refusals = theirs.flatMap(({ refusal, leaf, entry }) =>
    refusal === undefined || isNotRefused(refusal, entry) || refused.has(leaf) ? [] : [refusalAct(refusal, leaf)],
  );
  const unnamed = theirs.filter(({ log, index }) => !mine.some((own) => namedBy(own, log, own.times.length) > index));
  const entries = [...stored.values()].flatMap((log) => log.entries);
  const listed = (leaf: LeafHash): boolean => mine.some((own) => own.listed.has(leaf));
  const late = entries.filter(
    ({ leaf, disclosure }) => disclosure !== undefined && mine.some((own) => own.notHeld.has(leaf)) && !listed(leaf),
  );
  const erased = allErased(record);
  const erasures = entries.filter(
    ({ log, index, disclosure }) => disclosure !== undefined && ours.has(log) && erased.has(`${log}/${index}`),
  );
  return { refusals, unnamed, late: late.map(({ leaf }) => leaf), erasures: erasures.map(({ log, index }) => ({ log, index })) };
}

/** A second place that cannot be read is a lost one; a disk that fails is not. */
async function readSecond(second: SecondPlace, log: LogId): Promise<SignedUpTo | "lost" | undefined> {
  try {
    return await second.read(log);
  } catch (error) {
    if (error instanceof OpenlineError && error.code === "second-place") return "lost";
    throw error;
  }
}
