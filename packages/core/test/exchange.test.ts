import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  RANKS,
  type Way,
  decodeFrame,
  decodeObject,
  encodeFrame,
  firstToOvertake,
  fromHex,
  mayOvertake,
  missingRanges,
  moreUrgent,
  pack,
  refusable,
  toHex,
  unpack,
  waysFor,
  withRange,
} from "../src/index.ts";

interface Case {
  readonly comment: string;
  readonly input: string;
  readonly expect: { readonly frame?: unknown; readonly code?: string };
}
const file = readFileSync(new URL("../../../vectors/exchange/frames.json", import.meta.url), "utf8");
const { cases } = JSON.parse(file) as { cases: readonly Case[] };
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, item) => (item instanceof Uint8Array ? toHex(item) : item)));

describe("vectors/exchange/frames.json", () => {
  test.each(cases.map((item) => [item.comment, item] as const))("%s", (_, { input, expect: wanted }) => {
    const frame = decodeFrame(fromHex(input));
    expect(frame.ok ? undefined : frame.refusal.code).toBe(wanted.code);
    if (!frame.ok) return;
    expect(plain(frame.value)).toEqual(wanted.frame);
    expect(toHex(encodeFrame(frame.value))).toBe(input);
    const whole = ["have", "part", "head"].includes(frame.value.kind);
    expect(decodeObject(fromHex(input)).ok).toBe(!whole);
  });
});

interface PackCase {
  readonly comment: string;
  readonly input: { readonly dictionary: string; readonly packed: string; readonly max: number };
  readonly expect: { readonly bytes?: string; readonly code?: string };
}
const packFile = readFileSync(new URL("../../../vectors/exchange/packed.json", import.meta.url), "utf8");

describe("vectors/exchange/packed.json", () => {
  const { cases: packs } = JSON.parse(packFile) as { cases: readonly PackCase[] };
  test.each(packs.map((item) => [item.comment, item] as const))("%s", (_, { input, expect: wanted }) => {
    const read = refusable(() => unpack(fromHex(input.dictionary), fromHex(input.packed), input.max));
    expect(read.ok ? { bytes: toHex(read.value) } : { code: read.refusal.code }).toEqual(wanted);
  });
});

test("packing: whatever is packed comes back, whatever the dictionary; junk is refused and nothing more", () => {
  const bytes = fc.uint8Array({ maxLength: 400 });
  const near = fc.tuple(bytes, fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 8 }));
  fc.assert(
    fc.property(near, bytes, ([dictionary, flips], junk) => {
      const given = dictionary.slice();
      for (const [at, value] of flips) if (at < given.length) given[at] = value;
      expect(unpack(dictionary, pack(dictionary, given), 400)).toEqual(given);
      expect(unpack(junk, pack(junk, given), 400)).toEqual(given);
      const read = refusable(() => unpack(dictionary, junk, 100));
      expect(read.ok ? read.value.length : 0).toBeLessThanOrEqual(100);
    }),
  );
});

const range = fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 40 })).map(([from, length]) => ({ from, to: from + length }));

test("ranges: what is there and what is missing are every byte, once", () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 20 }), (added) => {
      const ranges = added.reduce(withRange, [] as ReturnType<typeof withRange>);
      for (const [i, { from }] of ranges.entries()) if (i > 0) expect(from).toBeGreaterThan(ranges[i - 1]!.to);
      const missing = missingRanges(ranges, 240);
      for (let at = 0; at < 240; at++) {
        const inside = (list: typeof ranges): boolean => list.some(({ from, to }) => from <= at && at < to);
        expect(inside(ranges)).toBe(inside(added));
        expect(inside(missing)).toBe(!inside(added));
      }
    }),
  );
});

const way = fc.record({
  id: fc.uuid(),
  epoch: fc.constantFrom<Way["epoch"]>("direct", "narrow", "hand"),
  mtu: fc.integer({ min: 100, max: 1e6 }),
});

test("ways: the quickest first, as many as the rank is worth, whatever order they are given in", () => {
  fc.assert(
    fc.property(fc.uniqueArray(way, { maxLength: 5, selector: ({ id }) => id }), fc.constantFrom(...RANKS), (live, rank) => {
      const ways = waysFor(rank, live);
      expect(waysFor(rank, live.toReversed())).toEqual(ways);
      const most = rank === "FLASH" || rank === "IMMEDIATE" ? live.length : rank === "PRIORITY" || rank === "control" ? 2 : 1;
      expect(ways).toHaveLength(Math.min(most, live.length));
      const speeds = ["direct", "narrow", "hand"];
      for (const left of live)
        if (!ways.includes(left))
          for (const used of ways) expect(speeds.indexOf(used.epoch)).toBeLessThanOrEqual(speeds.indexOf(left.epoch));
    }),
  );
});

test("overtaking: control acts, then precedence, then age; ROUTINE never", () => {
  const waiting = fc.array(fc.record({ rank: fc.constantFrom(...RANKS), index: fc.nat(50) }), { maxLength: 20 });
  fc.assert(
    fc.property(waiting, (items) => {
      const first = firstToOvertake(items);
      const able = items.filter(({ rank }) => mayOvertake(rank));
      expect(first === undefined).toBe(able.length === 0);
      if (first === undefined) return;
      for (const { rank, index } of able) {
        expect(moreUrgent(first.rank, rank)).toBe(first.rank);
        if (rank === first.rank) expect(first.index).toBeLessThanOrEqual(index);
      }
    }),
  );
});
