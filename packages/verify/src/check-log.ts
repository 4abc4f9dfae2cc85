import {
  EMPTY_FRONTIER,
  type LeafHash,
  type RecordSource,
  type SourceLog,
  type VerifySuite,
  appendLeaf,
  commitmentOf,
  decodeEntry,
  equalBytes,
  HASH_BYTES,
  logFiles,
  logFolder,
  sourceLogName,
  manifestLine,
  parseLeafHash,
  refusable,
  rootOf,
  rootOfLeaves,
  toHex,
} from "@openline/core";
import { BadFile } from "./finding.ts";
import { type Files, fileOf } from "./read-record.ts";

/** What writing one log again gave. */
export interface RewrittenLog {
  readonly leaves: readonly LeafHash[];
  readonly manifest: string;
  readonly paths: readonly string[];
}

/** Writes every file of a log again from what was read, recomputing every hash, and compares it with what is there.
 *  Throws `BadFile`. */
export function checkLog(suite: VerifySuite, files: Files, source: RecordSource, log: SourceLog): RewrittenLog {
  const paths: string[] = [];
  const level0: Uint8Array[] = [];
  let manifest = "";
  let firstChanged: string | undefined;
  for (const file of logFiles(suite, source, log)) {
    paths.push(file.path);
    manifest += manifestLine(suite, file);
    if (file.path.startsWith(`${logFolder(log)}/tile/0/`)) level0.push(file.bytes);
    if (!equalBytes(fileOf(files, file.path), file.bytes)) firstChanged ??= file.path;
  }
  const leaves = level0.flatMap(hashesOf);
  checkRoot(suite, files, log, leaves);
  if (firstChanged !== undefined)
    throw new BadFile({ file: firstChanged, log: sourceLogName(log), code: "changed-file", detail: "not what the record gives" });
  checkCosignedRoots(suite, log, leaves);
  return { leaves: leaves.map((leaf) => parseLeafHash(toHex(leaf))), manifest, paths };
}

function hashesOf(tile: Uint8Array): readonly Uint8Array[] {
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < tile.length; at += HASH_BYTES) hashes.push(tile.subarray(at, at + HASH_BYTES));
  return hashes;
}

/** The entries must give the signed root. If they do not and the hashes of level 0 do, the entry whose hash differs is the
 *  one that was changed. */
function checkRoot(suite: VerifySuite, files: Files, log: SourceLog, leaves: readonly Uint8Array[]): void {
  const { root, size } = log.checkpoint;
  if (equalBytes(rootOfLeaves(suite, leaves), root)) return;
  const folder = logFolder(log);
  const tiles = [...files].filter(([path]) => path.startsWith(`${folder}/tile/0/`)).sort(([a], [b]) => (a < b ? -1 : 1));
  const claimed = tiles.flatMap(([, bytes]) => (bytes.length % HASH_BYTES === 0 ? hashesOf(bytes) : []));
  const index = leaves.findIndex((leaf, i) => !equalBytes(leaf, claimed[i] ?? leaf));
  if (claimed.length === size && index >= 0 && equalBytes(rootOfLeaves(suite, claimed), root))
    throw new BadFile({
      file: bundleOf(files, folder, index),
      log: sourceLogName(log),
      index,
      code: "wrong-root",
      detail: "not the entry that was signed",
    });
  throw new BadFile({
    file: `${folder}/checkpoint`,
    log: sourceLogName(log),
    code: "wrong-root",
    detail: "the entries do not give the signed root",
  });
}

function bundleOf(files: Files, folder: string, index: number): string {
  const start = `${folder}/tile/entries/`;
  const bundle = Math.floor(index / 256);
  const found = [...files.keys()].filter((path) => path.startsWith(start)).sort();
  return found[bundle] ?? `${folder}/tile/entries`;
}

/** Whoever cosigned, cosigned heads of this log. */
function checkCosignedRoots(suite: VerifySuite, log: SourceLog, leaves: readonly Uint8Array[]): void {
  const file = `${logFolder(log)}/cosignatures`;
  const bad = (size: number, detail: string): BadFile =>
    new BadFile({ file, log: sourceLogName(log), code: "wrong-head", detail: `cosignature of size ${size}: ${detail}` });
  let frontier = EMPTY_FRONTIER;
  let root = rootOf(suite, frontier);
  for (const item of [...log.cosignatures].sort((a, b) => a.size - b.size)) {
    if (item.size > leaves.length) throw bad(item.size, "beyond the end of the log");
    if (item.size > frontier.size) {
      for (const leaf of leaves.slice(frontier.size, item.size)) frontier = appendLeaf(suite, frontier, leaf);
      root = rootOf(suite, frontier);
    }
    if (!equalBytes(item.root, root)) throw bad(item.size, "another root");
  }
}

/** Every disclosure that is there is the one its entry committed to. Returns how many bodies are withheld. */
export function checkDisclosures(suite: VerifySuite, log: SourceLog): number {
  let withheld = 0;
  for (const [index, { bytes, disclosure }] of log.entries.entries()) {
    const entry = refusable(() => decodeEntry(bytes));
    const commitment = entry.ok ? entry.value.act.header.body : undefined;
    if (disclosure === undefined) withheld += commitment === undefined ? 0 : 1;
    else if (commitment === undefined || commitmentOf(suite, disclosure) !== commitment)
      throw new BadFile({
        file: `${logFolder(log)}/disclosures/${index}`,
        log: sourceLogName(log),
        index,
        code: "wrong-disclosure",
        detail: commitment === undefined ? "its entry has no body" : "does not match its commitment",
      });
  }
  return withheld;
}

/** The first entry maps a log to its origin; whether it does is part of what the checkpoint means. */
export function checkOrigin(log: SourceLog): "confirmed" | "unconfirmed" {
  const first = log.entries[0];
  const entry = first === undefined ? undefined : refusable(() => decodeEntry(first.bytes));
  const facts = entry?.ok === true ? entry.value.act.header.facts : undefined;
  if (facts?.origin === undefined || facts.incarnation === undefined) return "unconfirmed";
  if (facts.origin !== log.origin || facts.incarnation !== log.log)
    throw new BadFile({
      file: "accord.cbor",
      log: sourceLogName(log),
      index: 0,
      code: "wrong-origin",
      detail: "the log's first entry names another origin",
    });
  return "confirmed";
}
