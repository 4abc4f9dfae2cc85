import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Cbor, decode, encode, fromHex, refusable, toHex } from "@openline/core";

interface Cases<T> {
  readonly cases: readonly { readonly comment: string; readonly input: string; readonly expect: T }[];
}
type Plain =
  | null
  | boolean
  | number
  | string
  | readonly Plain[]
  | { readonly bytes: string }
  | { readonly map: readonly [number | string, Plain][] };

const read = <T>(name: string): Cases<T> =>
  JSON.parse(readFileSync(new URL(`../../../vectors/encoding/${name}.json`, import.meta.url), "utf8")) as Cases<T>;

function cborOf(value: Plain): Cbor {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(cborOf);
  if ("bytes" in value) return fromHex(value.bytes);
  return new Map((value as { map: readonly [number | string, Plain][] }).map.map(([key, item]) => [key, cborOf(item)]));
}

const [valid, invalid] = [read<Plain>("valid"), read<string>("invalid")];

test.each(valid.cases)("valid: $comment", ({ input, expect: value }) => {
  expect(decode(fromHex(input))).toEqual(cborOf(value));
  expect(toHex(encode(cborOf(value)))).toBe(input);
});

test.each(invalid.cases)("invalid: $comment", ({ input, expect: code }) => {
  expect(refusable(() => decode(fromHex(input)))).toMatchObject({ ok: false, refusal: { code } });
});

test("there are at least as many invalid as valid", () => {
  expect(invalid.cases.length).toBeGreaterThanOrEqual(valid.cases.length);
});
