import {
  type Accord,
  type Party,
  type PartyId,
  type RecordSource,
  type Result,
  type SourceCosignature,
  type SourceEntry,
  type SourceLog,
  TILE_WIDTH,
  type VerifySuite,
  checkpointOf,
  decodeAccordFile,
  keysOfLog,
  limits,
  logFolder,
  sourceLogName,
  parseCosignatureFile,
  parseEntryBundle,
  parseLogId,
  parsePartyId,
  readAccord,
  tilePath,
  timestamped,
  toHex,
  verifyCosignatureEd25519,
} from "@openline/core";
import { BadFile, reading } from "./finding.ts";
import { openNote } from "./open-note.ts";

export type Files = ReadonlyMap<string, Uint8Array>;

type LogHead = Pick<SourceLog, "log" | "party" | "current" | "origin">;

/** Reads an export back into the source it was written from: accord with its root signatures, signed heads, entries. What is
 *  read is not yet compared with what would be written. Throws `BadFile`. */
export function readRecord(suite: VerifySuite, files: Files, options: { readonly signatures: boolean }): RecordSource {
  const file = reading("accord.cbor", () => decodeAccordFile(fileOf(files, "accord.cbor")));
  const accord = reading("accord.cbor", () => readAccord(suite, file.files));
  const known = (id: string): PartyId => {
    const party = accord.parties.find((item) => item.id === id);
    if (party === undefined) throw new BadFile({ file: "accord.cbor", code: "wrong-party", detail: `${id} is no party of the accord` });
    return parsePartyId(party.id);
  };
  const heads = file.logs.map((log): LogHead => ({
    log: parseLogId(toHex(log.log)),
    party: known(log.party),
    current: log.current,
    origin: toHex(log.origin),
  }));
  const logs = heads.map((head) => readLog(suite, files, { accord, heads, head, signatures: options.signatures }));
  return { accord, amendments: file.amendments, shownBy: known(file.shownBy), logs };
}

/** Throws `BadFile`. */
export function fileOf(files: Files, path: string): Uint8Array {
  const bytes = files.get(path);
  if (bytes === undefined) throw new BadFile({ file: path, code: "missing-file", detail: "is not there" });
  if (bytes.length > limits.packBytesMax) throw new BadFile({ file: path, code: "oversized", detail: `${bytes.length} bytes` });
  return bytes;
}

interface LogOptions {
  readonly accord: Accord;
  readonly heads: readonly LogHead[];
  readonly head: LogHead;
  readonly signatures: boolean;
}

function readLog(suite: VerifySuite, files: Files, options: LogOptions): SourceLog {
  const { accord, heads, head } = options;
  const folder = logFolder(head);
  const keys = keysOfLog(suite, { accord, logs: heads }, head);
  const note = `${folder}/checkpoint`;
  const { checkpoint } = openNote(suite, note, fileOf(files, note), keys);
  const entries = readEntries(files, head, checkpoint.size);
  const log = { ...head, entries, checkpoint, cosignatures: [] };
  return { ...log, cosignatures: readCosignatures(suite, files, { ...options, log }) };
}

function readEntries(files: Files, head: LogHead, size: number): readonly SourceEntry[] {
  const folder = logFolder(head);
  const entries: SourceEntry[] = [];
  for (let index = 0; entries.length < size; index++) {
    const width = Math.min(TILE_WIDTH, size - entries.length);
    const path = `${folder}/${tilePath({ level: "entries", index, width })}`;
    const bundle = valueOf(parseEntryBundle(fileOf(files, path), width), path);
    for (const bytes of bundle) {
      const disclosure = files.get(`${folder}/disclosures/${entries.length}`);
      entries.push(disclosure === undefined ? { bytes } : { bytes, disclosure });
    }
  }
  return entries;
}

function valueOf<T>(result: Result<T>, file: string): T {
  if (!result.ok) throw new BadFile({ file, ...result.refusal });
  return result.value;
}

function readCosignatures(
  suite: VerifySuite,
  files: Files,
  options: LogOptions & { readonly log: SourceLog },
): readonly SourceCosignature[] {
  const path = `${logFolder(options.head)}/cosignatures`;
  const others = options.accord.parties.filter((party) => party.id !== options.head.party);
  return reading(path, () => parseCosignatureFile(fileOf(files, path))).map((item, i) => {
    const by = cosigner(suite, others, { ...options, item: { ...item } });
    if (by === undefined)
      throw new BadFile({
        file: path,
        log: sourceLogName(options.head),
        code: "wrong-signature",
        detail: `cosignature ${i}, of size ${item.size}`,
      });
    return { ...item, by };
  });
}

/** The party whose mirror key made it. On a line of two it can be only one, so that nothing needs to be tried. */
function cosigner(
  suite: VerifySuite,
  others: readonly Party[],
  { signatures, log, item }: { readonly signatures: boolean; readonly log: SourceLog; readonly item: Omit<SourceCosignature, "by"> },
): PartyId | undefined {
  if (others.length === 1 && !signatures) return others[0]?.id;
  const cosigned = { origin: checkpointOf(log).origin, size: item.size, root: item.root };
  return others.find((party) => verifyCosignatureEd25519(suite, party.file.mirror, cosigned, timestamped(item)))?.id;
}
