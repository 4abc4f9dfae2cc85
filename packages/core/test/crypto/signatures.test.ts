import { createHash } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "../../src/index.ts";
import { ed25519 as ed25519Native } from "../../../node/src/crypto/ed25519.ts";
import { opensslEd25519 } from "../../../node/src/crypto/ed25519-openssl.ts";
import { sodiumEd25519 } from "../../../node/src/crypto/ed25519-sodium.ts";
import { nativeSuite } from "../../../node/src/crypto/native-suite.ts";
import { nobleSuite } from "../../../verify/src/noble-suite.ts";
import { suites, vectors } from "./vectors.ts";

interface Signed {
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
}

const sha256Hex = (bytes: Uint8Array) => toHex(nobleSuite.sha256(bytes));
const seed = fc.uint8Array({ minLength: 32, maxLength: 32 });
const message = fc.uint8Array({ maxLength: 100 });

describe.each(suites)("$name", ({ suite }) => {
  test.each(vectors<{ seed: string; message: string }, { publicKey: string; signature: string } | null>("ed25519-sign"))(
    "Ed25519 signing: $comment",
    ({ input, expect: expected }) => {
      const [seed, message] = [fromHex(input.seed), fromHex(input.message)];
      if (expected === null) {
        expect(() => suite.signEd25519(seed, message)).toThrow(RangeError);
        expect(() => suite.ed25519Public(seed)).toThrow(RangeError);
        return;
      }
      expect(toHex(suite.ed25519Public(seed))).toBe(expected.publicKey);
      expect(toHex(suite.signEd25519(seed, message))).toBe(expected.signature);
    },
  );

  test.each(vectors<Signed, boolean>("ed25519-verify"))("Ed25519: $comment", ({ input, expect: verifies }) => {
    expect(suite.verifyEd25519(fromHex(input.publicKey), fromHex(input.message), fromHex(input.signature))).toBe(verifies);
  });

  test.each(vectors<Signed, boolean>("es256-verify"))("ES256: $comment", ({ input, expect: verifies }) => {
    expect(suite.verifyEs256(fromHex(input.publicKey), fromHex(input.message), fromHex(input.signature))).toBe(verifies);
  });

  interface Contextual {
    readonly seed: string;
    readonly message: string;
    readonly context: string;
  }
  test.each(vectors<Contextual, { publicKeySha256: string; signatureSha256: string } | null>("mldsa44-sign"))(
    "ML-DSA-44 signing: $comment",
    ({ input, expect: expected }) => {
      const [seed, message, context] = [fromHex(input.seed), fromHex(input.message), fromHex(input.context)];
      if (expected === null) {
        expect(() => suite.signMldsa44(seed, message, context)).toThrow(RangeError);
        return;
      }
      expect(sha256Hex(suite.mldsa44Public(seed))).toBe(expected.publicKeySha256);
      expect(sha256Hex(suite.signMldsa44(seed, message, context))).toBe(expected.signatureSha256);
    },
  );

  test.each(vectors<Signed & { context: string }, boolean>("mldsa44-verify"))("ML-DSA-44: $comment", ({ input, expect: verifies }) => {
    const [publicKey, message, signature, context] = [input.publicKey, input.message, input.signature, input.context].map(fromHex) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    expect(suite.verifyMldsa44(publicKey, message, signature, context)).toBe(verifies);
    if (context.length === 0) expect(suite.verifyMldsa44(publicKey, message, signature)).toBe(verifies);
  });

  test("ML-DSA-44: wrong lengths verify nothing", () => {
    const key = suite.mldsa44Public(new Uint8Array(32));
    const signature = suite.signMldsa44(new Uint8Array(32), new Uint8Array(5));
    expect(suite.verifyMldsa44(key, new Uint8Array(5), signature)).toBe(true);
    expect(suite.verifyMldsa44(key.subarray(1), new Uint8Array(5), signature)).toBe(false);
    expect(suite.verifyMldsa44(key, new Uint8Array(5), new Uint8Array())).toBe(false);
    expect(suite.verifyMldsa44(key, new Uint8Array(5), signature, new Uint8Array(256))).toBe(false);
  });
});

test.each(vectors<{ count: number }, string>("mldsa44-accumulated"))("ML-DSA-44 accumulated: $comment", ({ input, expect: digest }) => {
  const seeds = createHash("shake128", { outputLength: 32 * input.count }).digest();
  const sum = createHash("shake128", { outputLength: 32 });
  for (let i = 0; i < input.count; i++) {
    const seed = new Uint8Array(seeds.subarray(32 * i, 32 * i + 32));
    const key = nativeSuite.mldsa44Public(seed);
    const signature = nativeSuite.signMldsa44(seed, new Uint8Array());
    expect(nativeSuite.verifyMldsa44(key, new Uint8Array(), signature)).toBe(true);
    sum.update(key).update(signature);
  }
  expect(sum.digest("hex")).toBe(digest);
});

describe("all implementations", () => {
  test("make the same Ed25519 keys and signatures, and accept them", () => {
    fc.assert(
      fc.property(seed, message, (seed, message) => {
        const key = nativeSuite.ed25519Public(seed);
        const signature = nativeSuite.signEd25519(seed, message);
        for (const { suite } of suites) {
          expect(suite.ed25519Public(seed)).toEqual(key);
          expect(suite.signEd25519(seed, message)).toEqual(signature);
          expect(suite.verifyEd25519(key, message, signature)).toBe(true);
        }
      }),
    );
  });

  test("refuse an Ed25519 signature with any flipped bit, and any key with one", () => {
    fc.assert(
      fc.property(seed, message, fc.nat(96 * 8 - 1), (seed, message, bit) => {
        const joined = new Uint8Array(96);
        joined.set(nativeSuite.ed25519Public(seed));
        joined.set(nativeSuite.signEd25519(seed, message), 32);
        joined[bit >> 3] = (joined[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        for (const { suite } of suites) expect(suite.verifyEd25519(joined.subarray(0, 32), message, joined.subarray(32))).toBe(false);
      }),
    );
  });

  test("agree on Ed25519 keys and R that carry any torsion component", () => {
    const torsion = ed25519.Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
    const { Point } = ed25519;
    const small = (times: number) => (times === 0 ? Point.ZERO : torsion.multiplyUnsafe(BigInt(times)));
    let verified = 0;
    fc.assert(
      fc.property(fc.bigInt(1n, 2n ** 250n), fc.bigInt(1n, 2n ** 250n), fc.nat(7), fc.nat(7), message, (a, r, i, j, message) => {
        const key = Point.BASE.multiply(a).add(small(i)).toBytes();
        const encodedR = Point.BASE.multiplyUnsafe(r).add(small(j)).toBytes();
        const hash = createHash("sha512").update(encodedR).update(key).update(message).digest();
        const k = Point.Fn.create(BigInt(`0x${hash.reverse().toString("hex")}`));
        const signature = new Uint8Array(64);
        signature.set(encodedR);
        signature.set(Point.Fn.toBytes(Point.Fn.create(r + k * a)), 32);
        // The equation without the cofactor leaves exactly what the torsion components of R and of [k]A leave.
        const holds = (Number(k % 8n) * i + j) % 8 === 0;
        for (const { suite } of suites) expect(suite.verifyEd25519(key, message, signature)).toBe(holds);
        if (holds && i > 0) verified++;
      }),
      { numRuns: 300 },
    );
    expect(verified).toBeGreaterThan(0);
  });

  test("agree on ES256 signatures with any byte changed", () => {
    const cases = vectors<Signed, boolean>("es256-verify").filter((vector) => vector.expect);
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.nat(), fc.nat(255), ({ input }, at, byte) => {
        const signature = fromHex(input.signature);
        signature[at % signature.length] = byte;
        const [key, message] = [fromHex(input.publicKey), fromHex(input.message)];
        expect(nobleSuite.verifyEs256(key, message, signature)).toBe(nativeSuite.verifyEs256(key, message, signature));
      }),
      { numRuns: 200 },
    );
  });

  test("agree on ML-DSA-44 signatures with any byte changed", () => {
    const key = nativeSuite.mldsa44Public(new Uint8Array(32));
    const message = new Uint8Array(40).fill(3);
    const signed = nativeSuite.signMldsa44(new Uint8Array(32), message);
    fc.assert(
      // The hints are the last 84 bytes and the only part with an encoding to get wrong: half of the changes go there.
      fc.property(fc.oneof(fc.nat(2419), fc.integer({ min: 2336, max: 2419 })), fc.nat(255), (at, byte) => {
        const signature = Uint8Array.from(signed);
        signature[at] = byte;
        const same = signed[at] === byte;
        for (const { suite } of suites) expect(suite.verifyMldsa44(key, message, signature)).toBe(same);
      }),
    );
  });
});

test("this machine has libsodium, so that it is tested", () => {
  expect(sodiumEd25519).toBeDefined();
  expect(ed25519Native).toBe(sodiumEd25519);
});

test("OpenSSL remembers no more keys than it says, and a refused key stays refused", () => {
  const message = new Uint8Array(3);
  const first = new Uint8Array(32).fill(200);
  const key = opensslEd25519.ed25519Public(first);
  const signature = opensslEd25519.signEd25519(first, message);
  expect(opensslEd25519.verifyEd25519(key, message, signature)).toBe(true);
  const bad = new Uint8Array(32).fill(2);
  for (let i = 0; i < 2100; i++) {
    bad[0] = i & 0xff;
    bad[1] = i >> 8;
    expect(opensslEd25519.verifyEd25519(bad, message, signature)).toBe(false);
  }
  expect(opensslEd25519.verifyEd25519(bad, message, signature)).toBe(false);
  expect(opensslEd25519.verifyEd25519(key, message, signature)).toBe(true);
});
