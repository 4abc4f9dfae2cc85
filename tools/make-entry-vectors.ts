import { mkdirSync, writeFileSync } from "node:fs";
import { commitmentOf, encodeAccordFiles, encodeAmendment, loadRecord, openDisclosure, sourceLogName, toHex } from "@openline/core";
import { nativeSuite } from "../packages/node/src/crypto/native-suite.ts";
import { AMENDMENTS } from "./entry-cases/amendments.ts";
import { AUTHORITY } from "./entry-cases/authority.ts";
import { BELONGING } from "./entry-cases/belonging.ts";
import { BYTES } from "./entry-cases/bytes.ts";
import { type Case, newLine } from "./entry-cases/case.ts";
import { CONTENT } from "./entry-cases/content.ts";
import { DISCLOSURES } from "./entry-cases/disclosures.ts";
import { KINDS_CASES } from "./entry-cases/kinds.ts";

/** Writes vectors/entries/ from the cases beside this file, every key from a fixed seed, so that each run writes the same bytes.
 *  Run by hand when the specification changes: node --conditions=openline-source tools/make-entry-vectors.ts */

const FOLDER = new URL("../vectors/entries/", import.meta.url);
const ACCORD = "accord.hex";

const named = new Set<string>();

function vectorOf({ comment, expect, line }: Case): unknown {
  const built = line();
  const { accord, logs } = built.source();
  const loaded = logs.map(({ log, entries }) => ({ log, entries: entries.map((entry) => entry.bytes) }));
  const found = loadRecord(nativeSuite, accord, loaded, { signatures: true, amendments: built.carried }).judged.flatMap(
    ({ log, index, refusal }) => {
      const source = logs.find((item) => item.log === log);
      return refusal === undefined || source === undefined ? [] : [[sourceLogName(source), index, refusal.code]];
    },
  );
  const wanted = [...expect].map((item) => [...item]);
  const sorted = (list: readonly unknown[]): string => JSON.stringify(list.map((item) => JSON.stringify(item)).sort());
  if (sorted(found) !== sorted(wanted)) throw new Error(`${comment}: ${JSON.stringify(found)} and not ${JSON.stringify(wanted)}`);
  for (const [, , code] of expect) named.add(code);
  const refusals = expect.map(([party, index, code]) => ({ log: logs.find((log) => log.party === party)?.log, index, code }));
  const amendments = built.carried.length === 0 ? {} : { amendments: built.carried.map((item) => toHex(encodeAmendment(item))) };
  const input = { accord: ACCORD, ...amendments, logs: loaded.map(({ log, entries }) => ({ log, entries: entries.map(toHex) })) };
  return { comment, ...input, expect: { refusals } };
}

function write(name: string, comment: string, cases: readonly Case[]): void {
  const file = { comment, source: "docs/spec/refusals.md §4", cases: cases.map(vectorOf) };
  writeFileSync(new URL(`${name}.json`, FOLDER), `${JSON.stringify(file, undefined, 1)}\n`);
  const invalid = cases.filter((item) => item.expect.length > 0).length;
  process.stdout.write(`${name}: ${invalid} invalid, ${cases.length - invalid} valid\n`);
}

function writeDisclosures(): void {
  const cases = DISCLOSURES.map(({ comment, kind, disclosure, committed, expect }) => {
    const commitment = commitmentOf(nativeSuite, committed ?? disclosure);
    const opened = openDisclosure({ suite: nativeSuite, commitment, disclosure, kind });
    const code = opened.ok ? null : opened.refusal.code;
    if (code !== expect) throw new Error(`${comment}: ${code} and not ${expect}`);
    if (code !== null) named.add(code);
    return { comment, input: { kind, commitment, disclosure: toHex(disclosure) }, expect };
  });
  const file = { comment: "Disclosures beside the commitment in their act's header.", source: "docs/spec/acts.md §4", cases };
  writeFileSync(new URL("disclosures.json", FOLDER), `${JSON.stringify(file, undefined, 1)}\n`);
}

mkdirSync(FOLDER, { recursive: true });
writeFileSync(new URL(ACCORD, FOLDER), `${toHex(encodeAccordFiles(newLine().accord.files))}\n`);
write("bytes", "Entries that decoding refuses, and ones at the edge that it does not.", BYTES);
write("belonging", "Line, party, index, control chain, heads, opening.", BELONGING);
write("authority", "Keys and who may sign what.", AUTHORITY);
write("content", "Times, facts, references, channels, rates.", CONTENT);
write("amendments", "Terms and party files that are replaced.", AMENDMENTS);
write("kinds", "One valid entry of each kind of act.", KINDS_CASES);
writeDisclosures();
process.stdout.write(`codes: ${[...named].sort().join(" ")}\n`);
