import { renderText } from "@openline/core";
import type { Bad, Said } from "./finding.ts";
import type { ChosenReport, PackReport } from "./pack-report.ts";
import type { LogReport, NotProvenCode, ProvenCode, TermReport, VerifyReport } from "./report.ts";
import { type HeadKey, REPORT_WORDS, type ReportLanguage, type ReportWords, filled } from "./report-words.ts";

type Params = Readonly<Record<string, string | number>>;

/** A report in words, by what the words are for. */
export interface ReportSections {
  /** Whether it verifies, and the first bad thing if not. */
  readonly verdict: readonly string[];
  readonly found: readonly string[];
  readonly proven: readonly string[];
  readonly notProven: readonly string[];
  readonly signatures: string;
}

/** The report on a record as lines for an auditor. No line says "verified" of an exercise without saying so in that line. */
export function recordReportLines(report: VerifyReport, language: ReportLanguage = "en"): readonly string[] {
  return linesOf(recordReportSections(report, language), language);
}

/** The report on an evidence pack as lines for an auditor. */
export function packReportLines(report: PackReport, language: ReportLanguage = "en"): readonly string[] {
  return linesOf(packReportSections(report, language), language);
}

export function recordReportSections(report: VerifyReport, language: ReportLanguage): ReportSections {
  const words = REPORT_WORDS[language];
  const found = [
    ...lineOf(words, report),
    ...Object.entries({ ...report.closed, ...report.parties }).map(([log, item]) => logLine(words, log, item)),
    ...report.noEffect.map((item) => say(words, "no-effect", { log: item.log, index: item.index, code: item.code, detail: item.detail })),
    ...(report.ok ? report.disclosureTerms.map((item) => termLine(words, item)) : []),
  ];
  return { verdict: verdict(words, report, "verified-record"), found, ...findings(words, report) };
}

export function packReportSections(report: PackReport, language: ReportLanguage): ReportSections {
  const words = REPORT_WORDS[language];
  const found = [...lineOf(words, report), ...report.chosen.flatMap((item) => [...chosenLines(words, item), ...saidLines(item, language)])];
  return { verdict: verdict(words, report, "verified-pack"), found, ...findings(words, report) };
}

function linesOf({ verdict: first, found, proven, notProven, signatures }: ReportSections, language: ReportLanguage): readonly string[] {
  const words = REPORT_WORDS[language];
  return [
    ...first,
    ...found,
    ...proven.map((text) => say(words, "proven", { text })),
    ...notProven.map((text) => say(words, "not-proven", { text })),
    signatures,
  ];
}

interface Common {
  readonly ok: boolean;
  readonly firstBad?: Bad;
  readonly exercise: boolean;
  readonly line?: string;
  readonly ceremony?: string;
  readonly shownBy?: string;
  readonly proven: readonly Said<ProvenCode>[];
  readonly notProven: readonly Said<NotProvenCode>[];
  readonly checkedSignatures: number;
}

const say = (words: ReportWords, key: HeadKey, params: Params = {}): string => filled(words.head[key], params);

function verdict(words: ReportWords, report: Common, key: "verified-record" | "verified-pack"): readonly string[] {
  const first = say(words, report.ok ? key : "failed");
  const lines = [report.exercise ? `${first} (${words.exercise})` : first];
  const bad = report.firstBad;
  if (bad === undefined) return lines;
  const at = bad.log !== undefined && bad.index !== undefined ? say(words, "at", { log: bad.log, index: bad.index }) : "";
  const code = words.bad[bad.code] ?? bad.code;
  return [...lines, say(words, "first-bad", { file: bad.file, at, code, detail: bad.detail })];
}

function lineOf(words: ReportWords, { line, ceremony, shownBy }: Common): readonly string[] {
  return [
    ...(line === undefined || shownBy === undefined ? [] : [say(words, "line", { line, party: shownBy })]),
    ...(ceremony === undefined ? [] : [say(words, "ceremony", { digits: ceremony })]),
  ];
}

function logLine(words: ReportWords, log: string, { entries, effective, withheld, namedTo, cosignedTo, root }: LogReport): string {
  return say(words, "log", { log, entries, effective, withheld, namedTo, cosignedTo, root });
}

function findings(words: ReportWords, report: Common): Pick<ReportSections, "proven" | "notProven" | "signatures"> {
  return {
    proven: report.proven.map((item) => filled(words.proven[item.code], item.params)),
    notProven: report.notProven.map((item) => filled(words.notProven[item.code], item.params)),
    signatures: say(words, "signatures", { count: report.checkedSignatures }),
  };
}

function chosenLines(words: ReportWords, item: ChosenReport): readonly string[] {
  const { log, index, party, leaf } = item;
  const channel = item.channel === null ? "" : ` (${item.channel})`;
  const params = { log, index, party, leaf, kind: item.kind ?? "?", channel, post: item.post ?? "-", time: item.time ?? "?" };
  const signed = { keys: item.signedBy.join(", "), body: words.bodies[item.body] };
  return [
    say(words, "chosen", params),
    item.noEffect === null
      ? `  ${say(words, "signed", signed)}`
      : `  ${say(words, "no-effect", { log, index, code: item.noEffect.code, detail: item.noEffect.detail })}`,
    ...item.receipts.map((by) => `  ${say(words, "held-by", { by: by.by, log: by.log, index: by.index, time: by.time ?? "?" })}`),
    ...(item.term !== null && item.channel !== null
      ? [`  ${termLine(words, { channel: item.channel, ...item.term, consent: item.consent })}`]
      : item.kind === null || item.noEffect !== null
        ? []
        : [`  ${say(words, "no-term")}`]),
  ];
}

/** The act itself, set off from what the verifier says of it. */
function saidLines({ said }: ChosenReport, language: ReportLanguage): readonly string[] {
  return said === null
    ? []
    : renderText(said[language], language)
        .split("\n")
        .map((line) => `  > ${line}`);
}

function termLine(
  words: ReportWords,
  item: {
    readonly channel: string;
    readonly term: TermReport["term"];
    readonly embargo: TermReport["embargo"];
    readonly consent: readonly { readonly log: string; readonly index: number }[];
  },
): string {
  const entries = item.consent.map(({ log, index }) => `${log}/${index}`).join(", ");
  return say(words, "term", {
    channel: item.channel,
    term: words.terms[item.term],
    embargo: item.embargo === null ? "" : say(words, "embargo", { time: item.embargo }),
    consent: entries === "" ? say(words, "no-consent") : say(words, "consent", { entries }),
  });
}
