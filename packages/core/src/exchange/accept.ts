import { type Accord, type Party, presentParties } from "../accord/accord.ts";
import type { VerifySuite } from "../crypto/suite.ts";
import { equalBytes, fromHex } from "../encoding/bytes.ts";
import { decodeEntry, leafOf } from "../entry/entry.ts";
import type { Head } from "../entry/facts.ts";
import { type Result, ok, refusable, refuse } from "../errors.ts";
import type { LeafHash, LogId } from "../ids.ts";
import { limits } from "../limits.ts";
import { type WireCheckpoint, verifyCheckpoint } from "../log/checkpoint.ts";
import { type Frontier, appendLeaves, rootOf } from "../log/tree.ts";
import type { EntriesFrame } from "./frames.ts";

/** One peer log as far as this node has stored it. */
export interface PeerLog {
  readonly party: Party;
  /** 32 lower-case hex digits: how its checkpoints name it. */
  readonly origin: string;
  readonly frontier: Frontier;
  /** The head at which the owner's `restored` closed this log; it stands in for a signature that may not be made any more. */
  readonly closed?: Head | undefined;
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
  const size = frame.checkpoint?.size ?? peer.closed?.size;
  if (size !== end) return refuse("wrong-head", `a head of ${size ?? "nothing"} over entries to ${end}`);
  const fresh = frame.entries.slice(frontier.size - frame.from);
  const entries = fresh.map(({ entry, disclosure }) => ({ bytes: entry, leaf: leafOf(suite, entry), disclosure: disclosure ?? undefined }));
  if (entries.some(({ bytes }) => bytes.length > limits.entryBytesMax)) return refuse("oversized", "an entry above the limit");
  const leaves = entries.map(({ leaf }) => fromHex(leaf));
  const extended = appendLeaves(suite, frontier, leaves);
  const root = rootOf(suite, extended);
  if (!vouchedFor(suite, peer, frame.checkpoint, { size: end, root }))
    return refuse("wrong-root", `log ${frame.log} at ${end}: the entries do not give a root this party signed`);
  return ok({ frontier: extended, root, from: frontier.size, entries });
}

/** Did the party sign this head, its key over (origin, size, root), or close its log with it? */
export function vouchedFor(
  suite: VerifySuite,
  peer: PeerLog,
  checkpoint: WireCheckpoint | null,
  head: { readonly size: number; readonly root: Uint8Array },
): boolean {
  if (checkpoint === null) return peer.closed?.size === head.size && equalBytes(fromHex(peer.closed.root), head.root);
  const body = { origin: `openline.invalid/${peer.origin}`, size: head.size, root: head.root };
  return checkpoint.size === head.size && verifyCheckpoint(suite, peer.party.file.log.ed25519, body, checkpoint.signature);
}

/** How a log opens, before anything else of it is believed: accord-sign for the first incarnation of a party, `restored` for
 *  a later one. */
export interface Opening {
  readonly party: Party;
  /** 32 lower-case hex digits. */
  readonly origin: string;
  /** The head of the log that this one closes. */
  readonly closed: Head | undefined;
}

/** Reads a log's first entry. Nothing of it is proven until its log's checkpoint has been verified. */
export function openingOf(accord: Accord, log: LogId, first: Uint8Array): Result<Opening> {
  const entry = refusable(() => decodeEntry(first));
  if (!entry.ok) return entry;
  const { header } = entry.value.act;
  const { origin, incarnation, closed } = header.facts;
  const party = presentParties(accord).find((item) => item.key === header.party);
  if (party === undefined || origin === undefined) return refuse("unknown-log", `log ${log} does not open as a log of this line`);
  if (incarnation !== log) return refuse("unknown-log", `log ${log} opens as another`);
  const firstOfParty = header.kind === "accord-sign" && party.incarnation === log;
  const later = header.kind === "restored" && closed !== undefined && closed.log !== log && party.incarnation !== log;
  if (!firstOfParty && !later) return refuse("unknown-log", `log ${log} opens neither as its party's first nor as a restored one`);
  return ok({ party, origin, closed: later ? closed : undefined });
}
