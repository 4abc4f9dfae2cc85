import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type RefusalCode,
  decodeAccordFiles,
  decodeAmendment,
  decodeEntry,
  entryOf,
  fromHex,
  limits,
  loadRecord,
  openDisclosure,
  parseDigest,
  parseKindName,
  parseLogId,
  readAccord,
  refusable,
  REFUSAL_CODES,
} from "../src/index.ts";
import { testSuite as suite } from "./log/test-suite.ts";

interface Case {
  readonly comment: string;
  readonly accord: string;
  readonly amendments?: readonly string[];
  readonly logs: readonly { readonly log: string; readonly entries: readonly string[] }[];
  readonly expect: { readonly refusals: readonly { readonly log: string; readonly index: number; readonly code: RefusalCode }[] };
}
interface DisclosureCase {
  readonly comment: string;
  readonly input: { readonly kind: string; readonly commitment: string; readonly disclosure: string };
  readonly expect: RefusalCode | null;
}

const folder = new URL("../../../vectors/entries/", import.meta.url);
const text = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const casesOf = <T>(name: string): readonly T[] => (JSON.parse(text(name)) as { cases: readonly T[] }).cases;
const names = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "disclosures.json");
const accords = new Map(["accord.hex"].map((name) => [name, readAccord(suite, decodeAccordFiles(fromHex(text(name).trim())))]));

/** Codes that no entry can get: they are said of files, checkpoints, frames and clocks. */
const ELSEWHERE: readonly RefusalCode[] = [
  "foreign-mode",
  "future-dated",
  "missing-disclosure",
  "wrong-root",
  "smaller-head",
  "fork",
  "unknown-log",
  "wrong-contribution",
];

describe.each(names)("vectors/entries/%s", (name) => {
  test.each(casesOf<Case>(name).map((item) => [item.comment, item] as const))("%s", (_, item) => {
    const accord = accords.get(item.accord);
    if (accord === undefined) throw new Error(`no accord ${item.accord}`);
    const logs = item.logs.map(({ log, entries }) => ({ log: parseLogId(log), entries: entries.map(fromHex) }));
    const amendments = (item.amendments ?? []).map((bytes) => decodeAmendment(fromHex(bytes)));
    const order = (a: { log: string; index: number }, b: { log: string; index: number }): number =>
      a.log === b.log ? a.index - b.index : a.log < b.log ? -1 : 1;
    for (const given of [logs, logs.toReversed()]) {
      const { judged } = loadRecord(suite, accord, given, { signatures: true, amendments });
      const refusals = judged.flatMap(({ log, index, refusal }) => (refusal === undefined ? [] : [{ log, index, code: refusal.code }]));
      expect(refusals.sort(order)).toEqual([...item.expect.refusals].sort(order));
      // An entry is judged whatever stands beside it.
      expect(judged.length).toBe(logs.reduce((sum, { entries }) => sum + entries.length, 0));
    }
  });
});

test("an act in its place is the entry that its bytes decode to", () => {
  const all = names.flatMap((name) => casesOf<Case>(name)).flatMap(({ logs }) => logs.flatMap(({ entries }) => entries.map(fromHex)));
  let same = 0;
  for (const bytes of all) {
    const read = refusable(() => decodeEntry(bytes));
    if (!read.ok) continue;
    expect(entryOf(read.value.act, read.value.placement)).toEqual(read.value);
    same++;
  }
  expect(same).toBeGreaterThan(100);
  const [some] = all.flatMap((bytes) => (refusable(() => decodeEntry(bytes)).ok ? [decodeEntry(bytes)] : []));
  if (some === undefined) throw new Error("some entry decodes");
  const act = { ...some.act, bytes: new Uint8Array(limits.entryBytesMax) };
  expect(refusable(() => entryOf(act, some.placement))).toMatchObject({ ok: false, refusal: { code: "oversized" } });
});

describe("vectors/entries/disclosures.json", () => {
  test.each(casesOf<DisclosureCase>("disclosures.json").map((item) => [item.comment, item] as const))(
    "%s",
    (_, { input, expect: code }) => {
      const opened = openDisclosure({
        suite,
        commitment: parseDigest(input.commitment),
        disclosure: fromHex(input.disclosure),
        kind: parseKindName(input.kind),
      });
      expect(opened.ok ? null : opened.refusal.code).toBe(code);
    },
  );
});

test("every refusal code that an entry can get has an invalid vector", () => {
  const named = new Set<string | null>(ELSEWHERE);
  for (const name of names) for (const item of casesOf<Case>(name)) for (const { code } of item.expect.refusals) named.add(code);
  for (const item of casesOf<DisclosureCase>("disclosures.json")) named.add(item.expect);
  expect(REFUSAL_CODES.filter((code) => !named.has(code))).toEqual([]);
});
