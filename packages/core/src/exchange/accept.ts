import type { Accord, Party } from "../accord/accord.ts";
import type { VerifySuite } from "../crypto/suite.ts";
import { fromHex } from "../encoding/bytes.ts";
import { decodeEntry, leafOf } from "../entry/entry.ts";
import { type Result, ok, refusable, refuse } from "../errors.ts";
import { type LeafHash } from "../ids.ts";
import { limits } from "../limits.ts";
import { type WireCheckpoint, verifyCheckpoint } from "../log/checkpoint.ts";
import { type Frontier, appendLeaf, rootOf } from "../log/tree.ts";
import type { EntriesFrame } from "./frames.ts";

/** One peer log as far as this node has stored it. */
export interface PeerLog {
  readonly party: Party;
  /** 32 lower-case hex digits: how its checkpoints name it. */
  readonly origin: string;
  readonly frontier: Frontier;
}

export interface Accepted {
  readonly frontier: Frontier;
  readonly root: Uint8Array;
  /** The entries that are new here, from index `from`. */
  readonly from: number;
  readonly entries: readonly { readonly bytes: Uint8Array; readonly leaf: LeafHash; readonly disclosure: Uint8Array | undefined }[];
}

/** Checks a frame of entries against what is stored of that log: the checkpoint's signature, then the root that our entries
 *  and these give. What is judged here is bytes; effect is judged when the record reads them. First failure wins. */
export function accept(suite: VerifySuite, peer: PeerLog, frame: EntriesFrame): Result<Accepted> {
  const { frontier } = peer;
  const end = frame.from + frame.entries.length;
  if (frame.from > frontier.size) return refuse("truncated", `entries from ${frame.from}, stored to ${frontier.size}`);
  if (frame.checkpoint.size !== end) return refuse("wrong-head", `checkpoint of ${frame.checkpoint.size} over entries to ${end}`);
  const fresh = frame.entries.slice(frontier.size - frame.from);
  const entries = fresh.map(({ entry, disclosure }) => ({ bytes: entry, leaf: leafOf(suite, entry), disclosure: disclosure ?? undefined }));
  if (entries.some(({ bytes }) => bytes.length > limits.entryBytesMax)) return refuse("oversized", "an entry above the limit");
  let extended = frontier;
  for (const { leaf } of entries) extended = appendLeaf(suite, extended, fromHex(leaf));
  const root = rootOf(suite, extended);
  if (!signedBy(suite, peer, frame.checkpoint, root))
    return refuse("wrong-root", `log ${frame.log} at ${end}: the entries do not give a root this party signed`);
  return ok({ frontier: extended, root, from: frontier.size, entries });
}

/** Did the party sign this head: its key over (origin, size, root)? */
export function signedBy(suite: VerifySuite, peer: PeerLog, checkpoint: WireCheckpoint, root: Uint8Array): boolean {
  const body = { origin: `openline.invalid/${peer.origin}`, size: checkpoint.size, root };
  return verifyCheckpoint(suite, peer.party.file.log.ed25519, body, checkpoint.signature);
}

/** The origin that a log's first entry carries, before anything else of the log is believed: accord-sign for the first
 *  incarnation of a party, restored for a later one. */
export function originOf(accord: Accord, frame: EntriesFrame): Result<{ readonly party: Party; readonly origin: string }> {
  const first = frame.from === 0 ? frame.entries[0]?.entry : undefined;
  if (first === undefined) return refuse("unknown-log", `log ${frame.log} is not known here`);
  const entry = refusable(() => decodeEntry(first));
  if (!entry.ok) return entry;
  const { header } = entry.value.act;
  const party = accord.parties.find((item) => item.key === header.party);
  const opens = header.kind === "accord-sign" || header.kind === "restored";
  if (party === undefined || !opens || header.facts.origin === undefined)
    return refuse("unknown-log", `log ${frame.log} does not open as a log of this line`);
  if (header.facts.incarnation !== frame.log) return refuse("unknown-log", `log ${frame.log} opens as another`);
  return ok({ party, origin: header.facts.origin });
}
