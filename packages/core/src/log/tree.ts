import type { VerifySuite } from "../crypto/suite.ts";
import { assert } from "../errors.ts";
import { limits } from "../limits.ts";

/** The only part of the cryptography port that a tree needs. */
export type Sha256 = Pick<VerifySuite, "sha256">;

/** Bytes of every leaf hash, node hash and root. */
export const HASH_BYTES = 32;

/** A tree's size and the roots of its complete subtrees, largest (leftmost) first: one root for each bit set in `size`.
 *  It is all that appending and the root need. Source: docs/spec/log.md §3. */
export interface Frontier {
  readonly size: number;
  readonly roots: readonly Uint8Array[];
}

export const EMPTY_FRONTIER: Frontier = { size: 0, roots: [] };

/** What is hashed stands in these, one hash at a time: making room for each would cost as much as hashing it. A port's `sha256`
 *  returns before the next call and keeps nothing. The first byte says what the rest is and is never written again. */
const leafInput = new Uint8Array(limits.entryBytesMax + 1);
const nodeInput = new Uint8Array(2 * HASH_BYTES + 1);
nodeInput[0] = 1;

/** SHA-256(0x00 || entry), 32 bytes. RFC 9162 §2.1.1. */
export function leafHash(suite: Sha256, entry: Uint8Array): Uint8Array {
  const room = entry.length < leafInput.length ? leafInput : new Uint8Array(entry.length + 1);
  room.set(entry, 1);
  return suite.sha256(room.subarray(0, entry.length + 1));
}

/** SHA-256(0x01 || left || right), 32 bytes; both inputs are 32 bytes. RFC 9162 §2.1.1. */
export function nodeHash(suite: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeInput.set(left, 1);
  nodeInput.set(right, HASH_BYTES + 1);
  return suite.sha256(nodeInput);
}

/** Root of the tree without leaves, SHA-256(""). RFC 9162 §2.1.1. */
export function emptyRoot(suite: Sha256): Uint8Array {
  return suite.sha256(new Uint8Array(0));
}

/** The frontier after one more leaf. One node hash per leaf on average. `leaf` is a leaf hash, 32 bytes. */
export function appendLeaf(suite: Sha256, frontier: Frontier, leaf: Uint8Array): Frontier {
  const roots = frontier.roots.slice();
  push(suite, roots, frontier.size, leaf);
  return { size: frontier.size + 1, roots };
}

/** The frontier after all of `leaves`, without a copy for each. */
export function appendLeaves(suite: Sha256, frontier: Frontier, leaves: readonly Uint8Array[]): Frontier {
  const roots = frontier.roots.slice();
  let size = frontier.size;
  for (const leaf of leaves) push(suite, roots, size++, leaf);
  return { size, roots };
}

/** Root of the tree, 32 bytes. At most 52 node hashes. RFC 9162 §2.1.1. */
export function rootOf(suite: Sha256, frontier: Frontier): Uint8Array {
  let root: Uint8Array | undefined;
  for (let i = frontier.roots.length - 1; i >= 0; i--) {
    const subtree = frontier.roots[i];
    assert(subtree !== undefined, "a frontier has no holes");
    root = root === undefined ? subtree : nodeHash(suite, subtree, root);
  }
  return root ?? emptyRoot(suite);
}

/** Root of the tree over `leaves` (leaf hashes in log order, 32 bytes each), 32 bytes. RFC 9162 §2.1.1. */
export function rootOfLeaves(suite: Sha256, leaves: readonly Uint8Array[]): Uint8Array {
  return rootOf(suite, appendLeaves(suite, EMPTY_FRONTIER, leaves));
}

/** Roots at these sizes, as far as the leaves go, in one walk: one node hash per leaf up to the largest, and each root's own. */
export function rootsAt(suite: Sha256, leaves: readonly Uint8Array[], sizes: Iterable<number>): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  const roots: Uint8Array[] = [];
  let size = 0;
  for (const next of [...new Set(sizes)].sort((a, b) => a - b)) {
    if (next > leaves.length) break;
    for (; size < next; size++) push(suite, roots, size, leafAt(leaves, size));
    found.set(next, rootOf(suite, { size, roots }));
  }
  return found;
}

function leafAt(leaves: readonly Uint8Array[], index: number): Uint8Array {
  const leaf = leaves[index];
  assert(leaf !== undefined, "the leaf lies inside the log");
  return leaf;
}

/** Number of bits set in a natural number below 2^53: how many roots a frontier of that size has. */
export function popcount(value: number): number {
  let count = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}

/** Adds a leaf to the roots of a tree of `size`. Each trailing one bit of the size is a subtree that the new one completes. */
function push(suite: Sha256, roots: Uint8Array[], size: number, leaf: Uint8Array): void {
  assert(leaf.length === HASH_BYTES, "a leaf hash is 32 bytes");
  let node = leaf;
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
    const left = roots.pop();
    assert(left !== undefined, "a frontier has one root for each bit set in its size");
    node = nodeHash(suite, left, node);
  }
  roots.push(node);
}
