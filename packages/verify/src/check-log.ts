import {
  type Entry,
  type RecordSource,
  type SourceLog,
  type VerifySuite,
  commitmentOf,
  decodeEntry,
  equalBytes,
  HASH_BYTES,
  logFiles,
  logFolder,
  sourceLogName,
  manifestLine,
  refusable,
  rootOfLeaves,
  rootsAt,
} from "@openline/core";
import { BadFile } from "./finding.ts";
import { type Files, fileOf } from "./read-record.ts";

/** What writing one log again gave. */
export interface RewrittenLog {
  readonly leaves: readonly Uint8Array[];
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
  const roots = rootsAt(suite, leaves, [log.checkpoint.size, ...log.cosignatures.map((item) => item.size)]);
  if (!equalBytes(roots.get(log.checkpoint.size) ?? NO_ROOT, log.checkpoint.root)) throw wrongRoot(suite, files, log, leaves);
  if (firstChanged !== undefined)
    throw new BadFile({ file: firstChanged, log: sourceLogName(log), code: "changed-file", detail: "not what the record gives" });
  checkCosignedRoots(log, roots);
  return { leaves, manifest, paths };
}

function hashesOf(tile: Uint8Array): readonly Uint8Array[] {
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < tile.length; at += HASH_BYTES) hashes.push(tile.subarray(at, at + HASH_BYTES));
  return hashes;
}

const NO_ROOT = new Uint8Array(0);

/** Why the entries do not give the signed root: if the hashes of level 0 do, the entry whose hash differs was changed. */
function wrongRoot(suite: VerifySuite, files: Files, log: SourceLog, leaves: readonly Uint8Array[]): BadFile {
  const { root, size } = log.checkpoint;
  const folder = logFolder(log);
  const name = sourceLogName(log);
  const tiles = [...files].filter(([path]) => path.startsWith(`${folder}/tile/0/`)).sort(([a], [b]) => (a < b ? -1 : 1));
  const claimed = tiles.flatMap(([, bytes]) => (bytes.length % HASH_BYTES === 0 ? hashesOf(bytes) : []));
  const index = leaves.findIndex((leaf, i) => !equalBytes(leaf, claimed[i] ?? leaf));
  if (claimed.length === size && index >= 0 && equalBytes(rootOfLeaves(suite, claimed), root)) {
    const file = bundleOf(files, folder, index);
    return new BadFile({ file, log: name, index, code: "wrong-root", detail: "not the entry that was signed" });
  }
  return new BadFile({ file: `${folder}/checkpoint`, log: name, code: "wrong-root", detail: "the entries do not give the signed root" });
}

function bundleOf(files: Files, folder: string, index: number): string {
  const start = `${folder}/tile/entries/`;
  const bundle = Math.floor(index / 256);
  const found = [...files.keys()].filter((path) => path.startsWith(start)).sort();
  return found[bundle] ?? `${folder}/tile/entries`;
}

/** Whoever cosigned, cosigned heads of this log. */
function checkCosignedRoots(log: SourceLog, roots: ReadonlyMap<number, Uint8Array>): void {
  const file = `${logFolder(log)}/cosignatures`;
  for (const { size, root } of log.cosignatures) {
    const ours = roots.get(size);
    const detail = ours === undefined ? "beyond the end of the log" : "another root";
    if (ours === undefined || !equalBytes(root, ours))
      throw new BadFile({ file, log: sourceLogName(log), code: "wrong-head", detail: `cosignature of size ${size}: ${detail}` });
  }
}

/** Every disclosure that is there is the one its entry committed to. Returns how many bodies are withheld. `entryAt` gives an
 *  entry that has been decoded already, or undefined where its bytes are none. */
export function checkDisclosures(suite: VerifySuite, log: SourceLog, entryAt: (index: number) => Entry | undefined): number {
  let withheld = 0;
  for (const [index, { disclosure }] of log.entries.entries()) {
    const commitment = entryAt(index)?.act.header.body;
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
