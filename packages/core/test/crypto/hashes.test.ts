import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "../../src/index.ts";
import { nativeSuite } from "../../../node/src/crypto/native-suite.ts";
import { nobleSuite } from "../../../verify/src/noble-suite.ts";
import { suites, vectors } from "./vectors.ts";

describe.each(suites)("$name", ({ suite }) => {
  test.each(vectors<{ data: string }, string>("sha256"))("SHA-256: $comment", ({ input, expect: digest }) => {
    expect(toHex(suite.sha256(fromHex(input.data)))).toBe(digest);
  });

  test.each(vectors<{ key: string; data: string }, string>("hmac-sha256"))("HMAC: $comment", ({ input, expect: tag }) => {
    expect(toHex(suite.hmacSha256(fromHex(input.key), fromHex(input.data)))).toBe(tag);
  });
});

test("both implementations hash alike", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 200 }), (data, key) => {
      expect(nativeSuite.sha256(data)).toEqual(nobleSuite.sha256(data));
      expect(nativeSuite.hmacSha256(key, data)).toEqual(nobleSuite.hmacSha256(key, data));
    }),
  );
});

describe("AES-256-GCM", () => {
  interface Sealed {
    readonly key: string;
    readonly nonce: string;
    readonly aad: string;
    readonly ciphertext: string;
  }
  test.each(vectors<Sealed, string | null>("aes256gcm"))("$comment", ({ input, expect: plaintext }) => {
    const [key, nonce, aad, ciphertext] = [fromHex(input.key), fromHex(input.nonce), fromHex(input.aad), fromHex(input.ciphertext)];
    const opened = nativeSuite.openAes256Gcm(key, nonce, aad, ciphertext);
    expect(opened === undefined ? null : toHex(opened)).toBe(plaintext);
    if (opened !== undefined) expect(toHex(nativeSuite.sealAes256Gcm(key, nonce, aad, opened))).toBe(input.ciphertext);
  });

  test("any flipped bit is refused", () => {
    const [key, nonce] = [new Uint8Array(32).fill(1), new Uint8Array(12).fill(2)];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ maxLength: 20 }), fc.nat(), (plaintext, aad, at) => {
        const sealed = nativeSuite.sealAes256Gcm(key, nonce, aad, plaintext);
        expect(nativeSuite.openAes256Gcm(key, nonce, aad, sealed)).toEqual(plaintext);
        const bit = at % (sealed.length * 8);
        sealed[bit >> 3] = (sealed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(nativeSuite.openAes256Gcm(key, nonce, aad, sealed)).toBeUndefined();
      }),
    );
  });

  test("a key or nonce of the wrong length is a fault of our own", () => {
    const none = new Uint8Array();
    expect(() => nativeSuite.sealAes256Gcm(new Uint8Array(16), new Uint8Array(12), none, none)).toThrow(RangeError);
    expect(() => nativeSuite.sealAes256Gcm(new Uint8Array(32), new Uint8Array(16), none, none)).toThrow(RangeError);
    expect(() => nativeSuite.openAes256Gcm(new Uint8Array(32), new Uint8Array(8), none, new Uint8Array(16))).toThrow(RangeError);
  });
});
