import { readFileSync } from "node:fs";
import { fromHex } from "@openline/core";
import { describe, expect, test } from "vitest";
import { nativeSuite } from "../../node/src/crypto/native-suite.ts";
import { verifyPack, verifyRecord } from "../src/index.ts";

interface Vectors {
  readonly files: Readonly<Record<string, string>>;
  readonly expect: { readonly closed: readonly string[]; readonly parties: readonly string[]; readonly ceremony: string };
  readonly invalid: readonly {
    readonly comment: string;
    readonly change: Readonly<Record<string, string | null>>;
    readonly expect: { readonly file: string; readonly code?: string };
  }[];
  readonly packs: readonly {
    readonly comment: string;
    readonly pack: string;
    readonly expect: { readonly ok: boolean; readonly code?: string };
  }[];
}
const vectors = JSON.parse(readFileSync(new URL("../../../vectors/export/closed.json", import.meta.url), "utf8")) as Vectors;

const filesWith = (change: Readonly<Record<string, string | null>>): Map<string, Uint8Array> =>
  new Map(Object.entries({ ...vectors.files, ...change }).flatMap(([path, hex]) => (hex === null ? [] : [[path, fromHex(hex)] as const])));

describe("vectors/export/closed.json", () => {
  test("the export verifies, and names the closed log apart", () => {
    const report = verifyRecord(nativeSuite, filesWith({}));
    expect(report.firstBad).toBeUndefined();
    const { ceremony } = report;
    expect({ closed: Object.keys(report.closed), parties: Object.keys(report.parties), ceremony }).toEqual(vectors.expect);
  });

  test.each(vectors.invalid.map((item) => [item.comment, item] as const))("%s", (_, item) => {
    expect(verifyRecord(nativeSuite, filesWith(item.change)).firstBad).toMatchObject(item.expect);
  });

  test("its packs give the same digits of the ceremony", () => {
    for (const { pack } of vectors.packs.filter((item) => item.expect.ok))
      expect(verifyPack(nativeSuite, fromHex(pack)).ceremony).toBe(vectors.expect.ceremony);
  });

  test.each(vectors.packs.map((item) => [item.comment, item] as const))("%s", (_, { pack, expect: expected }) => {
    const report = verifyPack(nativeSuite, fromHex(pack));
    expect({ ok: report.ok, ...(report.firstBad === undefined ? {} : { code: report.firstBad.code }) }).toEqual(expected);
  });
});
