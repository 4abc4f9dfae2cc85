import {
  type Accord,
  type Judged,
  type LogId,
  type VerifySuite,
  type WireCheckpoint,
  OpenlineError,
  commitmentOf,
  fromHex,
  leafHash,
  openingOf,
  parseWireCheckpoint,
  rootOfLeaves,
  toHex,
  verifyCheckpoint,
} from "@openline/core";
import { decodePositions, unverifiedKey } from "./peer-log.ts";
import { sealedKey } from "./received.ts";
import { type Store, type StoredEntry, everyEntry } from "./store/store.ts";

/** One log as a store has it, before anything of it is judged. */
export interface SoundLog {
  readonly entries: readonly StoredEntry[];
  /** Positions whose signatures were not found good when they were kept. */
  readonly unverified: ReadonlySet<number>;
}

export type SoundLogs = ReadonlyMap<LogId, SoundLog>;

/** Every log of a store, found to be what was written: each entry stands at its place and gives its leaf, and the leaves give the latest
 *  head that the log's author signed. Whoever judges entries or shows a state begins here, so that a disk which has changed a byte is an
 *  error and never another state. Throws `OpenlineError` `damaged`. */
export async function soundLogs(suite: VerifySuite, accord: Accord, store: Store): Promise<SoundLogs> {
  const logs = new Map<LogId, SoundLog>();
  for (const { log } of await store.logs()) {
    // The head first: entries may be added meanwhile, and a head is never ahead of them.
    const head = await latestSigned(store, log);
    const entries = await everyEntry(store, log);
    for (const [index, { entry, leaf, index: stands }] of entries.entries())
      if (stands !== index || toHex(leafHash(suite, entry)) !== leaf) throw damaged(log, `entry ${index}`);
    if (head !== undefined && !isSigned(suite, accord, { log, entries, head })) throw damaged(log, `the signed head of ${head.size}`);
    logs.set(log, { entries, unverified: decodePositions(await store.meta(unverifiedKey(log))) });
  }
  return logs;
}

/** The same for bodies, once their entries are read. Throws `OpenlineError` `damaged`. */
export function checkBodies(
  suite: VerifySuite,
  entriesOf: (log: LogId) => readonly StoredEntry[] | undefined,
  judged: readonly Judged[],
): void {
  for (const { log, index, entry } of judged) {
    const disclosure = entriesOf(log)?.[index]?.disclosure;
    const commitment = entry?.act.header.body;
    if (disclosure === undefined || commitment === undefined) continue;
    if (commitmentOf(suite, disclosure) !== commitment) throw damaged(log, `the body of entry ${index}`);
  }
}

/** The largest head of a log that its author signed; of two over one size the one with an ML-DSA-44 line. */
export async function latestSigned(store: Store, log: LogId): Promise<WireCheckpoint | undefined> {
  const stored = await store.latestHead(log);
  const sealed = await store.meta(sealedKey(log));
  const heads = [sealed, stored?.checkpoint].flatMap((bytes) => {
    const read = bytes === undefined ? undefined : parseWireCheckpoint(bytes);
    if (read?.ok === false) throw damaged(log, `a signed head: ${read.refusal.detail}`);
    return read === undefined ? [] : [read.value];
  });
  return heads.reduce<WireCheckpoint | undefined>((best, head) => (best === undefined || head.size > best.size ? head : best), undefined);
}

function isSigned(
  suite: VerifySuite,
  accord: Accord,
  { log, entries, head }: { readonly log: LogId; readonly entries: readonly StoredEntry[]; readonly head: WireCheckpoint },
): boolean {
  const first = entries[0];
  const opening = first === undefined ? undefined : openingOf(accord, log, first.entry);
  if (opening?.ok !== true || head.size > entries.length) return false;
  const leaves = entries.slice(0, head.size).map(({ leaf }) => fromHex(leaf));
  const { party, origin } = opening.value;
  const checkpoint = { origin: `openline.invalid/${origin}`, size: head.size, root: rootOfLeaves(suite, leaves) };
  return verifyCheckpoint(suite, party.file.log.ed25519, checkpoint, head.signature);
}

const damaged = (log: LogId, what: string): OpenlineError =>
  new OpenlineError(
    "damaged",
    `log ${log}: ${what} in the store is not what was written; restore the folder from a backup or from the other side`,
  );
