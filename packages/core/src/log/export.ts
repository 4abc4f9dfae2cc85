import { appendToTiles, EMPTY_PENDING, encodeEntryBundle, partialTiles, TILE_WIDTH, type TileBytes, tilePath } from "./tiles.ts";
import { leafHash, type Sha256 } from "./tree.ts";

/** One file of a log in the static layout of C2SP tlog-tiles, its path below the log's folder. */
export interface ExportedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Every hash tile and entry bundle of a log, in an order in which they can be written while reading the entries once.
 *  Holds at most 256 entries and the partial tiles at a time. Source: docs/spec/log.md §4. */
export function* exportLayout(suite: Sha256, entries: Iterable<Uint8Array>): Generator<ExportedFile, void, undefined> {
  let pending = EMPTY_PENDING;
  let bundle: Uint8Array[] = [];
  let bundles = 0;
  for (const entry of entries) {
    bundle.push(entry);
    if (bundle.length < TILE_WIDTH) continue;
    const grown = appendToTiles(suite, pending, leavesOf(suite, bundle));
    yield bundleFile(bundle, bundles++);
    yield* grown.full.map(tileFile);
    pending = grown.pending;
    bundle = [];
  }
  pending = appendToTiles(suite, pending, leavesOf(suite, bundle)).pending;
  if (bundle.length > 0) yield bundleFile(bundle, bundles);
  yield* partialTiles(pending).map(tileFile);
}

const leavesOf = (suite: Sha256, entries: readonly Uint8Array[]): Uint8Array[] => entries.map((entry) => leafHash(suite, entry));
const tileFile = ({ tile, bytes }: TileBytes): ExportedFile => ({ path: tilePath(tile), bytes });

function bundleFile(entries: readonly Uint8Array[], index: number): ExportedFile {
  return { path: tilePath({ level: "entries", index, width: entries.length }), bytes: encodeEntryBundle(entries) };
}
