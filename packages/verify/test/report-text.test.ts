import { digitsOf, makePack, parsePartyId, recordFiles } from "@openline/core";
import { expect, test } from "vitest";
import { nativeSuite } from "../../node/src/crypto/native-suite.ts";
import { REPORT_WORDS, packReportLines, recordReportLines, verifyPack, verifyRecord } from "../src/index.ts";
import { spokenLine } from "./builder-spoken.ts";

const EXERCISE = "EXERCISE, rebuilt from public reports; not signed by the ministries named";
const line = spokenLine({ mode: "exercise" });
const files = new Map([...recordFiles(nativeSuite, line.source())].map(({ path, bytes }) => [path, bytes]));
const record = verifyRecord(nativeSuite, files);
const pack = verifyPack(nativeSuite, makePack(nativeSuite, line.source(), [{ party: parsePartyId("north"), index: 2 }]));

test("no line says verified of an exercise without saying that it is one", () => {
  for (const text of [...recordReportLines(record), ...packReportLines(pack)])
    if (text.startsWith("verified")) expect(text).toContain(EXERCISE);
  expect(recordReportLines(record)[0]).toContain("verified");
});

test("every parameter is filled in, in both languages", () => {
  for (const language of ["en", "zh"] as const)
    for (const text of [...recordReportLines(record, language), ...packReportLines(pack, language)]) expect(text).not.toMatch(/[{}]/);
});

test.each(["live", "exercise"] as const)("both reports on a line that is %s give the digits and say whose the keys need not be", (mode) => {
  const made = spokenLine({ mode });
  const source = made.source();
  const whole = new Map([...recordFiles(nativeSuite, source)].map(({ path, bytes }) => [path, bytes]));
  const ofRecord = verifyRecord(nativeSuite, whole);
  const ofPack = verifyPack(nativeSuite, makePack(nativeSuite, source, [{ party: parsePartyId("north"), index: 2 }]));
  const digits = digitsOf(source.accord.ceremony);
  for (const { ceremony, notProven } of [ofRecord, ofPack]) {
    expect(ceremony).toBe(digits);
    expect(notProven).toContainEqual({ code: "root-keys", params: { parties: "north, south" } });
  }
  for (const lines of [recordReportLines(ofRecord), packReportLines(ofPack)]) {
    expect(lines).toContain(`ceremony, 80 digits: ${digits}`);
    expect(lines.join("\n")).toContain("not proven: that the root keys are those of the parties named (north, south)");
  }
  for (const lines of [recordReportLines(ofRecord, "zh"), packReportLines(ofPack, "zh")]) {
    expect(lines).toContain(`建线仪式的 80 位数字：${digits}`);
    expect(lines.join("\n")).toContain("未证明：根密钥确属所列各方（north, south）");
  }
});

test("a record that cannot be read says nothing of a ceremony", () => {
  const unread = verifyRecord(nativeSuite, new Map());
  expect(unread.ok).toBe(false);
  expect(unread.ceremony).toBeUndefined();
  expect(recordReportLines(unread).join("\n")).not.toContain("ceremony");
});

test("both languages use the same parameters", () => {
  const braces = (text: string): readonly string[] => (text.match(/\{[a-zA-Z]+\}/g) ?? []).sort();
  for (const part of ["head", "proven", "notProven", "bodies", "terms"] as const) {
    const zh: Readonly<Record<string, string>> = REPORT_WORDS.zh[part];
    for (const [key, text] of Object.entries(REPORT_WORDS.en[part])) expect(braces(zh[key] ?? ""), `${part} ${key}`).toEqual(braces(text));
  }
});

test("the first bad thing is named with file and entry", () => {
  const path = "south/tile/entries/000.p/7";
  const bytes = files.get(path)?.slice() ?? new Uint8Array(0);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  const [first, second] = recordReportLines(verifyRecord(nativeSuite, new Map(files).set(path, bytes)));
  expect(first).toBe("NOT verified");
  expect(second).toBe(`first bad: ${path} (entry south/6): wrong-root, not the entry that was signed`);
});

test("a pack says who signed, who held, under which term", () => {
  const text = packReportLines(pack).join("\n");
  expect(text).toContain("entry north/2: message (main), by post watch of north");
  expect(text).toContain("held by south: entry south/2");
  expect(text).toContain("each party may show its own words; consent in here: north/6");
});
