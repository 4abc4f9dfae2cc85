import { concatBytes } from "../encoding/bytes.ts";
import { assert, ok, refuse, type Result } from "../errors.ts";
import { limits } from "../limits.ts";
import { HASH_BYTES, nodeHash, type Sha256 } from "./tree.ts";

/** Levels of the tree that one tile spans, fixed by C2SP tlog-tiles. */
export const TILE_HEIGHT = 8;
/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;
/** Tile levels a tree of 2^53 leaves can have: 0 to 6. C2SP allows 63 in a path; none above 6 can exist here. */
const TILE_LEVELS_MAX = 7;

/** Where a tile lies. `level` 0 holds leaf hashes; `"entries"` is the bundle of entries beside level 0.
 *  `width` is 256 for a full tile, 1-255 for a partial one. Source: docs/spec/log.md §4. */
export interface Tile {
  readonly level: number | "entries";
  readonly index: number;
  readonly width: number;
}

/** A tile with its content: 32 bytes for each hash, or a bundle of entries. */
export interface TileBytes {
  readonly tile: Tile;
  readonly bytes: Uint8Array;
}

/** Gives the root of the complete subtree over leaves `[index * 2^level, (index + 1) * 2^level)`, 32 bytes.
 *  Asked only for subtrees inside the tree it was made for; throws a fault of its own when it cannot read one. */
export interface HashReader {
  hashAt(level: number, index: number): Uint8Array;
}

/** `tile/0/x001/234`, `tile/1/000.p/17`, `tile/entries/000`. C2SP tlog-tiles. */
export function tilePath(tile: Tile): string {
  const partial = tile.width === TILE_WIDTH ? "" : `.p/${tile.width}`;
  return `tile/${tile.level}/${indexPath(tile.index)}${partial}`;
}

/** The tile of a path, refused unless it is the one spelling of that tile. */
export function parseTilePath(path: string): Result<Tile> {
  const match = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(path);
  if (match === null) return refuse("malformed", "not the path of a tile");
  const [, levelText = "", indexText = "", widthText] = match;
  const level = levelText === "entries" ? "entries" : Number(levelText);
  const tile: Tile = { level, index: Number(indexText.replaceAll(/[x/]/g, "")), width: Number(widthText ?? TILE_WIDTH) };
  if (level !== "entries" && level > 63) return refuse("malformed", "tile level above 63");
  if (widthText !== undefined && tile.width >= TILE_WIDTH) return refuse("malformed", "a partial tile has 1 to 255 hashes");
  if (!Number.isSafeInteger(tile.index)) return refuse("malformed", "tile index beyond 2^53");
  if (tilePath(tile) !== path) return refuse("non-canonical", "not the one spelling of this tile's path");
  return ok(tile);
}

/** Every hash tile and entry bundle of a tree of `size`, partial ones last on their level. */
export function tilesOf(size: number): readonly Tile[] {
  return newTiles(0, size);
}

/** The tiles a tree of `newSize` has and one of `oldSize` had not (or had narrower): what to write after growing. */
export function newTiles(oldSize: number, newSize: number): readonly Tile[] {
  const tiles: Tile[] = [...newTilesOfLevel("entries", oldSize, newSize)];
  let [before, after] = [oldSize, newSize];
  for (let level = 0; after > 0; level++) {
    tiles.push(...newTilesOfLevel(level, before, after));
    before = Math.floor(before / TILE_WIDTH);
    after = Math.floor(after / TILE_WIDTH);
  }
  return tiles;
}

/** Content of a hash tile or bundle, computed from a reader of the tree. `tile.level` is a number here. */
export function hashTile(reader: HashReader, tile: Tile): Uint8Array {
  assert(tile.level !== "entries", "an entry bundle holds no hashes");
  const parts: Uint8Array[] = [];
  for (let i = 0; i < tile.width; i++) parts.push(reader.hashAt(tile.level * TILE_HEIGHT, tile.index * TILE_WIDTH + i));
  return concatBytes(...parts);
}

/** Reads subtree roots from stored hash tiles of a tree of `size`. `readTile` gets a tile's exact content
 *  (32 bytes times its width) and throws when it has none; tiles read once are kept by the reader. */
export function tileHashReader(suite: Sha256, size: number, readTile: (tile: Tile) => Uint8Array): HashReader {
  const kept = new Map<string, Uint8Array>();
  return {
    hashAt(level, index) {
      const tileLevel = Math.floor(level / TILE_HEIGHT);
      const span = 2 ** (level % TILE_HEIGHT);
      const first = index * span;
      const tileIndex = Math.floor(first / TILE_WIDTH);
      const width = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** tileLevel) - tileIndex * TILE_WIDTH);
      const offset = first % TILE_WIDTH;
      assert(offset + span <= width, "the subtree lies inside the tree");
      const key = `${tileLevel}/${tileIndex}`;
      const bytes = kept.get(key) ?? readTile({ level: tileLevel, index: tileIndex, width });
      assert(bytes.length === width * HASH_BYTES, "a tile is read whole");
      kept.set(key, bytes);
      return subtreeRoot(suite, bytes, offset, span);
    },
  };
}

/** Reads subtree roots from all leaf hashes in memory; every level is computed once, when first asked for. */
export function leavesHashReader(suite: Sha256, leaves: readonly Uint8Array[]): HashReader {
  const levels: (readonly Uint8Array[])[] = [leaves];
  const levelOf = (level: number): readonly Uint8Array[] => {
    const known = levels[level];
    if (known !== undefined) return known;
    const below = levelOf(level - 1);
    const hashes: Uint8Array[] = [];
    for (let i = 0; i + 1 < below.length; i += 2) hashes.push(nodeHash(suite, at(below, i), at(below, i + 1)));
    levels[level] = hashes;
    return hashes;
  };
  return { hashAt: (level, index) => at(levelOf(level), index) };
}

/** The hashes of all partial tiles of a growing tree: `levels[l]` has 0-255 hashes. All that tiling needs between appends. */
export interface PendingTiles {
  readonly size: number;
  readonly levels: readonly (readonly Uint8Array[])[];
}

export const EMPTY_PENDING: PendingTiles = { size: 0, levels: [] };

/** Adds leaf hashes: the next pending state, and the hash tiles that became full, each level in order.
 *  Two node hashes per leaf on average with the frontier kept beside. */
export function appendToTiles(
  suite: Sha256,
  pending: PendingTiles,
  leaves: readonly Uint8Array[],
): { readonly pending: PendingTiles; readonly full: readonly TileBytes[] } {
  const levels = pending.levels.map((level) => level.slice());
  const full: TileBytes[] = [];
  let size = pending.size;
  for (const leaf of leaves) {
    size++;
    let hash = leaf;
    for (let level = 0; level < TILE_LEVELS_MAX; level++) {
      const hashes = (levels[level] ??= []);
      hashes.push(hash);
      if (hashes.length < TILE_WIDTH) break;
      const bytes = concatBytes(...hashes);
      full.push({ tile: { level, index: size / TILE_WIDTH ** (level + 1) - 1, width: TILE_WIDTH }, bytes });
      hash = subtreeRoot(suite, bytes, 0, TILE_WIDTH);
      levels[level] = [];
    }
  }
  return { pending: { size, levels }, full };
}

/** The partial hash tiles of a pending state, lowest level first; levels without hashes have no tile. */
export function partialTiles(pending: PendingTiles): readonly TileBytes[] {
  return pending.levels.flatMap((hashes, level) => {
    if (hashes.length === 0) return [];
    const index = Math.floor(pending.size / TILE_WIDTH ** (level + 1));
    return [{ tile: { level, index, width: hashes.length }, bytes: concatBytes(...hashes) }];
  });
}

/** Entries as a bundle: each with its length before it as big-endian uint16. At most 256 entries of at most 65,535 bytes. */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  assert(entries.length <= TILE_WIDTH, "a bundle has at most 256 entries");
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    assert(entry.length <= limits.entryBytesMax, "an entry's length fits uint16");
    parts.push(Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry);
  }
  return concatBytes(...parts);
}

/** The `count` entries of a bundle; refused when it has more, fewer or a cut one. */
export function parseEntryBundle(bytes: Uint8Array, count: number): Result<readonly Uint8Array[]> {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < count) {
    const [high, low] = [bytes[at], bytes[at + 1]];
    if (high === undefined || low === undefined) return refuse("truncated", `${entries.length} of ${count} entries`);
    const end = at + 2 + (high << 8) + low;
    if (end > bytes.length) return refuse("truncated", `entry ${entries.length} ends after its bundle`);
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  if (at !== bytes.length) return refuse("truncated", `${bytes.length - at} bytes after the last entry`);
  return ok(entries);
}

function newTilesOfLevel(level: number | "entries", before: number, after: number): readonly Tile[] {
  const tiles: Tile[] = [];
  const fullAfter = Math.floor(after / TILE_WIDTH);
  for (let index = Math.floor(before / TILE_WIDTH); index < fullAfter; index++) tiles.push({ level, index, width: TILE_WIDTH });
  const rest = after % TILE_WIDTH;
  if (rest > 0 && after > before) tiles.push({ level, index: fullAfter, width: rest });
  return tiles;
}

function indexPath(index: number): string {
  let path = String(index % 1000).padStart(3, "0");
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    path = `x${String(rest % 1000).padStart(3, "0")}/${path}`;
  return path;
}

/** Root over `span` hashes (a power of two) of a tile from `offset`. */
function subtreeRoot(suite: Sha256, tile: Uint8Array, offset: number, span: number): Uint8Array {
  if (span === 1) return tile.slice(offset * HASH_BYTES, (offset + 1) * HASH_BYTES);
  const half = span / 2;
  return nodeHash(suite, subtreeRoot(suite, tile, offset, half), subtreeRoot(suite, tile, offset + half, half));
}

function at(hashes: readonly Uint8Array[], index: number): Uint8Array {
  const hash = hashes[index];
  assert(hash !== undefined, "the subtree lies inside the tree");
  return hash;
}
