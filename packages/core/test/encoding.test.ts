import fc from "fast-check";
import { expect, test } from "vitest";
import { type Cbor, decode, encode, equalBytes, fromBase64, fromHex, refusable, toBase64, toHex } from "../src/index.ts";

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

test("hex and base64 are read back as written", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      expect(fromHex(toHex(bytes))).toEqual(bytes);
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
    }),
  );
});
