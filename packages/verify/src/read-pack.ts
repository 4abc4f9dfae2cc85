import {
  type Accord,
  type Amendment,
  type Entry,
  type LeafHash,
  type LogId,
  type LogKeys,
  type PackChoice,
  type PackEntry,
  type PackReceipt,
  type PartyId,
  type SourceCheckpoint,
  type VerifySuite,
  decodeEntry,
  decodePack,
  equalBytes,
  formatTlogProof,
  fromHex,
  keysOfLog,
  leafHash,
  packDigest,
  parseLeafHash,
  parseLogId,
  parsePartyId,
  policyText,
  readAccord,
  refusable,
  type Refusal,
  sourceLogName,
  toHex,
  utf8,
  verifyInclusion,
} from "@openline/core";
import { BadFile, reading } from "./finding.ts";
import { openNote } from "./open-note.ts";

/** A pack of which every proof has been checked; nothing in it has been judged yet. */
export interface OpenedPack {
  readonly accord: Accord;
  readonly amendments: readonly Amendment[];
  readonly shownBy: PartyId;
  readonly logs: readonly OpenedLog[];
  readonly chosen: readonly OpenedChoice[];
  /** Its bytes are the ones its own digest was made of. */
  readonly isWhole: boolean;
}

export interface OpenedLog {
  readonly name: string;
  readonly log: LogId;
  readonly party: PartyId;
  readonly current: boolean;
  readonly origin: string;
  readonly checkpoint: SourceCheckpoint;
  /** By index, rising. */
  readonly entries: readonly OpenedEntry[];
}

export interface OpenedEntry {
  readonly index: number;
  readonly leaf: LeafHash;
  readonly entry: Entry | undefined;
  /** Why its bytes are no entry. */
  readonly unreadable: Refusal | undefined;
  readonly disclosure: Uint8Array | null;
}

export interface OpenedChoice {
  readonly log: OpenedLog;
  readonly entry: OpenedEntry;
  readonly receipts: readonly { readonly log: OpenedLog; readonly entry: OpenedEntry }[];
}

/** Reads a pack and checks everything in it that a signature or a hash binds. Throws `BadFile`, whose `file` is the part. */
export function openPack(suite: VerifySuite, file: Uint8Array): OpenedPack {
  const { pack, inner, digest } = reading("pack", () => decodePack(file));
  const accord = reading("accord", () => readAccord(suite, pack.accord));
  const heads = pack.logs.map((log) => ({
    log: parseLogId(toHex(log.log)),
    party: partyIn(accord, log.party),
    current: log.current,
    origin: toHex(log.origin),
  }));
  const logs = pack.logs.map((packed, i): OpenedLog => {
    const head = heads[i];
    if (head === undefined) throw new BadFile({ file: "logs", code: "unknown-log", detail: "no such log" });
    const name = sourceLogName(head);
    const keys = keysOfLog(suite, { accord, logs: heads }, head);
    const checkpoint = openLog(suite, { name, keys, note: packed.checkpoint, policy: packed.policy });
    const own = pack.entries.filter((entry) => entry.log === i);
    return { ...head, name, checkpoint, entries: own.map((entry) => openEntry(suite, { name, checkpoint, entry })) };
  });
  const chosen = pack.chosen.map((choice) =>
    openChoice(suite, logs, { choice, packed: pack.entries, note: pack.logs[choice.log]?.checkpoint ?? "" }),
  );
  const shownBy = partyIn(accord, pack.shownBy);
  const isWhole = equalBytes(packDigest(suite, inner), digest);
  return { accord, amendments: pack.amendments, shownBy, logs, chosen, isWhole };
}

function partyIn(accord: Accord, id: string): PartyId {
  if (!accord.parties.some((party) => party.id === id))
    throw new BadFile({ file: "logs", code: "wrong-party", detail: `${id} is no party of the accord` });
  return parsePartyId(id);
}

function openLog(
  suite: VerifySuite,
  { name, keys, note, policy }: { readonly name: string; readonly keys: LogKeys; readonly note: string; readonly policy: string },
): SourceCheckpoint {
  const { checkpoint } = openNote(suite, `checkpoint of ${name}`, utf8(note), keys);
  if (policyText(keys, note) !== policy)
    throw new BadFile({ file: `policy of ${name}`, log: name, code: "changed-file", detail: "not the policy that the accord gives" });
  return checkpoint;
}

function openEntry(
  suite: VerifySuite,
  { name, checkpoint, entry }: { readonly name: string; readonly checkpoint: SourceCheckpoint; readonly entry: PackEntry },
): OpenedEntry {
  const leaf = leafHash(suite, entry.entry);
  const { size, root } = checkpoint;
  if (!verifyInclusion(suite, { index: entry.index, size, leaf }, root, entry.proof))
    throw new BadFile({
      file: "entries",
      log: name,
      index: entry.index,
      code: "wrong-root",
      detail: `not shown to be in the log of ${size}`,
    });
  const read = refusable(() => decodeEntry(entry.entry));
  return {
    index: entry.index,
    leaf: parseLeafHash(toHex(leaf)),
    entry: read.ok ? read.value : undefined,
    unreadable: read.ok ? undefined : read.refusal,
    disclosure: entry.disclosure,
  };
}

function openChoice(
  suite: VerifySuite,
  logs: readonly OpenedLog[],
  { choice, packed, note }: { readonly choice: PackChoice; readonly packed: readonly PackEntry[]; readonly note: string },
): OpenedChoice {
  const { log, entry } = found(logs, choice);
  const proof = packed.find((item) => item.log === choice.log && item.index === choice.index)?.proof ?? [];
  if (formatTlogProof({ index: choice.index, proof, checkpoint: note }) !== choice.tlogProof)
    throw new BadFile({
      file: "tlog-proof",
      log: log.name,
      index: choice.index,
      code: "changed-file",
      detail: "not what proof and checkpoint give",
    });
  const receipts = choice.receipts.map((receipt) => openReceipt(suite, logs, { log, entry, receipt }));
  const twice = receipts.find((receipt, i) => receipts.findIndex((other) => other.log.party === receipt.log.party) !== i);
  if (twice !== undefined)
    throw new BadFile({
      file: "receipts",
      log: twice.log.name,
      index: twice.entry.index,
      code: "malformed",
      detail: `a second receipt of ${twice.log.party} for one entry`,
    });
  return { log, entry, receipts };
}

function found(
  logs: readonly OpenedLog[],
  { log: position, index }: { readonly log: number; readonly index: number },
): Pick<OpenedChoice, "log" | "entry"> {
  const log = logs[position];
  const entry = log?.entries.find((item) => item.index === index);
  if (log === undefined || entry === undefined)
    throw new BadFile({ file: "chosen", index, code: "unknown-reference", detail: "an entry that is not in the pack" });
  return { log, entry };
}

/** A receipt names a head over the entry, or lists its leaf, in the signed log of another party. */
function openReceipt(
  suite: VerifySuite,
  logs: readonly OpenedLog[],
  { log, entry, receipt }: { readonly log: OpenedLog; readonly entry: OpenedEntry; readonly receipt: PackReceipt },
): OpenedChoice["receipts"][number] {
  const by = found(logs, receipt);
  const bad = (detail: string): BadFile =>
    new BadFile({ file: "receipts", log: by.log.name, index: receipt.index, code: "wrong-head", detail });
  if (by.log.party === log.party) throw bad("a party's own entry is no receipt");
  const placement = by.entry.entry?.placement;
  if (placement === undefined) throw bad("no entry");
  if (receipt.proof === null) {
    if (!placement.ahead.includes(entry.leaf)) throw bad("does not list the entry");
    return by;
  }
  const head = placement.heads.find((item) => item.log === log.log);
  if (head === undefined) throw bad(`names no head of ${log.name}`);
  const place = { index: entry.index, size: head.size, leaf: fromHex(entry.leaf) };
  if (!verifyInclusion(suite, place, fromHex(head.root), receipt.proof))
    throw bad(`the entry is not shown to be under the head of ${head.size}`);
  return by;
}
