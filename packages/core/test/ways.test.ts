import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeAccordFiles, fromHex, limits, loadRecord, parseLogId, readAccord, usableWays, waysOf } from "@openline/core";
import { nativeSuite } from "@openline/node";

interface Vectors {
  readonly accord: string;
  readonly cases: readonly {
    readonly comment: string;
    readonly logs: readonly { readonly log: string; readonly entries: readonly string[] }[];
    readonly expect: {
      readonly refusals: readonly unknown[];
      readonly ways: readonly { readonly at: number; readonly addresses: unknown; readonly pins: unknown }[];
    };
  }[];
}
const vectors = JSON.parse(readFileSync(new URL("../../../vectors/bearers/ways.json", import.meta.url), "utf8")) as Vectors;
const accord = readAccord(nativeSuite, decodeAccordFiles(fromHex(vectors.accord)));

const readCase = ({ logs }: Vectors["cases"][number]) =>
  loadRecord(
    nativeSuite,
    accord,
    logs.map(({ log, entries }) => ({ log: parseLogId(log), entries: entries.map(fromHex) })),
    { signatures: true },
  );
const named = (comment: string): Vectors["cases"][number] => vectors.cases.find((item) => item.comment === comment)!;

describe("vectors/bearers/ways.json", () => {
  test.each(vectors.cases.map((item) => [item.comment, item] as const))("%s", (_, item) => {
    const { record, judged } = readCase(item);
    const refusals: unknown = judged.flatMap(({ log, index, refusal }) =>
      refusal === undefined ? [] : [{ log, index, code: refusal.code }],
    );
    const ways: unknown = item.expect.ways.map(({ at }) => {
      const { addresses, pins } = waysOf(record, 0, at);
      return { at, addresses: { ...addresses, next: addresses.next ?? null }, pins: { ...pins, next: pins.next ?? null } };
    });
    expect({ refusals, ways }).toEqual(item.expect);
  });

  test("has at least as many notes without effect", () => {
    const without = vectors.cases.filter((item) => item.expect.refusals.length > 0).length;
    expect(without).toBeGreaterThanOrEqual(vectors.cases.length - without);
  });
});

describe("ways that may be used", () => {
  const { record } = readCase(named("an address and a key from a time on; both count until then"));
  const [before, , from] = named("an address and a key from a time on; both count until then").expect.ways.map(({ at }) => at) as [
    number,
    number,
    number,
  ];
  const { addresses: file, pins: fileKeys } = waysOf(record, 0, 0);
  const first = { addresses: file.now, pins: fileKeys.now };
  const [address, pin] = ["north.example:4410", "a".repeat(64)];

  test("are the old one first and the announced one too, then the new one first, then it alone", () => {
    expect(usableWays(record, 0, before)).toEqual({ addresses: [...first.addresses, address], pins: [...first.pins, pin] });
    const both = { addresses: [address, ...first.addresses], pins: [pin, ...first.pins] };
    expect(usableWays(record, 0, from)).toEqual(both);
    expect(usableWays(record, 0, from + limits.clockToleranceS - 1)).toEqual(both);
    expect(usableWays(record, 0, from + limits.clockToleranceS)).toEqual({ addresses: [address], pins: [pin] });
  });

  test("an operator's own addresses stand instead of the file's, and are never given up", () => {
    const dial = ["10.0.0.1:1"];
    expect(usableWays(record, 0, before, dial).addresses).toEqual([...dial, address]);
    expect(usableWays(record, 0, from + limits.clockToleranceS, dial).addresses).toEqual([address, ...dial]);
  });
});
