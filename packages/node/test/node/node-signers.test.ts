import { describe, expect, test } from "vitest";
import { type Kid, type RingKey, KeyRing, kidOf } from "@openline/core";
import { nativeSuite } from "@openline/node";
import { decodeNodeKeys, encodeNodeKeys } from "../../src/keys.ts";
import { NodeSigners } from "../../src/node-signers.ts";
import { Line } from "./line.ts";

const seed = (value: number): Uint8Array => new Uint8Array(32).fill(value);
const kid = (value: number): Kid => kidOf(nativeSuite, nativeSuite.ed25519Public(seed(value)));

/** A log that has enrolled these keys. */
function ring(...keys: readonly { readonly of: number; readonly may?: RingKey["may"]; readonly revokedAt?: number }[]): KeyRing["keys"] {
  return new KeyRing(
    keys.map(({ of, may = "node", revokedAt = null }) => ({
      kid: kid(of),
      key: nativeSuite.ed25519Public(seed(of)),
      may,
      person: null,
      posts: [],
      until: null,
      since: -1,
      revokedAt,
    })),
  ).keys;
}

describe("which key signs a node's own acts", () => {
  const signers = new NodeSigners(nativeSuite, { node: seed(1), later: { tls: [], node: [seed(2)] } });
  signers.add(seed(3));

  test.each([
    ["the first, until another is enrolled", ring({ of: 1 }), 1],
    ["the newest of those that are enrolled", ring({ of: 1 }, { of: 2 }), 2],
    ["one that was given while the node runs", ring({ of: 1 }, { of: 2 }, { of: 3 }), 3],
    ["not one that was revoked", ring({ of: 1 }, { of: 2, revokedAt: 5 }), 1],
    ["not one that is enrolled for another purpose", ring({ of: 1 }, { of: 2, may: "directory" }), 1],
  ] as const)("%s", (_, log, expected) => {
    expect(signers.signerIn(log)).toBe(kid(expected));
    const { role, sign } = signers.handIn(log);
    const message = Uint8Array.of(1, 2, 3);
    expect(role).toBe("node");
    expect(nativeSuite.verifyEd25519(nativeSuite.ed25519Public(seed(expected)), message, sign(message))).toBe(true);
  });

  test("none where all are revoked, and the node says so; the last one is known to be the last", () => {
    expect(() => signers.handIn(ring({ of: 1, revokedAt: 3 }, { of: 9 }))).toThrow(/no key that counts/);
    expect(signers.signerIn(ring({ of: 1 }, { of: 2 }), kid(2))).toBe(kid(1));
    expect(signers.signerIn(ring({ of: 1 }), kid(1))).toBeUndefined();
  });
});

describe("node.keys", () => {
  test("is read as it was before there were later keys, and with them", async () => {
    const { keys } = (await Line.open({ seed: 1 })).players[0]!.secrets;
    expect(decodeNodeKeys(encodeNodeKeys(keys))).toEqual(keys);
    const later = { tls: [{ key: "k", certificate: "c" }], node: [seed(4)] };
    expect(decodeNodeKeys(encodeNodeKeys({ ...keys, later }))).toEqual({ ...keys, later });
    const nine = { tls: [], node: Array.from({ length: 9 }, (_, i) => seed(i)) };
    expect(() => decodeNodeKeys(encodeNodeKeys({ ...keys, later: nine }))).toThrow(/oversized|malformed/);
  });
});
