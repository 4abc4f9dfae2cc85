import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type Party,
  type RootKeys,
  decodeSignedPskLost,
  fromHex,
  noticeFrame,
  noticeInFrame,
  parseLineId,
  readPskLost,
  refusable,
  toHex,
} from "@openline/core";
import { nativeSuite } from "@openline/node";

interface Vectors {
  readonly line: string;
  readonly roots: Readonly<
    Record<string, { readonly threshold: number; readonly holders: readonly { readonly ed25519: string; readonly mldsa44: string }[] }>
  >;
  readonly cases: readonly { readonly comment: string; readonly input: string; readonly expect: object }[];
}
const vectors = JSON.parse(readFileSync(new URL("../../../../vectors/sealing/psk-lost.json", import.meta.url), "utf8")) as Vectors;

/** Of a party only its id and its holders are read. */
const parties = Object.entries(vectors.roots).map(([id, { threshold, holders }]) => {
  const root: RootKeys = {
    threshold,
    holders: holders.map(({ ed25519, mldsa44 }) => ({ ed25519: fromHex(ed25519), mldsa44: fromHex(mldsa44) })),
  };
  return { id, file: { root } } as unknown as Party;
});

describe("notices of a lost pre-shared key", () => {
  test.each(vectors.cases)("$comment", ({ input, expect: wanted }) => {
    const of = { line: parseLineId(vectors.line), parties, rootsOf: ({ file }: Party) => [file.root] };
    const read = refusable(() => readPskLost(nativeSuite, decodeSignedPskLost(fromHex(input)), of));
    const found: unknown = read.ok ? { party: read.value.party, peer: read.value.peer, at: read.value.at } : { refusal: read.refusal.code };
    expect(found).toEqual(wanted);
  });

  test("a frame carries one, and no other frame does", () => {
    const bytes = fromHex(vectors.cases[0]!.input);
    expect(toHex(noticeInFrame(noticeFrame(bytes))!)).toBe(toHex(bytes));
    for (const frame of [
      new Uint8Array(0),
      Uint8Array.of(0x82, 8),
      Uint8Array.of(0x82, 8, 1),
      Uint8Array.of(0x81, 8),
      noticeFrame(new Uint8Array(64_001)),
    ])
      expect(noticeInFrame(frame)).toBeUndefined();
  });
});
