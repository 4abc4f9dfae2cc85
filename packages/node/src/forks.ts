import {
  type EntriesFrame,
  type Proof,
  type VerifySuite,
  EMPTY_FRONTIER,
  appendLeaves,
  encode,
  encodeWireCheckpoint,
  fromHex,
  inclusionProof,
  leafOf,
  leavesHashReader,
  rootOf,
  vouchedFor,
} from "@openline/core";
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
  const place = (leaves: readonly Uint8Array[]): readonly [Uint8Array, Proof] => [
    leaves[index] ?? new Uint8Array(0),
    index < leaves.length ? inclusionProof(suite, leavesHashReader(suite, leaves), { index, size: leaves.length }) : [],
  ];
  const firstRoot = rootOf(suite, appendLeaves(suite, EMPTY_FRONTIER, first));
  const heads = [encodeWireCheckpoint(item.checkpoint), firstRoot, encodeWireCheckpoint(frame.checkpoint), root];
  return encode([...heads, index, ...place(first), ...place(second)]);
}

/** Leaf hashes of a stored log from `from` to `size`. */
async function leavesOf(store: Store, { log }: PeerLog, size: number, from = 0): Promise<Uint8Array[]> {
  const leaves: Uint8Array[] = [];
  for (let at = from; at < size; at += pageMax) {
    for (const { leaf } of await store.entries(log, at, Math.min(pageMax, size - at))) leaves.push(fromHex(leaf));
  }
  return leaves;
}
