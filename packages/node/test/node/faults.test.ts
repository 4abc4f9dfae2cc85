import { expect, test } from "vitest";
import { type Cbor, encode, limits } from "@openline/core";
import { MemoryLink } from "@openline/node";
import { HandBuilt } from "./hand-built.ts";
import { Line, seeded } from "./line.ts";

const SEEDS = Array.from({ length: Number(process.env["OPENLINE_SEEDS"] ?? 12) }, (_, i) => Number(process.env["OPENLINE_SEED"] ?? 1) + i);

/** A middle between two nodes that loses, doubles, reorders, cuts and corrupts. */
class BadLink extends MemoryLink {
  readonly #chance: ReturnType<typeof seeded>;
  bad = true;
  #kept: (() => Promise<void>)[] = [];

  constructor(id: string, seed: number) {
    super(id);
    this.#chance = seeded(seed);
  }

  override join(side: 0 | 1, receive: Parameters<MemoryLink["join"]>[1]): ReturnType<MemoryLink["join"]> {
    return super.join(side, async (frame, bearer) => {
      if (!this.bad) return receive(frame, bearer);
      const waiting = this.#kept;
      this.#kept = [];
      switch (this.#chance.below(10)) {
        case 0:
          break;
        case 1:
          await receive(frame, bearer);
          await receive(frame, bearer);
          break;
        case 2:
          await receive(frame.slice(0, this.#chance.below(frame.length)), bearer);
          break;
        case 3:
        case 4: {
          const flipped = frame.slice();
          const at = this.#chance.below(flipped.length);
          flipped[at] = flipped[at]! ^ (1 << this.#chance.below(8));
          await receive(flipped, bearer);
          break;
        }
        case 5:
        case 6:
          this.#kept.push(async () => receive(frame, bearer));
          break;
        default:
          await receive(frame, bearer);
      }
      for (const late of waiting) await late();
    });
  }
}

function expectEqual(line: Line): void {
  const [first, ...others] = line.players.map(({ disk }) => disk.entries);
  for (const other of others)
    for (const [log, entries] of first!) expect(other.get(log)?.map(({ leaf }) => leaf)).toEqual(entries.map(({ leaf }) => leaf));
  for (const entries of first!.values()) expect(new Set(entries.map(({ leaf }) => leaf)).size).toBe(entries.length);
  for (const { node } of line.players) {
    expect(node.record.waiting).toBe(0);
    for (const own of node.record.logs.values()) expect(own.notHeld.size).toBe(0);
  }
  expect(line.oracle.wrong).toEqual([]);
}

test.each(SEEDS)("over a middle that loses, doubles, reorders, cuts and corrupts, both end with one record (seed %i)", async (seed) => {
  const line = await Line.open({ seed });
  await line.assign();
  const link = new BadLink("0-1", seed);
  line.links.push(link);
  await line.joinTo(link, 0, line.players[0]!, line.players[1]!);
  await line.joinTo(link, 1, line.players[1]!, line.players[0]!);
  const chance = seeded(seed + 1000);
  for (let step = 0; step < 60; step++) {
    const what = chance.below(5);
    if (what < 2)
      expect((await line.submit(what, chance.below(12) === 0 ? { precedence: "IMMEDIATE" } : {}, `Message ${step}.`)).ok).toBe(true);
    else if (what === 2) await line.reopen(chance.below(2));
    else await line.settle(1);
  }
  link.bad = false;
  await line.settle(8);
  expectEqual(line);
});

test("no frame at all, however made, does more than leave a finding", async () => {
  const line = await Line.open({ nodes: 1 });
  await line.assign();
  const peer = new HandBuilt(line, 1);
  peer.open();
  await line.node(0).join(peer.bearer, peer.party);
  await peer.send();
  const size = peer.built.length;
  for (let i = 0; i < 5; i++) peer.add(peer.message());
  const chance = seeded(5);
  const frame = peer.frame(size);
  const log = Buffer.from(peer.own.log, "hex");
  const root = new Uint8Array(8);
  const have = (logs: Cbor, open: Cbor = []): Uint8Array => encode([1, 2 ** 52, 0, false, 0, null, false, logs, open]);
  const junk = [
    encode([]),
    encode([1]),
    have([[log, Number.MAX_SAFE_INTEGER, root, [0, 1, 2, Number.MAX_SAFE_INTEGER], [Number.MAX_SAFE_INTEGER]]]),
    have(Array.from({ length: limits.headsMax }, () => [chance.bytes(8), 5, root, [], []])),
    have([
      [log, 0, root, [], []],
      [log, 1, root, [], []],
    ]),
    have([[log, 3, root, Array.from({ length: limits.missingMax }, (_, at) => at), []]]),
    have([[log, 3, root, [], [9, 4]]]),
    have([], [[chance.bytes(32), [[5, 3]]]]),
    have([], [[chance.bytes(32), [[0, Number.MAX_SAFE_INTEGER]]]]),
    encode([2, log, Number.MAX_SAFE_INTEGER, [], null]),
    encode([2, log, 0, [], null]),
    encode([3, log, Number.MAX_SAFE_INTEGER, new Uint8Array(3)]),
    encode([3, chance.bytes(8), 0, new Uint8Array(3)]),
    encode([2, log, 0, Array.from({ length: limits.frameEntriesMax + 1 }, () => [new Uint8Array(1), null]), null]),
    encode([4, chance.bytes(32), Number.MAX_SAFE_INTEGER, 0, new Uint8Array(3)]),
    encode([4, chance.bytes(32), 4, 3, new Uint8Array(3)]),
    encode([4, chance.bytes(32), 3, 0, new Uint8Array(3)]),
    ...Array.from({ length: 40 }, () => encode([4, chance.bytes(32), limits.frameBytesMax, 5, new Uint8Array(3)])),
    encode([5, [log, Number.MAX_SAFE_INTEGER, new Uint8Array(64)]]),
    encode([6, [log, 0, new Uint8Array(64)], new Uint8Array(3), null, []]),
    encode([6, [log, Number.MAX_SAFE_INTEGER, new Uint8Array(64)], new Uint8Array(3), null, []]),
  ];
  for (let i = 0; i < 1200; i++) junk.push(encode(["junk", i]));
  for (const bytes of junk) await line.node(0).receive(bytes, peer.bearer);
  for (let i = 0; i < 1000; i++) {
    const mangled = frame.slice(0, chance.below(4) === 0 ? chance.below(frame.length) : frame.length);
    for (let flips = 1 + chance.below(4); flips > 0 && mangled.length > 0; flips--) {
      const at = chance.below(mangled.length);
      mangled[at] = chance.below(256);
    }
    await line.node(0).receive(mangled, peer.bearer);
  }
  const findings = await line.node(0).options.store.findings(0, 4096);
  expect(findings.length).toBeLessThanOrEqual(1001);
  expect(findings.at(-1)!.code).toBe("over-rate");
  expect(line.node(0).record.logs.size).toBe(2);
  await peer.send(size);
  expect(line.node(0).record.readTo(peer.own.log)).toBe(peer.built.length);
});

test("a frame of 4,096 entries is taken, and what was written at once is sent in parts", async () => {
  const line = await Line.open({ nodes: 1, node: { receiptDelayMs: 0 } });
  await line.assign();
  const peer = new HandBuilt(line, 1);
  peer.open();
  await line.node(0).join(peer.bearer, peer.party);
  while (peer.built.length < limits.frameEntriesMax) peer.raw(encode([peer.built.length]));
  await peer.send();
  expect(line.node(0).record.readTo(peer.own.log)).toBe(limits.frameEntriesMax);
});

test("thousands of entries and large bodies written at once arrive", async () => {
  const line = await Line.open();
  await line.assign();
  const said = await Promise.all([
    ...Array.from({ length: 1500 }, (_, i) => line.submit(0, {}, `Message ${i}.`)),
    ...Array.from({ length: 60 }, () => line.submit(0, {}, "long ".repeat(50_000))),
  ]);
  expect(said.every(({ ok }) => ok)).toBe(true);
  await line.connect();
  await line.settle(6);
  expectEqual(line);
});

test("three parties over three links hold equal records, and a relayed entry counts once", async () => {
  const line = await Line.open({ parties: ["north", "south", "east"] });
  await line.assign();
  await line.connect();
  await line.settle();
  const [, northEast] = line.links;
  for (let i = 0; i < 9; i++) {
    expect((await line.submit(i % 3, {}, `Message ${i}.`)).ok).toBe(true);
    if (i % 2 === 0) await line.settle(1);
    // For a while north and east only hear of each other through south.
    northEast!.up = i < 3 || i > 6;
  }
  northEast!.up = false;
  await line.submit(0, {}, "Only by way of south.");
  await line.settle(8);
  expectEqual(line);
  await line.reopen(2);
  northEast!.up = true;
  await line.settle(6);
  expectEqual(line);
  const sizes = line.players.map(({ node }) => [...node.record.logs.values()].map((log) => log.times.length));
  expect(sizes[1]).toEqual(sizes[0]);
});
