import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeAccordFiles, digitsOf, encodeAccordFiles, fromHex, parseKid, readAccord, refusable, toHex } from "@openline/core";
import { nativeSuite as suite } from "../../node/src/crypto/native-suite.ts";

interface Cases<I, E> {
  readonly cases: readonly { readonly comment: string; readonly input: I; readonly expect: E }[];
}
const read = <I, E>(name: string): Cases<I, E> =>
  JSON.parse(readFileSync(new URL(`../../../vectors/accord/${name}.json`, import.meta.url), "utf8")) as Cases<I, E>;

interface Expected {
  readonly ceremony: string;
  readonly digits: string;
  readonly line: string;
  readonly parties: readonly { readonly id: string; readonly key: string; readonly accordDigest: string }[];
}
interface Input {
  readonly accord: string;
  readonly enrolled: readonly { readonly kid: string; readonly mode: string }[];
}
const valid = read<string, Expected>("valid");
const invalid = read<Input, string>("invalid");

test.each(valid.cases)("valid: $comment", ({ input, expect: expected }) => {
  const files = decodeAccordFiles(fromHex(input));
  expect(toHex(encodeAccordFiles(files))).toBe(input);
  const accord = readAccord(suite, files);
  const parties = accord.parties.map(({ id, key, accordDigest }) => ({ id, key, accordDigest: toHex(accordDigest) }));
  expect({ ceremony: accord.ceremony, digits: digitsOf(accord.ceremony), line: accord.line, parties }).toEqual(expected);
  expect(expected.digits).toMatch(/^(\d{5} ){15}\d{5}$/);
});

test.each(invalid.cases)("invalid: $comment", ({ input, expect: code }) => {
  const enrolled = new Map(input.enrolled.map(({ kid, mode }) => [parseKid(kid), mode]));
  expect(refusable(() => readAccord(suite, decodeAccordFiles(fromHex(input.accord)), enrolled))).toMatchObject({ refusal: { code } });
});

test("there are at least as many invalid as valid", () => {
  expect(invalid.cases.length).toBeGreaterThanOrEqual(valid.cases.length);
});
