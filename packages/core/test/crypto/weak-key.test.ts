import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromHex, lowOrderX25519, strictEd25519Point, weakEd25519Key, weakMldsa44Key, weakP256Key, weakXwingKey } from "../../src/index.ts";
import { suites, vectors } from "./vectors.ts";

const judges = { ed25519: weakEd25519Key, p256: weakP256Key, mldsa44: weakMldsa44Key, xwing: weakXwingKey };
const cases = vectors<{ kind: keyof typeof judges; publicKey: string }, "good" | "weak">("weak-keys");

test.each(cases)("$input.kind: $comment", ({ input, expect: expected }) => {
  const reason = judges[input.kind](fromHex(input.publicKey));
  expect(reason === undefined ? "good" : "weak").toBe(expected);
});

describe.each(suites)("$name", ({ suite }) => {
  test("takes no weak X-Wing key", () => {
    for (const { input } of cases.filter((vector) => vector.input.kind === "xwing" && vector.expect === "weak"))
      expect(() => suite.xwingEncapsulate(fromHex(input.publicKey), new Uint8Array(64))).toThrow(RangeError);
  });
});

test("the reason is the first that holds", () => {
  expect(weakEd25519Key(new Uint8Array(31))).toMatch("31 bytes");
  expect(weakEd25519Key(new Uint8Array(32).fill(255))).toMatch("not canonical");
  expect(weakEd25519Key(Uint8Array.of(2, ...new Uint8Array(31)))).toMatch("not on the curve");
  expect(weakEd25519Key(new Uint8Array(32))).toMatch("small order");
  const mixed = ed25519.Point.BASE.add(ed25519.Point.fromBytes(new Uint8Array(32)));
  expect(weakEd25519Key(mixed.toBytes())).toMatch("torsion");
});

/** What noble says of the same bytes. */
function nobleTakes(key: Uint8Array): boolean {
  try {
    const point = ed25519.Point.fromBytes(key);
    return !point.isSmallOrder() && point.isTorsionFree();
  } catch {
    return false;
  }
}

test("Ed25519: core judges random bytes, near bytes and points as noble does", () => {
  const random = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const edge = fc.tuple(fc.constantFrom(0, 255), fc.nat(255), fc.nat(255)).map(([fill, first, last]) => {
    const key = new Uint8Array(32).fill(fill);
    key[0] = first;
    key[31] = last;
    return key;
  });
  const point = fc.bigInt(1n, ed25519.Point.Fn.ORDER - 1n).map((times) => ed25519.Point.BASE.multiply(times).toBytes());
  fc.assert(
    fc.property(fc.oneof(random, edge, point), (key) => {
      expect(weakEd25519Key(key) === undefined).toBe(nobleTakes(key));
    }),
    { numRuns: 200 },
  );
});

test("Ed25519: the strict check agrees with noble on small order, for each point that noble decodes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      let small: boolean;
      try {
        small = ed25519.Point.fromBytes(bytes).isSmallOrder();
      } catch {
        return;
      }
      expect(strictEd25519Point(bytes)).toBe(!small);
    }),
  );
  for (const { input } of cases.filter((vector) => vector.comment.startsWith("order ")))
    expect(strictEd25519Point(fromHex(input.publicKey))).toBe(false);
});

test("Ed25519: the strict check is the rule for every y near 0 and near 2^255 − 19, and for either sign of x", () => {
  const prime = 2n ** 255n - 19n;
  const bytesOf = (value: bigint) => fromHex(value.toString(16).padStart(64, "0")).toReversed();
  const order8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
  const small = new Set([0n, 1n, prime - 1n, order8, prime - order8]);
  for (const centre of [0n, order8, prime - order8, prime, 2n ** 255n - 1n]) {
    for (let y = centre - 40n; y <= centre + 40n; y++) {
      if (y < 0n || y >= 2n ** 255n) continue;
      const expected = y < prime && !small.has(y);
      expect(strictEd25519Point(bytesOf(y))).toBe(expected);
      expect(strictEd25519Point(bytesOf(y + 2n ** 255n))).toBe(expected);
    }
  }
});

test("P-256: core takes what noble makes, and nothing that noble refuses", () => {
  fc.assert(
    fc.property(
      fc.bigInt(1n, p256.Point.Fn.ORDER - 1n),
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 1, max: 255 }),
      (times, at, change) => {
        const key = p256.Point.BASE.multiply(times).toBytes(false);
        expect(weakP256Key(key)).toBeUndefined();
        key[at] = (key[at] ?? 0) ^ change;
        expect(weakP256Key(key)).toMatch("P-256");
        expect(() => p256.Point.fromBytes(key).assertValidity()).toThrow();
      },
    ),
    { numRuns: 50 },
  );
});

test("X25519: the top bit and multiples of p are no way round the check for low order", () => {
  const zero = new Uint8Array(32);
  expect(lowOrderX25519(zero)).toBe(true);
  zero[31] = 128;
  expect(lowOrderX25519(zero)).toBe(true);
  const prime = fromHex(`ed${"ff".repeat(30)}7f`);
  expect(lowOrderX25519(prime)).toBe(true);
  prime[31] = 255;
  expect(lowOrderX25519(prime)).toBe(true);
  expect(lowOrderX25519(fromHex(`09${"00".repeat(31)}`))).toBe(false);
});
