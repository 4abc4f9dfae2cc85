import { type AccordFiles, accordFilesSchema } from "../accord/accord.ts";
import { type Amendment, amendmentSchema } from "../accord/amendment.ts";
import { fromHex, toHex } from "../encoding/bytes.ts";
import { decode, encode } from "../encoding/cbor.ts";
import { type Schema, bytes, flag, list, object, plain, text, uint } from "../encoding/schema.ts";
import { RefusedInput } from "../errors.ts";
import { limits } from "../limits.ts";
import type { RecordSource } from "./record-source.ts";
import { orderedLogs } from "./record-source.ts";

/** The file `accord.cbor`: the accord files as signed, who shows them, and the origin of every incarnation. Its logs are those
 *  of the export, in order. Source: docs/spec/export.md §3. */
export interface AccordFile {
  readonly version: number;
  readonly files: AccordFiles;
  /** Amendments that acts of the record rest on, by digest, each once. */
  readonly amendments: readonly Amendment[];
  readonly shownBy: string;
  readonly logs: readonly NamedLog[];
}

export interface NamedLog {
  readonly party: string;
  /** 8 bytes. */
  readonly log: Uint8Array;
  readonly current: boolean;
  /** 16 bytes. */
  readonly origin: Uint8Array;
}

const partyId = text(32, /^[a-z][a-z0-9-]{1,31}$/);
export const namedLogSchema: Schema<NamedLog> = object<NamedLog>({ party: partyId, log: bytes(8), current: flag, origin: bytes(16) });

export const amendmentsSchema: Schema<readonly Amendment[]> = list(amendmentSchema, limits.amendmentsMax);

const schema: Schema<AccordFile> = object<AccordFile>({
  version: uint(1),
  files: accordFilesSchema,
  amendments: amendmentsSchema,
  shownBy: partyId,
  logs: list(namedLogSchema, limits.headsMax),
});

export function encodeAccordFile(source: RecordSource): Uint8Array {
  const { accord, amendments, shownBy } = source;
  return encode(plain({ version: 1, files: accord.files, amendments, shownBy, logs: orderedLogs(source).map(namedLog) }));
}

export const namedLog = (log: RecordSource["logs"][number]): NamedLog => ({
  party: log.party,
  log: fromHex(log.log),
  current: log.current,
  origin: fromHex(log.origin),
});

/** Checks the form only. Throws `RefusedInput`. */
export function decodeAccordFile(file: Uint8Array): AccordFile {
  const read = schema(decode(file), "accord");
  if (read.version !== 1) throw new RefusedInput("unsupported-version", "accord.cbor of a version other than 1");
  return { ...read, logs: checkedLogs(read.logs) };
}

/** No log twice, and no party with two current logs. */
export function checkedLogs(logs: readonly NamedLog[]): readonly NamedLog[] {
  const current = logs.filter((log) => log.current).map((log) => log.party);
  const once = (values: readonly string[]): boolean => new Set(values).size === values.length;
  if (!once(current) || !once(logs.map((log) => toHex(log.log))) || !once(logs.map((log) => toHex(log.origin))))
    throw new RefusedInput("malformed", "logs: a log, an origin or a party's current log twice");
  return logs;
}
