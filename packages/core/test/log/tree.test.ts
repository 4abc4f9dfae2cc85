import fc from "fast-check";
import { expect, test } from "vitest";
import {
  appendLeaf,
  consistencyProof,
  EMPTY_FRONTIER,
  fromHex,
  inclusionProof,
  leafHash,
  leavesHashReader,
  placeProof,
  placeProofAt,
  rootFromPlace,
  rootOf,
  rootOfLeaves,
  toHex,
  utf8,
  verifyConsistency,
  verifyInclusion,
} from "../../src/index.ts";
import { testSuite as suite } from "./test-suite.ts";

const leavesOf = (count: number, salt = ""): Uint8Array[] => Array.from({ length: count }, (_, i) => leafHash(suite, utf8(`${salt}${i}`)));
const LEAVES = leavesOf(700);
const reader = leavesHashReader(suite, LEAVES);
const root = (size: number): Uint8Array => rootOfLeaves(suite, LEAVES.slice(0, size));

const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const out = bytes.slice();
  const at = Math.floor(bit / 8) % bytes.length;
  out[at] = (out[at] ?? 0) ^ (1 << (bit % 8));
  return out;
};
const sizes = fc.integer({ min: 1, max: LEAVES.length });

test("the empty tree is SHA-256 of nothing", () => {
  expect(toHex(rootOf(suite, EMPTY_FRONTIER))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(fromHex("00").length).toBe(1);
});

test("appending one by one gives the bulk root, and each place proof gives the root of its own size", () => {
  let frontier = EMPTY_FRONTIER;
  for (const [index, leaf] of LEAVES.entries()) {
    const proof = placeProof(frontier);
    expect(placeProofAt(reader, index)).toEqual(proof);
    frontier = appendLeaf(suite, frontier, leaf);
    const expected = rootOf(suite, frontier);
    expect(rootFromPlace(suite, index, leaf, proof)).toEqual(expected);
    if (index % 50 === 0) expect(root(index + 1)).toEqual(expected);
  }
});

test("every leaf is included in every tree that has it", () => {
  fc.assert(
    fc.property(sizes, fc.nat(), (size, at) => {
      const index = at % size;
      const proof = inclusionProof(suite, reader, { index, size });
      expect(verifyInclusion(suite, { index, size, leaf: LEAVES[index] as Uint8Array }, root(size), proof)).toBe(true);
    }),
  );
});

test("every prefix is consistent with every extension", () => {
  fc.assert(
    fc.property(sizes, sizes, (a, b) => {
      const [first, second] = a < b ? [a, b] : [b, a];
      const proof = consistencyProof(suite, reader, { first, second });
      expect(verifyConsistency(suite, { size: first, root: root(first) }, { size: second, root: root(second) }, proof)).toBe(true);
    }),
  );
  for (let second = 1; second <= 40; second++)
    for (let first = 0; first <= second; first++) {
      const proof = consistencyProof(suite, reader, { first, second });
      expect(verifyConsistency(suite, { size: first, root: root(first) }, { size: second, root: root(second) }, proof)).toBe(true);
    }
});

test("any flipped bit of leaf, proof, root or index is refused", () => {
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), fc.nat(), (size, at, bit, which) => {
      const index = at % size;
      const leaf = LEAVES[index] as Uint8Array;
      const proof = inclusionProof(suite, reader, { index, size });
      const wrong = which % (proof.length + 2);
      const broken = proof.map((hash, i) => (i === wrong ? flipped(hash, bit) : hash));
      const brokenLeaf = wrong === proof.length ? flipped(leaf, bit) : leaf;
      const brokenRoot = wrong === proof.length + 1 ? flipped(root(size), bit) : root(size);
      expect(verifyInclusion(suite, { index, size, leaf: brokenLeaf }, brokenRoot, broken)).toBe(false);
      expect(verifyInclusion(suite, { index: index + 1, size, leaf }, root(size), proof)).toBe(false);
      expect(verifyInclusion(suite, { index, size, leaf }, root(size), [...proof, leaf])).toBe(false);
      if (proof.length > 0) expect(verifyInclusion(suite, { index, size, leaf }, root(size), proof.slice(1))).toBe(false);
    }),
  );
  fc.assert(
    fc.property(sizes, sizes, fc.nat(), fc.nat(), (a, b, bit, which) => {
      const [first, second] = a < b ? [a, b] : [b, a];
      const proof = consistencyProof(suite, reader, { first, second });
      const wrong = which % (proof.length + 2);
      const broken = proof.map((hash, i) => (i === wrong ? flipped(hash, bit) : hash));
      const smaller = { size: first, root: wrong === proof.length ? flipped(root(first), bit) : root(first) };
      const larger = { size: second, root: wrong === proof.length + 1 ? flipped(root(second), bit) : root(second) };
      expect(verifyConsistency(suite, smaller, larger, broken)).toBe(false);
    }),
  );
});
