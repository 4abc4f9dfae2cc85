import { equalBytes } from "../encoding/bytes.ts";
import { assert } from "../errors.ts";
import { limits } from "../limits.ts";
import type { HashReader } from "./tiles.ts";
import { emptyRoot, type Frontier, HASH_BYTES, nodeHash, popcount, type Sha256 } from "./tree.ts";

/** Hashes of a proof in the order of RFC 9162, 32 bytes each. */
export type Proof = readonly Uint8Array[];

/** Where a leaf stands: the hash of entry `index` in a tree of `size`. */
export interface LeafPlace {
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
}

/** Inclusion proof of leaf `index` in the tree of `size`, lowest sibling first. Needs `index < size`. RFC 9162 §2.1.3.1. */
export function inclusionProof(suite: Sha256, reader: HashReader, of: { readonly index: number; readonly size: number }): Proof {
  assert(of.index >= 0 && of.index < of.size, "only a leaf of the tree has an inclusion proof");
  const path = (start: number, end: number): Uint8Array[] => {
    if (end - start === 1) return [];
    const middle = start + largestPowerBelow(end - start);
    if (of.index < middle) return [...path(start, middle), rangeRoot(suite, reader, middle, end)];
    return [...path(middle, end), rangeRoot(suite, reader, start, middle)];
  };
  return path(0, of.size);
}

/** The root that an inclusion proof gives; `undefined` when its length is not that of such a proof. Never throws.
 *  RFC 9162 §2.1.3.2. */
export function rootFromInclusion(suite: Sha256, place: LeafPlace, proof: Proof): Uint8Array | undefined {
  if (!isNatural(place.size) || !isNatural(place.index) || place.index >= place.size) return undefined;
  if (place.leaf.length !== HASH_BYTES || !isProof(proof)) return undefined;
  let [node, last, root] = [place.index, place.size - 1, place.leaf];
  for (const hash of proof) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      root = nodeHash(suite, hash, root);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, half(last)];
    } else root = nodeHash(suite, root, hash);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? root : undefined;
}

/** Whether `proof` shows the leaf at its place in the tree with `root`. Never throws. */
export function verifyInclusion(suite: Sha256, place: LeafPlace, root: Uint8Array, proof: Proof): boolean {
  const computed = rootFromInclusion(suite, place, proof);
  return computed !== undefined && equalBytes(computed, root);
}

/** Proof that the tree of `second` leaves begins with the tree of `first` leaves; `first <= second`. Empty for `first`
 *  equal to 0 or to `second`. RFC 9162 §2.1.4.1. */
export function consistencyProof(suite: Sha256, reader: HashReader, of: { readonly first: number; readonly second: number }): Proof {
  const proof = fullConsistencyProof(suite, reader, of);
  return isPowerOfTwo(of.first) ? proof.slice(1) : proof;
}

/** A consistency proof whose first hash is always present: RFC 9162 leaves it out when `first` is a power of two, because
 *  the verifier is trusted to have the smaller root. Against a fork that root is the thing in question, so `forkOf` takes
 *  this form. The same hashes as `consistencyProof` for every other `first`. Source: docs/spec/log.md §7. */
export function fullConsistencyProof(suite: Sha256, reader: HashReader, of: { readonly first: number; readonly second: number }): Proof {
  assert(of.first >= 0 && of.first <= of.second, "consistency goes from a smaller tree to a larger one");
  if (of.first === 0 || of.first === of.second) return [];
  const path = (start: number, end: number): Uint8Array[] => {
    if (of.first === end) return [rangeRoot(suite, reader, start, end)];
    const middle = start + largestPowerBelow(end - start);
    if (of.first <= middle) return [...path(start, middle), rangeRoot(suite, reader, middle, end)];
    return [...path(middle, end), rangeRoot(suite, reader, start, middle)];
  };
  return path(0, of.second);
}

/** Both roots that a full consistency proof gives, `0 < first < second`; `undefined` when its length is not that of such a
 *  proof. Never throws. RFC 9162 §2.1.4.2. */
export function rootsFromConsistency(
  suite: Sha256,
  of: { readonly first: number; readonly second: number },
  full: Proof,
): { readonly first: Uint8Array; readonly second: Uint8Array } | undefined {
  if (!isNatural(of.first) || !isNatural(of.second) || of.first === 0 || of.first >= of.second || !isProof(full)) return undefined;
  const [seed, ...rest] = full;
  if (seed === undefined) return undefined;
  let [node, last] = [of.first - 1, of.second - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let [first, second] = [seed, seed];
  for (const hash of rest) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      [first, second] = [nodeHash(suite, hash, first), nodeHash(suite, hash, second)];
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, half(last)];
    } else second = nodeHash(suite, second, hash);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? { first, second } : undefined;
}

/** The size and root a checkpoint states. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Whether `proof` shows that the larger tree begins with the smaller one. Never throws. RFC 9162 §2.1.4.2, with the empty
 *  tree a beginning of every tree. A proof that fails shows nothing: only `forkOf` says whether two heads are a fork. */
export function verifyConsistency(suite: Sha256, smaller: TreeHead, larger: TreeHead, proof: Proof): boolean {
  if (!isNatural(smaller.size) || !isNatural(larger.size) || smaller.size > larger.size) return false;
  if (smaller.size === larger.size) return proof.length === 0 && equalBytes(smaller.root, larger.root);
  if (smaller.size === 0) return proof.length === 0 && equalBytes(smaller.root, emptyRoot(suite));
  const full = isPowerOfTwo(smaller.size) ? [smaller.root, ...proof] : proof;
  const roots = rootsFromConsistency(suite, { first: smaller.size, second: larger.size }, full);
  return roots !== undefined && equalBytes(roots.first, smaller.root) && equalBytes(roots.second, larger.root);
}

/** Place proof of the next leaf: the inclusion proof of leaf i in the tree of i + 1 leaves, popcount(i) hashes, lowest first.
 *  They are the frontier of size i. Source: docs/spec/log.md §6. */
export function placeProof(frontier: Frontier): Proof {
  return frontier.roots.toReversed();
}

/** Root of the tree of `index + 1` leaves whose last leaf is `leaf`; `undefined` unless the proof has popcount(index) hashes. */
export function rootFromPlace(suite: Sha256, index: number, leaf: Uint8Array, proof: Proof): Uint8Array | undefined {
  if (!isNatural(index) || proof.length !== popcount(index)) return undefined;
  return rootFromInclusion(suite, { index, size: index + 1, leaf }, proof);
}

/** Place proof of any leaf of a stored tree. */
export function placeProofAt(reader: HashReader, index: number): Proof {
  const proof: Uint8Array[] = [];
  let rest = index;
  for (let level = 0; rest > 0; level++) {
    if (rest % 2 === 1) proof.push(reader.hashAt(level, rest - 1));
    rest = half(rest);
  }
  return proof;
}

/** Root over leaves `[start, end)`, where `start` is a multiple of every power of two below the length, as in RFC 9162 splits. */
function rangeRoot(suite: Sha256, reader: HashReader, start: number, end: number): Uint8Array {
  const length = end - start;
  if (isPowerOfTwo(length)) return reader.hashAt(Math.log2(length), start / length);
  const middle = start + largestPowerBelow(length);
  return nodeHash(suite, rangeRoot(suite, reader, start, middle), rangeRoot(suite, reader, middle, end));
}

/** Largest power of two smaller than `value`, which is at least 2. */
function largestPowerBelow(value: number): number {
  let power = 1;
  while (power * 2 < value) power *= 2;
  return power;
}

export function isPowerOfTwo(value: number): boolean {
  return popcount(value) === 1;
}

const half = (value: number): number => Math.floor(value / 2);
const isNatural = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isProof = (proof: Proof): boolean =>
  // A full consistency proof has one hash more than any path.
  proof.length <= limits.proofHashesMax + 1 && proof.every((hash) => hash.length === HASH_BYTES);
