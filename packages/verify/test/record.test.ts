import { recordFiles } from "@openline/core";
import { describe, expect, test } from "vitest";
import { nativeSuite } from "../../node/src/crypto/native-suite.ts";
import { nobleSuite, verifyRecord } from "../src/index.ts";
import type { Line } from "./builder.ts";
import { spokenLine } from "./builder-spoken.ts";
import { numbers } from "./numbers.ts";

type Files = Map<string, Uint8Array>;
const filesOf = (line: Line): Files => new Map([...recordFiles(nativeSuite, line.source())].map(({ path, bytes }) => [path, bytes]));
const files = filesOf(spokenLine());
const sizeOf = (path: string): number => files.get(path)?.length ?? 0;

function changed(path: string, at: number, by: number): Files {
  const bytes = files.get(path)?.slice() ?? new Uint8Array(0);
  bytes[at] = (bytes[at] ?? 0) ^ by;
  return new Map(files).set(path, bytes);
}

const without = (path: string): Files => new Map([...files].filter(([name]) => name !== path));

describe("an export", () => {
  test("verifies with both suites, to the same report", () => {
    const native = verifyRecord(nativeSuite, files);
    expect(native.firstBad).toBeUndefined();
    expect(native.noEffect).toEqual([]);
    expect(native.parties["north"]).toMatchObject({ size: 7, entries: 7, effective: 7, withheld: 1, cosignedTo: 7, namedTo: 7 });
    expect(native.disclosureTerms[0]).toEqual({ channel: "main", term: "own", embargo: null, consent: [{ log: "north", index: 6 }] });
    expect(native).toEqual(verifyRecord(nobleSuite, files));
  });

  test("verifies by structure alone, and says that signatures were not checked", () => {
    const report = verifyRecord(nativeSuite, files, { signatures: false });
    expect(report.ok).toBe(true);
    expect(report.notProven.map((item) => item.code)).toContain("signatures-not-checked");
  });

  test("any of 300 single-byte changes is found", () => {
    const random = numbers(20_221);
    const paths = [...files.keys()];
    for (let i = 0; i < 300; i++) {
      const path = paths[i % paths.length] ?? "";
      const at = random.next().value % sizeOf(path);
      const by = 1 + (random.next().value % 255);
      expect(verifyRecord(nativeSuite, changed(path, at, by)).firstBad, `${path} byte ${at} xor ${by}`).toBeDefined();
    }
  });

  test.each(["south/cosignatures", "north/disclosures/2"])("a change of any byte of %s is found", (path) => {
    for (let at = 0; at < sizeOf(path); at++)
      expect(verifyRecord(nativeSuite, changed(path, at, 1)).firstBad, `byte ${at}`).toMatchObject({ file: path });
  });

  test.each([...files.keys()])("%s cannot be cut, lengthened or left out", (path) => {
    const bytes = files.get(path) ?? new Uint8Array(0);
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    for (const other of [bytes.subarray(0, -1), longer, new Uint8Array(0)])
      expect(verifyRecord(nativeSuite, new Map(files).set(path, other)).ok).toBe(false);
    const left = verifyRecord(nativeSuite, without(path));
    if (!path.includes("/disclosures/")) expect(left.firstBad).toMatchObject({ file: path, code: "missing-file" });
    // A body may be withheld by whoever shows the record.
    else expect(left.ok).toBe(true);
  });

  test("a list cut where an item ends is found", () => {
    const cut = new Map(files).set("north/cosignatures", files.get("north/cosignatures")?.subarray(0, 107) ?? new Uint8Array(0));
    expect(verifyRecord(nativeSuite, cut).ok).toBe(false);
  });

  test("a withheld body is counted, and no error", () => {
    const report = verifyRecord(nativeSuite, without("north/disclosures/2"));
    expect(report.ok).toBe(true);
    expect(report.parties["north"]?.withheld).toBe(2);
  });

  test.each(["north/note", "north/disclosures/99", "north/disclosures/02", "north/tile/0/001", "east/checkpoint", "readme"])(
    "%s, which does not belong there, is named",
    (path) => {
      const more = new Map(files).set(path, new Uint8Array(8));
      expect(verifyRecord(nativeSuite, more).firstBad).toMatchObject({ file: path, code: "unknown-file" });
    },
  );

  test("a changed entry is named with its log and index", () => {
    const path = "south/tile/entries/000.p/7";
    const report = verifyRecord(nativeSuite, changed(path, sizeOf(path) - 3, 1));
    expect(report.firstBad).toMatchObject({ file: path, log: "south", index: 6, code: "wrong-root" });
  });
});

describe("what a record holds", () => {
  test("an entry that breaks a rule is listed and is no failure", () => {
    const line = spokenLine();
    const key = line.log(0).assign("watch-2", ["watch"]);
    line.log(0).message(key, "badly signed", { signature: (bytes) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) });
    const report = verifyRecord(nativeSuite, filesOf(line));
    expect(report.ok).toBe(true);
    expect(report.noEffect).toMatchObject([{ log: "north", index: 8, code: "wrong-signature" }]);
  });

  test("bytes that are no entry are listed too", () => {
    const line = spokenLine();
    line.log(1).append(Uint8Array.of(0x80));
    expect(verifyRecord(nativeSuite, filesOf(line)).noEffect).toMatchObject([{ log: "south", index: 7, code: "malformed" }]);
  });

  test("an exercise is marked", () => {
    const report = verifyRecord(nativeSuite, filesOf(spokenLine({ mode: "exercise" })));
    expect(report).toMatchObject({ ok: true, mode: "exercise", exercise: true });
    expect(report.notProven[0]?.code).toBe("rebuilt");
  });

  test("full tiles verify", () => {
    const line = spokenLine();
    for (let i = 0; i < 560; i++) line.log(i % 2).beat();
    expect(verifyRecord(nativeSuite, filesOf(line)).firstBad).toBeUndefined();
  });
});
