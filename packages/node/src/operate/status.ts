import {
  type Accord,
  type AccordView,
  type Body,
  type EntryView,
  type LineRecord,
  type LoadedLog,
  type LogId,
  type Party,
  type StateView,
  type Suite,
  accordView,
  decodeEntry,
  formatTime,
  fromHex,
  loadRecord,
  logLabel,
  openDisclosure,
  parseUnixSeconds,
  readingView,
  readingsAt,
  refusable,
  rootOfLeaves,
  stateView,
  statesAt,
  toHex,
  trackOf,
  validUntil,
} from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import { checkBodies, soundLogs } from "../sound-logs.ts";
import type { Store, StoredEntry } from "../store/store.ts";

/** The state of a line as one party's store has it. */
export interface Status {
  readonly line: string;
  readonly party: string;
  readonly at: string;
  /** Sizes and roots of the logs used: equal cuts give equal states. */
  readonly cut: Cut;
  /** Which terms are in force, and amendments under way. */
  readonly accord: AccordView;
  readonly channels: readonly StateView[];
  readonly readings: readonly { readonly reading: string; readonly result: string; readonly evidence: readonly EntryView[] }[];
}
export type Cut = Readonly<Record<string, { readonly size: number; readonly root: string }>>;

/** Everything a store has of a line, read once and found to be what was written. */
export interface LineSnapshot {
  readonly accord: Accord;
  readonly party: Party;
  readonly logs: ReadonlyMap<LogId, readonly StoredEntry[]>;
  /** Positions whose signatures were not found good when they were kept. */
  readonly unverified: ReadonlyMap<LogId, ReadonlySet<number>>;
}

/** Throws `OpenlineError` `damaged`. */
export async function snapshotOf(view: { readonly accord: Accord; readonly party: Party; readonly store: Store }): Promise<LineSnapshot> {
  const sound = await soundLogs(nativeSuite, view.accord, view.store);
  const logs = new Map([...sound].map(([log, { entries }]) => [log, entries] as const));
  const unverified = new Map([...sound].map(([log, item]) => [log, item.unverified] as const));
  return { accord: view.accord, party: view.party, logs, unverified };
}

/** The part of a snapshot that had been placed by `knownAt`: what could be known then. What an entry names, its author had:
 *  it belongs to the cut though the other clock said later. */
export const cutAt = (snapshot: LineSnapshot, knownAt: number): LineSnapshot => cutsOf(snapshot)(knownAt);

/** The same for many instants, which read the snapshot once. */
export function cutsOf(snapshot: LineSnapshot): (knownAt: number) => LineSnapshot {
  const read = new Map(
    [...snapshot.logs].map(([log, entries]) => [log, entries.map((item) => refusable(() => decodeEntry(item.entry)))] as const),
  );
  return (knownAt) => {
    const sizes = new Map<LogId, number>();
    for (const [log, entries] of read) {
      const after = entries.findIndex((entry) => entry.ok && entry.value.placement.time > knownAt);
      sizes.set(log, after < 0 ? entries.length : after);
    }
    for (let grown = true; grown;) {
      grown = false;
      for (const [log, entries] of read) {
        for (const entry of entries.slice(0, sizes.get(log))) {
          for (const head of entry.ok ? entry.value.placement.heads : []) {
            const known = sizes.get(head.log);
            if (known === undefined || known >= head.size || head.size > (read.get(head.log)?.length ?? 0)) continue;
            sizes.set(head.log, head.size);
            grown = true;
          }
        }
      }
    }
    const logs = [...snapshot.logs].map(([log, entries]) => [log, entries.slice(0, sizes.get(log))] as const);
    return { ...snapshot, logs: new Map(logs.filter(([, entries]) => entries.length > 0)) };
  };
}

/** The record of a snapshot. Signatures found good before the entries were kept are not checked again. Throws `OpenlineError` `damaged`. */
export function recordOf(suite: Suite, snapshot: LineSnapshot): LineRecord {
  const logs = [...snapshot.logs].map(([log, entries]): LoadedLog => ({
    log,
    entries: entries.map((item) => item.entry),
    leaves: entries.map((item) => item.leaf),
    checked: { except: snapshot.unverified.get(log) ?? new Set<number>() },
    disclosureOf: (index) => entries[index]?.disclosure,
  }));
  const { record, judged } = loadRecord(suite, snapshot.accord, logs, { signatures: true });
  checkBodies(suite, (log) => snapshot.logs.get(log), judged);
  return record;
}

/** State of every channel and the readings at `at`, POSIX seconds: "as known now", from everything in the snapshot. */
export function statusOf(suite: Suite, snapshot: LineSnapshot, at: number): Status {
  const record = recordOf(suite, snapshot);
  const words = wordsOf(suite, snapshot);
  const states = statesAt(record, at);
  return {
    line: snapshot.accord.line,
    party: snapshot.party.id,
    at: formatTime(parseUnixSeconds(at)),
    cut: cutOf(suite, record, snapshot),
    accord: accordView(record),
    channels: states.map((state) => stateView(record, state, { validUntil: validUntil(record, trackOf(record, state.id), state), words })),
    readings: readingsAt(record, at, states).map((reading) => readingView(record, reading)),
  };
}

function cutOf(suite: Suite, record: LineRecord, snapshot: LineSnapshot): Cut {
  const cut = [...snapshot.logs].flatMap(([id, entries]) => {
    const log = record.logs.get(id);
    const root = rootOfLeaves(
      suite,
      entries.map((item) => fromHex(item.leaf)),
    );
    return log === undefined ? [] : [[logLabel(record, log), { size: entries.length, root: toHex(root) }] as const];
  });
  return Object.fromEntries(cut.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The disclosed words of an entry, opened when asked for. */
export function wordsOf(suite: Suite, snapshot: LineSnapshot): (leaf: string) => Body | undefined {
  const byLeaf = new Map([...snapshot.logs.values()].flatMap((entries) => entries.map((item) => [item.leaf as string, item] as const)));
  return (leaf) => {
    const stored = byLeaf.get(leaf);
    return stored === undefined ? undefined : wordsOfEntry(suite, stored);
  };
}

export function wordsOfEntry(suite: Suite, stored: StoredEntry): Body | undefined {
  const entry = refusable(() => decodeEntry(stored.entry));
  const commitment = entry.ok ? entry.value.act.header.body : undefined;
  if (commitment === undefined || stored.disclosure === undefined || !entry.ok) return undefined;
  const opened = openDisclosure({ suite, commitment, disclosure: stored.disclosure, kind: entry.value.act.header.kind });
  return opened.ok ? opened.value : undefined;
}
