import { recordFiles } from "@openline/core";
import { describe, expect, test } from "vitest";
import { nativeSuite } from "../../node/src/crypto/native-suite.ts";
import { nobleSuite, verifyRecord } from "../src/index.ts";
import { spokenLine } from "./builder.ts";

const line = spokenLine();
const files = new Map([...recordFiles(nativeSuite, line.source())].map(({ path, bytes }) => [path, bytes]));

describe("an export", () => {
  test("verifies with both suites", () => {
    const native = verifyRecord(nativeSuite, files);
    expect(native.firstBad).toBeUndefined();
    expect(native.noEffect).toEqual([]);
    expect(native).toEqual(verifyRecord(nobleSuite, files));
  });
});
