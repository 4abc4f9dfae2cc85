import {
  type Cbor,
  type EntriesFrame,
  type Proof,
  type VerifySuite,
  type WireCheckpoint,
  EMPTY_FRONTIER,
  appendLeaves,
  encode,
  encodeWireCheckpoint,
  fromHex,
  inclusionProof,
  leafOf,
  leavesHashReader,
  rootFromPlace,
  rootOf,
  vouchedFor,
} from "@openline/core";
import type { AheadOfGap } from "./exchange-ahead.ts";
import type { PeerLog } from "./peer-log.ts";
import { type Store, pageMax } from "./store/store.ts";

/** Different leaves at one index under two heads that a log's key signed: a fork, proven by both. Undefined where the frame
 *  agrees with what is stored, and where it proves nothing because its root was not signed. The proof is
 *  `[checkpoint, root, checkpoint, root, index, leaf, inclusion, leaf, inclusion]`, first ours, then the frame's.
 *  Source: docs/spec/log.md §7. */
export async function forkIn(
  options: { readonly suite: VerifySuite; readonly store: Store },
  item: PeerLog,
  frame: EntriesFrame,
): Promise<Uint8Array | undefined> {
  const { suite, store } = options;
  const overlap = Math.min(frame.entries.length, item.frontier.size - frame.from);
  if (overlap <= 0 || frame.checkpoint === null || item.checkpoint === undefined) return undefined;
  const theirs = frame.entries.map(({ entry }) => leafOf(suite, entry));
  const ours = await store.entries(item.log, frame.from, Math.min(overlap, pageMax));
  const differs = ours.findIndex(({ leaf }, i) => leaf !== theirs[i]);
  if (differs < 0) return undefined;
  const before = await leavesOf(store, item, frame.from);
  const second = [...before, ...theirs.map(fromHex)];
  const root = rootOf(suite, appendLeaves(suite, EMPTY_FRONTIER, second));
  if (!vouchedFor(suite, { ...item, closed: undefined }, frame.checkpoint, { size: second.length, root })) return undefined;
  const first = [...before, ...(await leavesOf(store, item, item.checkpoint.size, frame.from))];
  const index = frame.from + differs;
  return forkProof(index, sideOf(suite, item.checkpoint, first, index), sideOf(suite, frame.checkpoint, second, index));
}

/** One of two heads, with what it has at the index in question. */
interface Side {
  readonly checkpoint: WireCheckpoint;
  readonly root: Uint8Array;
  readonly leaf: Uint8Array;
  readonly proof: Proof;
}

function sideOf(suite: VerifySuite, checkpoint: WireCheckpoint, leaves: readonly Uint8Array[], index: number): Side {
  const inside = index < leaves.length;
  return {
    checkpoint,
    root: rootOf(suite, appendLeaves(suite, EMPTY_FRONTIER, leaves)),
    leaf: leaves[index] ?? new Uint8Array(0),
    proof: inside ? inclusionProof(suite, leavesHashReader(suite, leaves), { index, size: leaves.length }) : [],
  };
}

function forkProof(index: number, first: Side, second: Side): Uint8Array {
  const heads = [first, second].flatMap(({ checkpoint, root }): Cbor[] => [encodeWireCheckpoint(checkpoint), root]);
  return encode([...heads, index, ...[first, second].flatMap(({ leaf, proof }): Cbor[] => [leaf, [...proof]])]);
}

function sideOfAhead(suite: VerifySuite, { leaf, index, frame }: AheadOfGap): Side {
  const bytes = fromHex(leaf);
  const root = rootFromPlace(suite, index, bytes, frame.proof) ?? new Uint8Array(0);
  return { checkpoint: frame.checkpoint, root, leaf: bytes, proof: frame.proof };
}

/** An entry that travelled ahead of a gap, against what is stored at its index: the place its author signed is taken. */
export async function forkUnder(
  options: { readonly suite: VerifySuite; readonly store: Store },
  item: PeerLog,
  ahead: AheadOfGap,
): Promise<Uint8Array | undefined> {
  const { suite, store } = options;
  const [stored] = await store.entries(item.log, ahead.index, 1);
  if (stored === undefined || stored.leaf === ahead.leaf || item.checkpoint === undefined) return undefined;
  const leaves = await leavesOf(store, item, item.checkpoint.size);
  return forkProof(ahead.index, sideOf(suite, item.checkpoint, leaves, ahead.index), sideOfAhead(suite, ahead));
}

/** Two entries for one place, both ahead of a gap. */
export function forkBetween(suite: VerifySuite, first: AheadOfGap, second: AheadOfGap): Uint8Array | undefined {
  if (first.leaf === second.leaf) return undefined;
  return forkProof(first.index, sideOfAhead(suite, first), sideOfAhead(suite, second));
}

/** Entries that close a gap, against what came ahead of it. */
export async function forkAhead(
  options: { readonly suite: VerifySuite; readonly store: Store },
  item: PeerLog,
  frame: EntriesFrame,
  ahead: readonly AheadOfGap[],
): Promise<Uint8Array | undefined> {
  const { suite, store } = options;
  const theirs = frame.entries.map(({ entry }) => leafOf(suite, entry));
  const other = ahead.find(({ index, leaf }) => (theirs[index - frame.from] ?? leaf) !== leaf);
  if (other === undefined || frame.checkpoint === null) return undefined;
  const leaves = [...(await leavesOf(store, item, frame.from)), ...theirs.map(fromHex)];
  const second = sideOf(suite, frame.checkpoint, leaves, other.index);
  const head = { size: leaves.length, root: second.root };
  if (!vouchedFor(suite, { ...item, closed: undefined }, frame.checkpoint, head)) return undefined;
  return forkProof(other.index, sideOfAhead(suite, other), second);
}

/** Leaf hashes of a stored log from `from` to `size`. */
async function leavesOf(store: Store, { log }: PeerLog, size: number, from = 0): Promise<Uint8Array[]> {
  const leaves: Uint8Array[] = [];
  for (let at = from; at < size; at += pageMax) {
    for (const { leaf } of await store.entries(log, at, Math.min(pageMax, size - at))) leaves.push(fromHex(leaf));
  }
  return leaves;
}
