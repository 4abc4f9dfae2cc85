import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AssertionError, fromHex, parsePartyKey, toHex } from "@openline/core";
import { nativeSuite } from "@openline/node";
import { fileLimits } from "../../src/bearers/file/limits.ts";
import { packParcel, parcelLabels, parcelRoom, readParcel, roomFor } from "../../src/bearers/file/parcel.ts";
import { random } from "./file-way.ts";

type Input = { readonly hex: string } | { readonly head: string; readonly zeros: number; readonly filled: number; readonly check: string };

interface Vectors {
  readonly lineSecret: string;
  readonly own: string;
  readonly peer: string;
  readonly labels: { readonly in: string; readonly out: string };
  readonly vectors: readonly {
    readonly comment: string;
    readonly input: Input;
    readonly expect: { readonly id: string; readonly frames: readonly string[] } | { readonly refusal: string };
  }[];
}

const file = JSON.parse(readFileSync(new URL("../../../../vectors/bearers/parcels.json", import.meta.url), "utf8")) as Vectors;
const ends = { own: parsePartyKey(file.own), peer: parsePartyKey(file.peer) };
const labels = parcelLabels(nativeSuite, fromHex(file.lineSecret), ends);

function filling(bytes: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, i) => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(i);
    return createHash("sha256").update(count).digest();
  });
  return Buffer.concat(blocks).subarray(0, bytes);
}

const bytesOf = (input: Input): Uint8Array =>
  "hex" in input
    ? fromHex(input.hex)
    : new Uint8Array(Buffer.concat([fromHex(input.head), Buffer.alloc(input.zeros), filling(input.filled), fromHex(input.check)]));

describe("vectors", () => {
  test("labels", () => expect([toHex(labels.in), toHex(labels.out)]).toEqual([file.labels.in, file.labels.out]));

  test.each(file.vectors.map((vector) => [vector.comment, vector] as const))("%s", (_, vector) => {
    const read = readParcel(nativeSuite, labels, bytesOf(vector.input));
    if ("refusal" in vector.expect) expect(read).toEqual({ ok: false, refusal: vector.expect.refusal });
    else expect(read.ok && { id: read.id, frames: read.frames.map((frame) => toHex(frame)) }).toEqual(vector.expect);
  });

  test("as many invalid as valid", () => {
    const invalid = file.vectors.filter(({ expect: { ...wanted } }) => "refusal" in wanted).length;
    expect(invalid * 2).toBeGreaterThanOrEqual(file.vectors.length);
  });
});

const peer = { in: labels.out, out: labels.in };
const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 3_000 }), { minLength: 1, maxLength: 20 });

describe("properties", () => {
  test("what is packed is read by the peer, and by nobody else", () => {
    fc.assert(
      fc.property(frames, (list) => {
        const bytes = packParcel(nativeSuite, labels.out, { frames: list, random });
        expect(fileLimits.sizes).toContain(bytes.length);
        const read = readParcel(nativeSuite, peer, bytes);
        expect(read.ok && read.frames.map((frame) => toHex(frame))).toEqual(list.map((frame) => toHex(frame)));
        expect(readParcel(nativeSuite, labels, bytes)).toEqual({ ok: false, refusal: "own" });
      }),
    );
  });

  test("any changed bit and any cut is noticed", () => {
    fc.assert(
      fc.property(frames, fc.nat(), fc.integer({ min: 0, max: 7 }), (list, at, bit) => {
        const bytes = packParcel(nativeSuite, labels.out, { frames: list, random });
        expect(readParcel(nativeSuite, peer, bytes.subarray(0, at % bytes.length)).ok).toBe(false);
        bytes[at % bytes.length]! ^= 1 << bit;
        expect(readParcel(nativeSuite, peer, bytes).ok).toBe(false);
      }),
    );
  });

  test("two parcels with the same frames have nothing in common", () => {
    const list = [new Uint8Array(100).fill(1)];
    const [one, two] = [1, 2].map(() => packParcel(nativeSuite, labels.out, { frames: list, random }));
    expect(toHex(one!.subarray(0, 32))).not.toBe(toHex(two!.subarray(0, 32)));
    expect(one!.subarray(140).filter((byte, i) => byte === two![140 + i]).length).toBeLessThan(50);
  });

  test("the largest parcel is full to the last byte, and more in one is a bug", () => {
    const list = Array.from({ length: Math.floor(parcelRoom / 65_540) }, () => random(65_536));
    const left = parcelRoom - list.reduce((sum, frame) => sum + roomFor(frame), 0);
    const full = [...list, random(left - 4)];
    expect(packParcel(nativeSuite, labels.out, { frames: full, random }).length).toBe(4_194_304);
    expect(() => packParcel(nativeSuite, labels.out, { frames: [...list, random(left - 3)], random })).toThrow(AssertionError);
    expect(() => packParcel(nativeSuite, labels.out, { frames: [], random })).toThrow(AssertionError);
  });
});
