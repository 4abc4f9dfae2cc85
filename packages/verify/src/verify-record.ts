import {
  type Entry,
  type Judged,
  type LineRecord,
  MANIFEST,
  type RecordSource,
  type SourceLog,
  type VerifySuite,
  accordYaml,
  decodeEntry,
  digitsOf,
  encodeAccordFile,
  equalBytes,
  loadRecord,
  sourceLogName,
  manifestLine,
  namedBy,
  orderedLogs,
  refusable,
  toHex,
  utf8,
} from "@openline/core";
import { type RewrittenLog, checkDisclosures, checkLog, checkOrigin } from "./check-log.ts";
import { countingSuite } from "./counting-suite.ts";
import type { Checked } from "./checked.ts";
import { type Bad, BadFile } from "./finding.ts";
import { notProven, proven, termsOf } from "./record-findings.ts";
import { type Files, fileOf, readRecord } from "./read-record.ts";
import type { LogReport, NoEffect, VerifyReport } from "./report.ts";

/** Verifies an export from its files alone: reads it back, recomputes every hash, writes every file again and compares, and
 *  judges every entry. `signatures: false` leaves out the signatures of entries and cosignatures; the accord's and the
 *  checkpoints' are always checked. Never throws for anything in the files. Source: docs/spec/export.md §6. */
export function verifyRecord(suite: VerifySuite, files: Files, options: { readonly signatures?: boolean } = {}): VerifyReport {
  const counting = countingSuite(suite);
  try {
    const checked = check(counting.suite, files, options.signatures ?? true);
    return { ...reportOf(checked), checkedSignatures: counting.signatures() };
  } catch (error) {
    if (!(error instanceof BadFile)) throw error;
    return { ...failed(error.bad), checkedSignatures: counting.signatures() };
  }
}

/** The report on what is no export because something there is no file that could belong to one. */
export const unreadableRecord = (bad: Bad): VerifyReport => ({ ...failed(bad), checkedSignatures: 0 });

function check(suite: VerifySuite, files: Files, signatures: boolean): Checked {
  const source = readRecord(suite, files, { signatures });
  const logs = orderedLogs(source);
  const rewritten = logs.map((log) => ({ log, ...checkLog(suite, files, source, log) }));
  const unconfirmed = logs.filter((log) => checkOrigin(log) === "unconfirmed");
  const loaded = rewritten.map(({ log, leaves }) => ({ log: log.log, entries: log.entries.map((entry) => entry.bytes), leaves }));
  const { record, judged } = loadRecord(suite, source.accord, loaded, { signatures, amendments: source.amendments });
  const { lacking } = record;
  if (lacking !== undefined) {
    const log = logs.find((item) => item.log === lacking.log);
    const where = { ...(log === undefined ? {} : { log: sourceLogName(log) }), index: lacking.index };
    throw new BadFile({
      file: "accord.cbor",
      ...where,
      code: "wrong-accord",
      detail: "the amendment that this entry rests on is not there",
    });
  }
  const withheld = new Map(logs.map((log) => [log.log, checkDisclosures(suite, log, entriesOf(judged, log))]));
  checkRest(suite, files, asWritten(source, record), rewritten);
  const reports = new Map(logs.map((log) => [log.log, logReport(record, judged, { log, withheld: withheld.get(log.log) ?? 0 })]));
  return { source, record, judged, logs: reports, unconfirmed, signatures };
}

/** Entries of a log by index. What could not be judged was not kept, and is decoded here. */
function entriesOf(judged: readonly Judged[], log: SourceLog): (index: number) => Entry | undefined {
  const known: Judged[] = [];
  for (const item of judged) if (item.log === log.log) known[item.index] = item;
  return (index) => {
    const item = known[index];
    const bytes = log.entries[index]?.bytes;
    if (item !== undefined || bytes === undefined) return item?.entry;
    const read = refusable(() => decodeEntry(bytes));
    return read.ok ? read.value : undefined;
  };
}

/** The source as whoever wrote it must have had it: with the keys of each log, and the amendments that acts rest on. */
function asWritten(source: RecordSource, record: LineRecord): RecordSource {
  return {
    ...source,
    amendments: record.amendments.inForce(),
    keys: new Map([...record.logs].map(([id, log]) => [id, [...log.ring.keys.values()]])),
  };
}

/** The files that belong to no log, and that there is no other file. */
function checkRest(suite: VerifySuite, files: Files, source: RecordSource, logs: readonly RewrittenLog[]): void {
  const known = new Set(["accord.cbor", "accord.yaml", MANIFEST, ...logs.flatMap((log) => log.paths)]);
  const unknown = [...files.keys()].sort().find((path) => !known.has(path));
  if (unknown !== undefined) throw new BadFile({ file: unknown, code: "unknown-file", detail: "no file of this record" });
  const accord = { path: "accord.cbor", bytes: encodeAccordFile(source) };
  const yaml = { path: "accord.yaml", bytes: utf8(accordYaml(suite, source)) };
  const sums = manifestLine(suite, accord) + manifestLine(suite, yaml) + logs.map((log) => log.manifest).join("");
  compare(files, accord);
  compare(files, yaml);
  compare(files, { path: MANIFEST, bytes: utf8(sums) });
}

function compare(files: Files, { path, bytes }: { readonly path: string; readonly bytes: Uint8Array }): void {
  if (!equalBytes(fileOf(files, path), bytes)) throw new BadFile({ file: path, code: "changed-file", detail: "not what the record gives" });
}

function logReport(
  record: LineRecord,
  judged: readonly Judged[],
  { log, withheld }: { readonly log: SourceLog; readonly withheld: number },
): LogReport {
  let effective = 0;
  for (const item of judged) if (item.log === log.log && item.refusal === undefined) effective++;
  const position = record.logs.get(log.log)?.party;
  let namedTo = 0;
  for (const other of record.logs.values())
    if (other.party !== position) namedTo = Math.max(namedTo, namedBy(other, log.log, other.times.length));
  return {
    log: log.log,
    size: log.checkpoint.size,
    root: toHex(log.checkpoint.root),
    entries: log.entries.length,
    effective,
    withheld,
    cosignedTo: log.cosignatures.reduce((most, item) => Math.max(most, item.size), 0),
    namedTo,
  };
}

function reportOf(checked: Checked): Omit<VerifyReport, "checkedSignatures"> {
  const { source, judged, logs } = checked;
  const { terms, line } = source.accord;
  const named = (current: boolean): Record<string, LogReport> =>
    Object.fromEntries(
      source.logs.flatMap((log) => {
        const report = log.current === current ? logs.get(log.log) : undefined;
        return report === undefined ? [] : [[sourceLogName(log), report]];
      }),
    );
  return {
    ok: true,
    mode: terms.mode,
    line,
    ceremony: digitsOf(source.accord.ceremony),
    shownBy: source.shownBy,
    exercise: terms.mode === "exercise",
    parties: named(true),
    closed: named(false),
    noEffect: judged.flatMap((item) => noEffect(source, item)),
    disclosureTerms: termsOf(checked),
    proven: proven(checked),
    notProven: notProven(checked),
  };
}

function noEffect(source: RecordSource, { log, index, leaf, refusal }: Judged): readonly NoEffect[] {
  const found = source.logs.find((item) => item.log === log);
  return refusal === undefined || found === undefined ? [] : [{ log: sourceLogName(found), index, leaf, ...refusal }];
}

const failed = (firstBad: Bad): Omit<VerifyReport, "checkedSignatures"> => ({
  ok: false,
  firstBad,
  exercise: false,
  parties: {},
  closed: {},
  noEffect: [],
  disclosureTerms: [],
  proven: [],
  // What does not verify proves nothing, whatever it says.
  notProven: [{ code: "anything", params: {} }],
});
