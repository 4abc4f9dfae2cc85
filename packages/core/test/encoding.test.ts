import { decode as cborgDecode, encode as cborgEncode, rfc8949EncodeOptions } from "cborg";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Cbor,
  type RefusalCode,
  decode,
  embedded,
  encode,
  equalBytes,
  fromBase64,
  fromHex,
  limits,
  refusable,
  toBase64,
  toHex,
} from "../src/index.ts";

const scalar = fc.oneof(
  fc.maxSafeInteger(),
  fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 40 }),
);
const value: fc.Arbitrary<Cbor> = fc.letrec<{ value: Cbor }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(fc.oneof(fc.maxSafeInteger(), fc.string()), tie("value")), { maxLength: 4 }).map((pairs) => new Map(pairs)),
  ),
})).value;

test("decode undoes encode", () => {
  fc.assert(
    fc.property(value, (input) => {
      const bytes = encode(input);
      expect(encode(decode(bytes))).toEqual(bytes);
    }),
  );
});

test("what is embedded is the byte string of its encoding, however long", () => {
  fc.assert(
    fc.property(value, fc.nat(70_000), (input, length) => {
      const long = [input, new Uint8Array(length)];
      expect(equalBytes(encode([length, embedded(long), input]), encode([length, encode(long), input]))).toBe(true);
    }),
  );
});

test("whatever decodes is its own deterministic encoding", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 24 }),
    fc.tuple(value, fc.nat(), fc.nat(255)).map(([input, at, byte]) => {
      const changed = Uint8Array.from(encode(input));
      changed[at % changed.length] = byte;
      return changed;
    }),
  );
  fc.assert(
    fc.property(bytes, (input) => {
      const result = refusable(() => decode(input));
      if (result.ok) expect(equalBytes(encode(result.value), input)).toBe(true);
    }),
    { numRuns: 20_000 },
  );
});

test("encodes as another encoder does", () => {
  fc.assert(
    fc.property(value, (input) => {
      expect(encode(input)).toEqual(Uint8Array.from(cborgEncode(input, rfc8949EncodeOptions)));
    }),
    { numRuns: 2_000 },
  );
  const lengths = [0, 23, 24, 31, 32, 33, 255, 256, 65_535, 65_536, 70_000];
  for (const length of lengths) {
    for (const input of [new Uint8Array(length).fill(7), "x".repeat(length), "水".repeat(length), Array.from({ length }, () => length)])
      expect(encode(input)).toEqual(Uint8Array.from(cborgEncode(input, rfc8949EncodeOptions)));
  }
});

test("one encoding is not written into by the next", () => {
  const first = encode(["a", 1]);
  const copy = Uint8Array.from(first);
  encode(["b", 2]);
  expect(first).toEqual(copy);
  expect(first.buffer.byteLength).toBe(first.length);
});

test.each([0.5, Number.NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 53)])("%s is not encoded", (number) => {
  expect(() => encode([number])).toThrow(RangeError);
});

/** The library's decoder, as strict as it goes: what reads these bytes elsewhere has to read the same value. */
const strict = { strict: true, useMaps: true, allowIndefinite: false, allowUndefined: false, rejectDuplicateMapKeys: true };

test("decodes to what another decoder makes of the same bytes", () => {
  fc.assert(
    fc.property(value, (input) => {
      const bytes = encode(input);
      expect(decode(bytes)).toStrictEqual(cborgDecode(bytes, strict));
    }),
    { numRuns: 2_000 },
  );
});

const nestedList = (depth: number): Cbor => (depth === 0 ? 0 : [nestedList(depth - 1)]);
const nested = (depth: number): string => "81".repeat(depth) + "00";

test.each<readonly [what: string, hex: string, code: RefusalCode]>([
  ["nothing", "", "truncated"],
  ["a byte left over", "0000", "truncated"],
  ["a head cut off", "1901", "truncated"],
  ["a text cut off", "6261", "truncated"],
  ["bytes beyond any input", "5b001fffffffffffff", "truncated"],
  ["a list cut off", "8201", "truncated"],
  ["a list beyond any input", "9b001fffffffffffff", "truncated"],
  ["a map without its last value", "a101", "truncated"],
  ["a map without its last key", "a20102", "truncated"],
  ["23 in two bytes", "1817", "non-canonical"],
  ["255 in three bytes", "1900ff", "non-canonical"],
  ["65,535 in five bytes", "1a0000ffff", "non-canonical"],
  ["2^32 − 1 in nine bytes", "1b00000000ffffffff", "non-canonical"],
  ["a length in two bytes", "580100", "non-canonical"],
  ["bytes without a length", "5f4100ff", "non-canonical"],
  ["a list without a length", "9f00ff", "non-canonical"],
  ["a map without a length", "bf0000ff", "non-canonical"],
  ["a reserved length", "1c", "non-canonical"],
  ["keys out of order", "a202000100", "unsorted"],
  ["a key twice", "a201000100", "unsorted"],
  ["a longer text before a shorter", "a262616100616200", "unsorted"],
  ["a text before a number", "a26161000100", "unsorted"],
  ["a negative number before a positive", "a220000100", "unsorted"],
  ["2^53", "1b0020000000000000", "malformed"],
  ["−2^53", "3b001fffffffffffff", "malformed"],
  ["a tag", "c000", "malformed"],
  ["undefined", "f7", "malformed"],
  ["a simple value", "e0", "malformed"],
  ["a half float", "f93c00", "malformed"],
  ["a double", "fb3ff0000000000000", "malformed"],
  ["a key of bytes", "a1410000", "malformed"],
  ["a key that is a list, cut off", "a181", "malformed"],
  ["a key that is true", "a1f500", "malformed"],
  ["a short text that is not UTF-8", "61ff", "malformed"],
  ["a long text that is not UTF-8", `7820${"61".repeat(31)}ff`, "malformed"],
  ["a surrogate in UTF-8", "63eda080", "malformed"],
  ["a text longer than needed in UTF-8", "62c080", "malformed"],
  ["one level too many", nested(limits.cborDepthMax + 1), "oversized"],
])("refuses %s", (_, hex, code) => {
  expect(refusable(() => decode(fromHex(hex)))).toMatchObject({ ok: false, refusal: { code } });
});

test.each<readonly [what: string, hex: string, value: Cbor]>([
  ["the deepest nesting", nested(limits.cborDepthMax), nestedList(limits.cborDepthMax)],
  ["the largest number", "1b001fffffffffffff", Number.MAX_SAFE_INTEGER],
  ["the smallest number", "3b001ffffffffffffe", Number.MIN_SAFE_INTEGER],
  ["a byte order mark", "63efbbbf", "\ufeff"],
  ["a byte order mark in a long text", `7820efbbbf${"61".repeat(29)}`, `\ufeff${"a".repeat(29)}`],
  ["a text with a zero byte", "6100", "\0"],
  [
    "numbers before texts, short before long",
    "a4181800200061610062626100",
    new Map<number | string, Cbor>([
      [24, 0],
      [-1, 0],
      ["a", 0],
      ["ba", 0],
    ]),
  ],
])("reads %s", (_, hex, expected) => {
  expect(decode(fromHex(hex))).toStrictEqual(expected);
  expect(toHex(encode(expected))).toBe(hex);
});

test("reads a Buffer as what it holds, byte strings as plain views of it", () => {
  expect(decode(Buffer.from("00820041ff", "hex").subarray(1))).toStrictEqual([0, Uint8Array.of(0xff)]);
});

test("hex is lower-case digits in pairs", () => {
  for (const wrong of ["0", "0g", "g0", "0A", "A0", "0é", "\u01300", "0\u0130", " 0", "0x"])
    expect(() => fromHex(wrong)).toThrow(RangeError);
});

test("hex and base64 are read back as written", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
      expect(fromHex(toHex(bytes))).toEqual(bytes);
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
    }),
  );
});
