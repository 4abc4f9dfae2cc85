import { type ChannelTerms, type VerifySuite, commitmentOf, decodeTerms, digitsOf, presentParties, refusable } from "@openline/core";
import { chosenWords } from "./chosen-words.ts";
import { countingSuite } from "./counting-suite.ts";
import { rootKeys } from "./record-findings.ts";
import { type Bad, BadFile, type Said } from "./finding.ts";
import { type PackVerdicts, judgePack } from "./judge-pack.ts";
import { requireChains } from "./pack-chain.ts";
import type { ChosenReport, PackReport } from "./pack-report.ts";
import { type OpenedChoice, type OpenedEntry, type OpenedPack, openPack } from "./read-pack.ts";
import type { NotProvenCode, ProvenCode } from "./report.ts";
import { termReport, timeText } from "./times.ts";

/** Verifies an evidence pack from its bytes alone. Never throws for anything in them. Source: docs/spec/evidence-pack.md. */
export function verifyPack(suite: VerifySuite, bytes: Uint8Array): PackReport {
  const counting = countingSuite(suite);
  try {
    const pack = openPack(counting.suite, bytes);
    requireChains(pack.logs);
    const verdicts = judgePack(counting.suite, pack);
    const report = reportOf(counting.suite, pack, verdicts);
    // An entry whose words were changed is named; only what no entry answers for is said of the pack.
    if (report.ok && !pack.isWhole) throw new BadFile(CHANGED);
    return { ...report, checkedSignatures: counting.signatures() };
  } catch (error) {
    if (!(error instanceof BadFile)) throw error;
    return { ...failed(error.bad), checkedSignatures: counting.signatures() };
  }
}

const CHANGED: Bad = {
  file: "pack",
  code: "changed-file",
  detail: "its digest is another: a part that nothing signs was changed, or the digest was",
};

function reportOf(suite: VerifySuite, pack: OpenedPack, verdicts: PackVerdicts): Omit<PackReport, "checkedSignatures"> {
  const bad = pack.logs.flatMap((log) =>
    log.entries.flatMap((entry): Bad[] =>
      bodyOf(suite, entry) === "mismatch"
        ? [{ file: "disclosures", log: log.name, index: entry.index, code: "wrong-disclosure", detail: "does not match its commitment" }]
        : [],
    ),
  );
  const [firstBad] = bad;
  const chosen = pack.chosen.map((choice) => chosenReport(suite, pack, { choice, verdicts }));
  return {
    ok: firstBad === undefined,
    ...(firstBad === undefined ? {} : { firstBad }),
    mode: pack.accord.terms.mode,
    line: pack.accord.line,
    ceremony: digitsOf(pack.accord.ceremony),
    shownBy: pack.shownBy,
    exercise: pack.accord.terms.mode === "exercise",
    chosen,
    proven: proven(pack),
    notProven: notProven(pack, chosen),
  };
}

function chosenReport(
  suite: VerifySuite,
  pack: OpenedPack,
  { choice, verdicts }: { readonly choice: OpenedChoice; readonly verdicts: PackVerdicts },
): ChosenReport {
  const { log, entry } = choice;
  const header = entry.entry?.act.header;
  const channel = channelIn(pack, header?.channel);
  return {
    log: log.name,
    party: log.party,
    index: entry.index,
    leaf: entry.leaf,
    kind: header?.kind ?? null,
    channel: channel?.id ?? null,
    post: header?.from ?? null,
    time: timeText(entry.entry?.placement.time),
    said: chosenWords(suite, pack.accord, entry),
    noEffect: verdicts.get(entry) ?? null,
    signedBy: entry.entry?.act.releases.map((release) => release.kid) ?? [],
    body: bodyOf(suite, entry),
    receipts: choice.receipts.map((by) => ({
      by: by.log.party,
      log: by.log.name,
      index: by.entry.index,
      time: timeText(by.entry.entry?.placement.time),
    })),
    term: channel === undefined ? null : termReport(channel.disclosure),
    consent: consentFor(pack, verdicts, entry),
  };
}

/** The channel as the accord of the ceremony has it, or as an amendment added it. */
function channelIn({ accord, amendments }: OpenedPack, number: number | undefined): ChannelTerms | undefined {
  const later = amendments.map(({ file }) => refusable(() => decodeTerms(file)));
  const all = [accord.terms, ...later.flatMap((terms) => (terms.ok ? [terms.value] : []))];
  return all.flatMap(({ channels }) => channels).find((item) => item.number === number);
}

function consentFor(pack: OpenedPack, verdicts: PackVerdicts, entry: OpenedEntry): ChosenReport["consent"] {
  const header = entry.entry?.act.header;
  return pack.logs.flatMap((log) =>
    log.entries
      .filter((other) => {
        const consent = other.entry?.act.header;
        if (consent?.kind !== "disclosure-consent" || verdicts.get(other) !== undefined) return false;
        return consent.channel === header?.channel && (consent.refs.length === 0 || consent.refs.includes(entry.leaf));
      })
      .map((other) => ({ log: log.name, index: other.index })),
  );
}

function bodyOf(suite: VerifySuite, { entry, disclosure }: OpenedEntry): ChosenReport["body"] {
  const commitment = entry?.act.header.body;
  if (disclosure === null) return commitment === undefined ? "none" : "withheld";
  return commitment !== undefined && commitmentOf(suite, disclosure) === commitment ? "disclosed" : "mismatch";
}

function proven(pack: OpenedPack): readonly Said<ProvenCode>[] {
  const accords = presentParties(pack.accord).map(({ id, file }): Said<ProvenCode> => ({
    code: "accord-signed",
    params: { party: id, threshold: file.root.threshold, holders: file.root.holders.length },
  }));
  const quantum = pack.logs
    .filter((log) => log.checkpoint.mldsa !== undefined)
    .map((log): Said<ProvenCode> => ({ code: "post-quantum", params: { log: log.name } }));
  return [...accords, ...quantum];
}

function notProven(pack: OpenedPack, chosen: readonly ChosenReport[]): readonly Said<NotProvenCode>[] {
  const said: Said<NotProvenCode>[] = [];
  if (pack.accord.terms.mode === "exercise") said.push({ code: "rebuilt", params: {} });
  said.push(rootKeys(pack.accord));
  said.push({ code: "persons", params: {} }, { code: "times", params: {} }, { code: "shown-by", params: { party: pack.shownBy } });
  said.push({ code: "selection", params: {} }, { code: "context", params: {} });
  for (const item of chosen) {
    const params = { log: item.log, index: item.index };
    if (item.receipts.length === 0) said.push({ code: "not-held", params });
    if (item.body === "withheld") said.push({ code: "body-withheld", params });
  }
  for (const log of pack.logs)
    if (log.entries.length > 0 && log.checkpoint.mldsa === undefined) said.push({ code: "no-post-quantum", params: { log: log.name } });
  return said;
}

const failed = (firstBad: Bad): Omit<PackReport, "checkedSignatures"> => ({
  ok: false,
  firstBad,
  exercise: false,
  chosen: [],
  proven: [],
  // What does not verify proves nothing, whatever it says.
  notProven: [{ code: "anything", params: {} }],
});
