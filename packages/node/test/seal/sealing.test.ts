import { describe, expect, test } from "vitest";
import { toHex } from "@openline/core";
import { MemoryLink, nativeSuite } from "@openline/node";
import { EpochKeys } from "../../src/seal/epoch-keys.ts";
import { MemoryEpochKeys } from "../../src/seal/file-epoch-keys.ts";
import { seeded } from "../node/line.ts";
import { SealedLine } from "./sealed-line.ts";

const DAY_S = 86_400;

describe("two nodes, sealed", () => {
  test("talk, and nothing on the way says who or what", async () => {
    const sealed = await SealedLine.open();
    await sealed.settle(12);
    expect(sealed.kinds(0).filter((kind) => kind === "prekey")).toHaveLength(3);
    expect(sealed.cut(0)).toBe(sealed.cut(1));
    const { accord } = sealed.line;
    const told: readonly string[] = [
      accord.line,
      ...accord.parties.flatMap(({ key, incarnation, id }) => [key, incarnation, toHex(new TextEncoder().encode(id))]),
    ];
    const wire = sealed.wire.map(toHex);
    for (const secret of told) expect(wire.filter((envelope) => envelope.includes(secret))).toEqual([]);
    // No two envelopes share a mark, so that nobody who listens can tell which belong together.
    const marks = wire.map((envelope) => envelope.slice(2, 50));
    expect(new Set(marks).size).toBe(marks.length);
    // `enc` travels until it is known to have been opened, and not after.
    expect(wire.slice(-4).every((envelope) => envelope.startsWith("01"))).toBe(true);
  });

  test("each epoch has a key of its own, published ahead and erased after", async () => {
    const sealed = await SealedLine.open();
    await sealed.settle(12);
    const asked = sealed.sealings[0]!.prekeyFor(new MemoryLink("x").join(0, async () => undefined));
    expect(asked).not.toBeNull();
    sealed.line.wait(DAY_S);
    await sealed.settle(12);
    expect(sealed.sealings[0]!.prekeyFor(new MemoryLink("x").join(0, async () => undefined))).not.toBe(asked);
    expect(sealed.kinds(0).filter((kind) => kind === "prekey")).toHaveLength(4);
    sealed.line.wait(30 * DAY_S);
    await sealed.settle(12);
    expect(sealed.cut(0)).toBe(sealed.cut(1));
    const { suite, keys, world } = sealed.line.players[0]!.options;
    const kept = await EpochKeys.open({ suite, place: sealed.places[0]!, nodeSeal: keys.seal, random: world.random });
    const now = sealed.line.now / 1000;
    expect(kept.keys.every(({ until }) => until + DAY_S > now)).toBe(true);
    expect(kept.keys).toHaveLength(3);
  });

  test("a node that lost its epoch keys in a restore says so by what it asks for, and the other seals again", async () => {
    const sealed = await SealedLine.open();
    await sealed.settle(12);
    await sealed.start(1, new MemoryEpochKeys());
    await sealed.nodes[0]!.seal();
    await sealed.settle(20);
    expect(sealed.cut(0)).toBe(sealed.cut(1));
    expect(sealed.sealings[1]!.unopened).toBeGreaterThan(0);
  });

  test("a node that was started again in the middle of an epoch is sealed to anew", async () => {
    const sealed = await SealedLine.open();
    await sealed.settle(12);
    await sealed.start(1);
    const before = sealed.sealings[1]!.unopened;
    await sealed.settle(4);
    expect(sealed.wire.slice(-2).every((envelope) => envelope[0] === 1)).toBe(true);
    await sealed.settle(4);
    expect(sealed.sealings[1]!.unopened - before).toBeLessThan(4);
    expect(sealed.cut(0)).toBe(sealed.cut(1));
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("any loss, doubling and delay ends in equal records: seed %i", async (seed) => {
    const sealed = await SealedLine.open(seed);
    const chance = seeded(seed + 100);
    sealed.weather = () =>
      (["now", "late", "now", "late"] as const).slice(0, chance.below(4)).map((when) => (chance.below(3) === 0 ? "late" : when));
    for (let round = 0; round < 6; round++) {
      await sealed.nodes[round % 2]!.seal();
      await sealed.settle(4);
      if (round === 3) await sealed.start(round % 2 === 0 ? 0 : 1);
      sealed.line.wait(DAY_S / 2);
    }
    sealed.weather = () => ["now"];
    await sealed.settle(20);
    expect(sealed.cut(0)).toBe(sealed.cut(1));
  });

  test("what is no envelope, or another line's, is told from what merely does not open", async () => {
    const [sealed, other] = [await SealedLine.open(1), await SealedLine.open(2)];
    await sealed.settle(12);
    await other.settle(12);
    const bearer = new MemoryLink("way").join(1, async () => undefined);
    const junk = Uint8Array.of(7, 7, 7);
    expect(sealed.sealings[1]!.open(junk, bearer)).toBe(junk);
    const before = sealed.sealings[1]!.unopened;
    for (const envelope of other.wire.slice(0, 10)) expect(sealed.sealings[1]!.open(envelope, bearer)).toBeUndefined();
    expect(sealed.sealings[1]!.unopened).toBe(before + 10);
  });
});

describe("epoch keys at rest", () => {
  const random = seeded(3).bytes;
  const open = (place: MemoryEpochKeys, nodeSeal: Uint8Array) => EpochKeys.open({ suite: nativeSuite, place, nodeSeal, random });

  test("are opened by the node's own key and nothing else", async () => {
    const place = new MemoryEpochKeys();
    const keys = await open(place, new Uint8Array(32));
    await keys.turn([{ epoch: "direct", from: 0, until: DAY_S }], 0);
    expect((await open(place, new Uint8Array(32))).keys.map(({ publicKey }) => toHex(publicKey))).toEqual(
      keys.keys.map(({ publicKey }) => toHex(publicKey)),
    );
    await expect(open(place, new Uint8Array(32).fill(1))).rejects.toThrow(/cannot be read/);
    const content = (await place.load())!;
    for (const { seed } of keys.keys) expect(toHex(content)).not.toContain(toHex(seed));
    content[20]! ^= 1;
    await place.save(content);
    await expect(open(place, new Uint8Array(32))).rejects.toThrow(/cannot be read/);
  });
});
