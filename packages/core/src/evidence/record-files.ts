import type { VerifySuite } from "../crypto/suite.ts";
import { toHex, utf8 } from "../encoding/bytes.ts";
import { assert } from "../errors.ts";
import { type ExportedFile, exportLayout } from "../log/export.ts";
import { encodeAccordFile } from "./accord-file.ts";
import { accordYaml } from "./accord-yaml.ts";
import { cosignatureFile } from "./cosignature-file.ts";
import { checkpointText, keysOfLog, vkeysText } from "./log-keys.ts";
import type { Sha256 } from "../log/tree.ts";
import { type RecordSource, type SourceLog, orderedLogs } from "./record-source.ts";

/** Every file of an export, each path below the folder it goes into. Equal sources give equal bytes, so that a verifier reads
 *  the files back into a source, writes them again and compares. Source: docs/spec/export.md. */
export function* recordFiles(suite: VerifySuite, source: RecordSource): Generator<ExportedFile, void, undefined> {
  const sums: string[] = [];
  for (const file of withoutManifest(suite, source)) {
    sums.push(manifestLine(suite, file));
    yield file;
  }
  yield { path: MANIFEST, bytes: utf8(sums.join("")) };
}

function* withoutManifest(suite: VerifySuite, source: RecordSource): Generator<ExportedFile, void, undefined> {
  yield { path: "accord.cbor", bytes: encodeAccordFile(source) };
  yield { path: "accord.yaml", bytes: utf8(accordYaml(suite, source)) };
  for (const log of orderedLogs(source)) yield* logFiles(suite, source, log);
}

/** The files of one log, in the order in which they are written. */
export function* logFiles(suite: VerifySuite, source: RecordSource, log: SourceLog): Generator<ExportedFile, void, undefined> {
  assert(log.entries.length === log.checkpoint.size, "an export ends where its checkpoint does");
  const folder = logFolder(log);
  const keys = keysOfLog(suite, source, log);
  yield { path: `${folder}/vkeys`, bytes: utf8(vkeysText(keys)) };
  yield { path: `${folder}/checkpoint`, bytes: utf8(checkpointText(log, keys)) };
  for (const file of exportLayout(suite, bytesOf(log))) yield { path: `${folder}/${file.path}`, bytes: file.bytes };
  for (const [index, { disclosure }] of log.entries.entries())
    if (disclosure !== undefined) yield { path: `${folder}/disclosures/${index}`, bytes: disclosure };
  yield { path: `${folder}/cosignatures`, bytes: cosignatureFile(log.cosignatures) };
}

/** One line for each file, with its SHA-256 and its length. It finds what nothing else binds: who shows the record, and a list
 *  that was cut where an item ends. */
export const MANIFEST = "manifest.txt";

/** Disclosures are left out: one may be taken out of an export later, and each is bound by its commitment. */
export function manifestLine(suite: Sha256, { path, bytes }: ExportedFile): string {
  return isDisclosurePath(path) ? "" : `${toHex(suite.sha256(bytes))} ${bytes.length} ${path}\n`;
}

const isDisclosurePath = (path: string): boolean => /^[^/]+\/(closed\/[^/]+\/)?disclosures\/[^/]+$/.test(path);

function* bytesOf(log: SourceLog): Generator<Uint8Array, void, undefined> {
  for (const { bytes } of log.entries) yield bytes;
}

/** `<party>` for the current incarnation, `<party>/closed/<16 hex>` for a closed one. */
export const logFolder = (log: Pick<SourceLog, "party" | "log" | "current">): string =>
  log.current ? log.party : `${log.party}/closed/${log.log}`;
