import fc from "fast-check";
import { expect, test } from "vitest";
import {
  appendLeaves,
  appendToTiles,
  concatBytes,
  consistencyProof,
  EMPTY_FRONTIER,
  EMPTY_PENDING,
  exportLayout,
  hashTile,
  inclusionProof,
  leafHash,
  leavesHashReader,
  newTiles,
  parseEntryBundle,
  parseTilePath,
  partialTiles,
  rootOf,
  rootOfLeaves,
  type Tile,
  tileHashReader,
  tilePath,
  tilesOf,
  utf8,
  verifyConsistency,
  verifyInclusion,
} from "../../src/index.ts";
import { testSuite as suite } from "./test-suite.ts";

const COUNT = 66_000;
const LEAVES = Array.from({ length: COUNT }, (_, i) => leafHash(suite, utf8(`${i}`)));
const memory = leavesHashReader(suite, LEAVES);

/** Every stored tile of the tree after `batches` appends, as a store would keep them. */
function stored(size: number, batch: number): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let pending = EMPTY_PENDING;
  for (let at = 0; at < size; at += batch) {
    const grown = appendToTiles(suite, pending, LEAVES.slice(at, Math.min(at + batch, size)));
    for (const { tile, bytes } of grown.full) files.set(tilePath(tile), bytes);
    pending = grown.pending;
  }
  for (const { tile, bytes } of partialTiles(pending)) files.set(tilePath(tile), bytes);
  return files;
}

const readerOf = (files: Map<string, Uint8Array>, size: number) =>
  tileHashReader(suite, size, (tile) => {
    const bytes = files.get(tilePath(tile));
    if (bytes === undefined) throw new Error(`no ${tilePath(tile)}`);
    return bytes;
  });

test("C2SP's example: a tree of 70,000 has 273 full level 0 tiles, one of 112, one full level 1, one of 17, one of 1", () => {
  const byLevel = (level: number | "entries"): Tile[] => tilesOf(70_000).filter((tile) => tile.level === level);
  expect(byLevel(0).map((tile) => tile.width)).toEqual([...Array.from({ length: 273 }, () => 256), 112]);
  expect(byLevel(1).map((tile) => tile.width)).toEqual([256, 17]);
  expect(byLevel(2).map((tile) => tile.width)).toEqual([1]);
  expect(byLevel("entries").map((tile) => tile.width)).toEqual([...Array.from({ length: 273 }, () => 256), 112]);
  expect(tilesOf(256).map(tilePath)).toEqual(["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]);
  expect(tilesOf(0)).toEqual([]);
});

test("tiles appended in any batches are the tiles of the tree", () => {
  for (const [size, batch] of [
    [COUNT, 997],
    [65_536, 65_536],
    [513, 1],
    [255, 100],
  ] as const) {
    const files = stored(size, batch);
    const expected = tilesOf(size).filter((tile) => tile.level !== "entries");
    expect([...files.keys()].sort()).toEqual(expected.map(tilePath).sort());
    for (const tile of expected) expect(files.get(tilePath(tile))).toEqual(hashTile(memory, tile));
  }
});

test("growing names exactly the tiles that were not there", () => {
  fc.assert(
    fc.property(fc.nat({ max: 70_000 }), fc.nat({ max: 70_000 }), (a, b) => {
      const [before, after] = a < b ? [a, b] : [b, a];
      const old = new Set(tilesOf(before).map(tilePath));
      expect(newTiles(before, after).map(tilePath).sort()).toEqual(
        tilesOf(after)
          .map(tilePath)
          .filter((path) => !old.has(path))
          .sort(),
      );
    }),
    { numRuns: 30 },
  );
});

test("proofs from tiles verify against the frontier's roots, for this size and smaller ones", () => {
  const files = stored(COUNT, 5000);
  const reader = readerOf(files, COUNT);
  const frontier = appendLeaves(suite, EMPTY_FRONTIER, LEAVES);
  const root = rootOf(suite, frontier);
  for (const index of [0, 1, 255, 256, 65_535, 65_536, COUNT - 1]) {
    const proof = inclusionProof(suite, reader, { index, size: COUNT });
    expect(verifyInclusion(suite, { index, size: COUNT, leaf: LEAVES[index] as Uint8Array }, root, proof)).toBe(true);
  }
  for (const first of [1, 2, 255, 256, 257, 40_000, 65_536, COUNT]) {
    const smaller = { size: first, root: rootOfLeaves(suite, LEAVES.slice(0, first)) };
    const proof = consistencyProof(suite, reader, { first, second: COUNT });
    expect(verifyConsistency(suite, smaller, { size: COUNT, root }, proof)).toBe(true);
  }
});

test("a path and its tile are one", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.constant("entries" as const), fc.nat({ max: 63 })),
      fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      fc.integer({ min: 1, max: 256 }),
      (level, index, width) => {
        expect(parseTilePath(tilePath({ level, index, width }))).toEqual({ ok: true, value: { level, index, width } });
      },
    ),
  );
});

test("bundles of an export hold the entries and their leaf hashes are the tiles'", () => {
  const entries = Array.from({ length: 600 }, (_, i) => utf8("x".repeat(i)));
  const files = new Map([...exportLayout(suite, entries)].map((file) => [file.path, file.bytes]));
  expect([...files.keys()].sort()).toEqual(tilesOf(600).map(tilePath).sort());
  const last = parseEntryBundle(files.get("tile/entries/002.p/88") as Uint8Array, 88);
  expect(last.ok && last.value.map((entry) => entry.length)).toEqual(Array.from({ length: 88 }, (_, i) => 512 + i));
  expect(last.ok && concatBytes(...last.value.map((entry) => leafHash(suite, entry)))).toEqual(files.get("tile/0/002.p/88"));
});
