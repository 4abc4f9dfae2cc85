import { type Choice, makePack, parseLogId, parsePartyId, recordFiles } from "@openline/core";
import { describe, expect, test } from "vitest";
import { nativeSuite } from "../../node/src/crypto/native-suite.ts";
import { nobleSuite, verifyPack, verifyRecord } from "../src/index.ts";
import { restoredLine } from "./builder-spoken.ts";

const line = restoredLine();
const [closed] = line.closed;
const id = parseLogId(closed?.id ?? "");
const north = parsePartyId("north");
const files = new Map([...recordFiles(nativeSuite, line.source())].map(({ path, bytes }) => [path, bytes] as const));
const folder = `north/closed/${id}/`;

describe("an export of a party that was rolled back", () => {
  test("has the closed log in a folder of its own, and verifies with both suites", () => {
    expect([...files.keys()].filter((path) => path.startsWith(folder)).length).toBeGreaterThan(5);
    const report = verifyRecord(nativeSuite, files);
    expect(report.firstBad).toBeUndefined();
    expect(report.noEffect).toEqual([]);
    expect(report.closed).toMatchObject({ [`north@${id}`]: { size: 4, entries: 4, effective: 4, namedTo: 4, cosignedTo: 4 } });
    expect(report.parties["north"]).toMatchObject({ size: 2, effective: 2, namedTo: 2 });
    expect(report).toEqual(verifyRecord(nobleSuite, files));
  });

  test.each([...files.keys()].filter((path) => path.startsWith(folder)))("%s cannot be changed, moved or left out", (path) => {
    const bytes = files.get(path) ?? new Uint8Array(0);
    for (let at = 0; at < bytes.length; at += 7) {
      const other = bytes.slice();
      other[at] = (other[at] ?? 0) ^ 1;
      expect(verifyRecord(nativeSuite, new Map(files).set(path, other)).ok, `byte ${at}`).toBe(false);
    }
    const left = new Map([...files].filter(([name]) => name !== path));
    if (!path.includes("/disclosures/"))
      expect(verifyRecord(nativeSuite, left).firstBad).toMatchObject({ file: path, code: "missing-file" });
    const moved = new Map(left).set(path.replace(folder, "north/closed/0123456789abcdef/"), bytes);
    expect(verifyRecord(nativeSuite, moved).ok).toBe(false);
  });
});

describe("evidence of a party that was rolled back", () => {
  const packed = (...chosen: readonly Choice[]): Uint8Array => makePack(nativeSuite, line.source(), chosen);

  test("an entry of the closed log stands with its keys and its receipt", () => {
    const report = verifyPack(nativeSuite, packed({ party: north, log: id, index: 3 }));
    expect(report.firstBad).toBeUndefined();
    expect(report.chosen).toMatchObject([{ log: `north@${id}`, index: 3, kind: "message", noEffect: null, body: "disclosed" }]);
    expect(report.chosen[0]?.receipts).toMatchObject([{ by: "south" }]);
  });

  test("an entry of the next log rests on keys of the closed one, which the pack has", () => {
    const bytes = packed({ party: north, index: 1 });
    expect(verifyPack(nativeSuite, bytes)).toMatchObject({ ok: true, chosen: [{ log: "north", index: 1, noEffect: null }] });
    expect(verifyPack(nobleSuite, bytes)).toEqual(verifyPack(nativeSuite, bytes));
  });
});
