import { type Accord, orderedLogs, presentParties, sourceLogName } from "@openline/core";
import type { Checked } from "./checked.ts";
import type { Said } from "./finding.ts";
import type { DisclosureTermReport, NotProvenCode, ProvenCode } from "./report.ts";
import { termReport } from "./times.ts";

/** What a record that verified proves. */
export function proven({ source, logs, signatures }: Checked): readonly Said<ProvenCode>[] {
  const said: Said<ProvenCode>[] = presentParties(source.accord).map(({ id, file }) => ({
    code: "accord-signed",
    params: { party: id, threshold: file.root.threshold, holders: file.root.holders.length },
  }));
  for (const log of orderedLogs(source)) {
    const report = logs.get(log.log);
    if (report === undefined) continue;
    const name = sourceLogName(log);
    said.push({ code: "log-whole", params: { log: name, size: report.size, root: report.root } });
    if (signatures) said.push({ code: "signatures-valid", params: { log: name, effective: report.effective, entries: report.entries } });
    const shown = log.entries.filter((entry) => entry.disclosure !== undefined).length;
    if (shown > 0) said.push({ code: "bodies-match", params: { log: name, count: shown } });
    const held = Math.max(report.namedTo, signatures ? report.cosignedTo : 0);
    if (held > 0) said.push({ code: "receipt", params: { log: name, size: held } });
    if (log.checkpoint.mldsa !== undefined) said.push({ code: "post-quantum", params: { log: name } });
  }
  return said;
}

/** What it does not prove, whoever it suits. */
export function notProven(checked: Checked): readonly Said<NotProvenCode>[] {
  const { source, judged, logs, unconfirmed, signatures } = checked;
  const said: Said<NotProvenCode>[] = [];
  if (source.accord.terms.mode === "exercise") said.push({ code: "rebuilt", params: {} });
  said.push(rootKeys(source.accord));
  if (!signatures) said.push({ code: "signatures-not-checked", params: {} });
  said.push({ code: "persons", params: {} }, { code: "times", params: {} }, { code: "shown-by", params: { party: source.shownBy } });
  for (const log of orderedLogs(source)) {
    const report = logs.get(log.log);
    if (report === undefined) continue;
    const name = sourceLogName(log);
    if (log.current) said.push({ code: "later-entries", params: { log: name, size: report.size } });
    if (report.withheld > 0) said.push({ code: "withheld", params: { log: name, count: report.withheld } });
    const unjudged = report.entries - judged.filter((item) => item.log === log.log).length;
    if (unjudged > 0) said.push({ code: "not-judged", params: { log: name, count: unjudged } });
    const held = Math.max(report.namedTo, signatures ? report.cosignedTo : 0);
    if (held < report.size) said.push({ code: "no-receipt", params: { log: name, from: held, to: report.size - 1 } });
    if (unconfirmed.includes(log)) said.push({ code: "origin", params: { log: name } });
    if (log.checkpoint.mldsa === undefined) said.push({ code: "no-post-quantum", params: { log: name } });
  }
  return said;
}

/** Whoever makes the keys of both sides can make a line in any names: only what the parties published elsewhere says whose they are. */
export const rootKeys = (accord: Accord): Said<NotProvenCode> => ({
  code: "root-keys",
  params: {
    parties: presentParties(accord)
      .map(({ id }) => id)
      .join(", "),
  },
});

/** Under which term each channel's bodies stand, and who has consented. */
export function termsOf({ source, record, judged }: Checked): readonly DisclosureTermReport[] {
  const versions = [source.accord.terms, ...record.amendments.terms.map(({ terms }) => terms)];
  // The last terms that name a channel say under which term it stands.
  const channels = new Map(versions.flatMap((terms) => terms.channels.map((channel) => [channel.number, channel] as const)));
  return [...channels.values()].map(({ id, number, disclosure }) => ({
    channel: id,
    ...termReport(disclosure),
    consent: judged.flatMap(({ log, index, refusal, entry }) => {
      const header = entry?.act.header;
      const found = source.logs.find((item) => item.log === log);
      const consents = refusal === undefined && header?.kind === "disclosure-consent" && header.channel === number;
      return consents && found !== undefined ? [{ log: sourceLogName(found), index }] : [];
    }),
  }));
}
