import { expect, test } from "vitest";
import { encodeFrame, openDisclosure } from "@openline/core";
import { nativeSuite } from "@openline/node";
import { expectEqual } from "./connected.ts";
import { decoded, narrow, settle } from "./exchange-here.ts";
import { Line, entriesOf, kindsOf, seeded } from "./line.ts";
import { Pipe } from "./pipe.ts";

test("FLASH and IMMEDIATE leave on every live bearer, PRIORITY on the best two, ROUTINE on the best one, and each counts once", async () => {
  const line = await Line.open({ node: { receiptDelayMs: 0 } });
  await line.assign();
  const wide = { mtu: 1_000_000, window: 1_000_000 };
  const players = [line.players[0]!, line.players[1]!] as const;
  const pipes = [
    new Pipe("hand", players, { ...wide, epoch: "hand" }),
    new Pipe("direct", players, { ...wide, epoch: "direct" }),
    new Pipe("narrow", players, { ...wide, epoch: "narrow" }),
  ];
  for (const pipe of pipes) await pipe.join();
  await settle(line, ...pipes);
  const sent: Record<string, readonly number[]> = {};
  for (const precedence of ["FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE"] as const) {
    const before = line.node(1).record.readTo(line.node(0).own.log);
    await line.submit(0, { precedence });
    sent[precedence] = pipes.map(
      ({ queues }) => decoded(queues[0].map(({ frame }) => frame)).filter(({ kind }) => kind === "packed").length,
    );
    await settle(line, ...pipes);
    expect(line.node(1).record.readTo(line.node(0).own.log)).toBe(before + 1);
  }
  expect(sent).toEqual({ FLASH: [1, 1, 1], IMMEDIATE: [1, 1, 1], PRIORITY: [0, 1, 1], ROUTINE: [0, 1, 0] });
  expectEqual(line);
});

test("a bearer that was full when a FLASH left on the others takes it when it has drained", async () => {
  const { line, pipe } = await narrow({ mtu: 5000, window: 1 });
  const direct = new Pipe("direct", [line.players[0]!, line.players[1]!], { epoch: "direct", mtu: 1e6, window: 1e6 });
  await direct.join();
  await settle(line, pipe, direct);
  void pipe.bearers[0].send(encodeFrame({ kind: "part", object: "0".repeat(64) as never, size: 9, offset: 0, bytes: new Uint8Array(1) }));
  pipe.carried.length = 0;
  await line.submit(0, { precedence: "FLASH" });
  expect(direct.queues[0]).toHaveLength(1);
  expect(pipe.queues[0]).toHaveLength(1);
  await pipe.carry(0);
  await line.node(0).tick();
  await pipe.carry(0, 2);
  expect(decoded(pipe.carried).some(({ kind }) => kind === "packed")).toBe(true);
  await settle(line, pipe, direct);
  expectEqual(line);
});

test("no frame is longer than its bearer takes, and a long one arrives in parts", async () => {
  const { line, pipe } = await narrow();
  await line.submit(0, {}, "long ".repeat(2000));
  await settle(line, pipe);
  expect(Math.max(...pipe.carried.map(({ length }) => length))).toBeLessThanOrEqual(300);
  expectEqual(line);
  expect(line.players[1]!.disk.disclosure(line.node(0).own.log, line.node(0).own.frontier.size - 1)).toBeInstanceOf(Uint8Array);
});

test("cut at any part, what has come is not sent again", async () => {
  const parts = async (lost: number): Promise<number> => {
    const { line, pipe } = await narrow();
    let seen = 0;
    pipe.loses = (frame) => decoded([frame])[0]?.kind === "part" && seen++ === lost;
    await line.submit(0, {}, "long ".repeat(400));
    await settle(line, pipe);
    expectEqual(line);
    return seen;
  };
  const whole = await parts(-1);
  expect(whole).toBeGreaterThan(8);
  for (let lost = 0; lost < whole; lost += 3) expect(await parts(lost)).toBe(whole + 1);
});

test("a FLASH overtakes what stands before it: place signed, listed and so held, and read when the gap has closed", async () => {
  const { line, pipe } = await narrow();
  for (let i = 0; i < 12; i++) await line.submit(0, {}, `Routine ${i}.`.padEnd(1500, "x"));
  await pipe.carry(0, 3);
  const said = await line.submit(0, { precedence: "FLASH" }, "Now.");
  if (!said.ok) throw new Error("refused");
  const { log, index, leaf } = said.value;
  for (let i = 0; i < 60 && line.node(1).ahead.length === 0; i++) await pipe.carry(0);
  const [ahead] = line.node(1).ahead;
  expect(ahead).toMatchObject({ log, index, leaf });
  expect(line.node(1).record.readTo(log)).toBeLessThan(index - 5);
  // It is durable before it is listed, and both outlast a restart.
  const own = line.node(1).own.log;
  expect(line.node(1).record.logs.get(own)!.listed.has(leaf)).toBe(true);
  await line.reopen(1);
  expect(line.node(1).ahead).toMatchObject([{ log, index, leaf }]);
  await line.node(1).join(pipe.bearers[1], line.accord.parties[0]!);
  await settle(line, pipe);
  expect(line.node(1).ahead).toEqual([]);
  expectEqual(line);
  // The author sees the receipt in the first entry that lists it, and nothing was listed twice.
  const lists = entriesOf(line.players[1]!.disk, own).flatMap(({ read }) => (read.ok ? read.value.placement.ahead : []));
  expect(lists).toEqual([leaf]);
  expect(line.node(0).record.logs.get(own)!.listed.has(leaf)).toBe(true);
  await line.reopen(0);
  await line.reopen(1);
  expect(line.node(0).record.outdated || line.node(1).record.outdated).toBe(false);
});

test("what is listed is not listed again after a start, and what was not yet is", async () => {
  const { line, pipe } = await narrow();
  for (let i = 0; i < 6; i++) await line.submit(0, {}, "x".repeat(1500));
  await line.submit(0, { precedence: "FLASH" }, "Now.");
  const { disk } = line.players[1]!;
  // The entry is durable and the process ends before it could be listed.
  const process = { ended: false };
  const player = line.players[1]!;
  const { store } = player.options;
  const commit = store.commit.bind(store);
  store.commit = async (batch) => {
    await commit(batch);
    process.ended ||= (batch.meta ?? []).some(({ key }) => key === "ahead");
    if (process.ended) await new Promise(() => undefined);
  };
  for (let i = 0; i < 60 && !process.ended; i++) {
    const next = pipe.queues[0].shift();
    next?.drained();
    if (next !== undefined) void line.node(1).receive(next.frame, pipe.bearers[1]);
    for (let turn = 0; turn < 100; turn++) await Promise.resolve();
  }
  expect(process.ended).toBe(true);
  await line.reopen(1);
  await line.node(1).join(pipe.bearers[1], line.accord.parties[0]!);
  await line.node(1).tick();
  const listed = () => entriesOf(disk, line.node(1).own.log).flatMap(({ read }) => (read.ok ? read.value.placement.ahead : []));
  expect(listed()).toHaveLength(1);
  await settle(line, pipe);
  expect(listed()).toHaveLength(1);
  expectEqual(line);
});

test("a HAVE that is doubled, late or played again is passed over", async () => {
  const { line, pipe } = await narrow({ mtu: 100_000, window: 100_000 });
  const haves: Uint8Array[] = pipe.carried;
  await line.submit(0);
  await settle(line, pipe);
  const old = haves.filter((frame) => decoded([frame])[0]?.kind === "have");
  for (let i = 0; i < 4; i++) await line.submit(0);
  await settle(line, pipe);
  pipe.carried.length = 0;
  for (const frame of old) {
    await line.node(0).receive(frame, pipe.bearers[0]);
    await line.node(1).receive(frame, pipe.bearers[1]);
  }
  await pipe.settle();
  expect(decoded(pipe.carried).filter(({ kind }) => kind !== "have")).toEqual([]);
  expect(pipe.carried.length).toBeLessThanOrEqual(old.length);
});

test("at its quota a party is sent no more of it, a beat says so, and FLASH still comes", async () => {
  const line = await Line.open({ node: { receiptDelayMs: 0, peerBytes: 24_000 } });
  await line.assign();
  const pipe = new Pipe("direct", [line.players[0]!, line.players[1]!], { epoch: "direct", mtu: 8_000_000, window: 8_000_000 });
  await pipe.join();
  await settle(line, pipe);
  const log = line.node(0).own.log;
  const used = (): number =>
    entriesOf(line.players[1]!.disk, log).reduce(
      (sum, item) => sum + item.entry.length + (line.players[1]!.disk.withDisclosure(item).disclosure?.length ?? 0),
      0,
    );
  for (let i = 0; i < 20; i++) {
    expect((await line.submit(0, {}, "x".repeat(2000))).ok).toBe(true);
    await settle(line, pipe);
  }
  expect(used()).toBeLessThanOrEqual(24_000);
  const beats = entriesOf(line.players[1]!.disk, line.node(1).own.log).flatMap((item) => {
    const { disclosure } = line.players[1]!.disk.withDisclosure(item);
    const header = item.read.ok ? item.read.value.act.header : undefined;
    if (header?.kind !== "beat" || header.body === undefined || disclosure === undefined) return [];
    const body = openDisclosure({ suite: nativeSuite, commitment: header.body, disclosure, kind: "beat" });
    return body.ok && body.value.has("credit") ? [body.value.get("credit")] : [];
  });
  expect(beats).toContain(0);
  const held = line.node(1).record.readTo(log);
  expect(held).toBeLessThan(line.node(0).own.frontier.size);
  const flash = await line.submit(0, { precedence: "FLASH" }, "Now.");
  await settle(line, pipe);
  expect(line.node(1).record.readTo(log)).toBe(held);
  expect(line.node(1).ahead.map(({ leaf }) => leaf)).toEqual([flash.ok ? flash.value.leaf : ""]);
  expect(line.node(1).record.logs.get(line.node(1).own.log)!.listed.has(line.node(1).ahead[0]!.leaf)).toBe(true);
  // A node whose quota has been raised takes the rest.
  await line.reopen(1, { peerBytes: 1_000_000 });
  await line.node(1).join(pipe.bearers[1], line.accord.parties[0]!);
  await settle(line, pipe);
  expectEqual(line);
});

test("where nobody can answer, everything goes out unasked", async () => {
  const line = await Line.open({ node: { receiptDelayMs: 0 } });
  await line.assign();
  const diode = new Pipe("diode", [line.players[0]!, line.players[1]!], { epoch: "hand", mtu: 100_000, window: 1_000_000, oneWay: "out" });
  await diode.join();
  await line.submit(0, { precedence: "IMMEDIATE" });
  await diode.carry(0, 100);
  expect(kindsOf(line.players[1]!.disk, line.node(0).own.log).at(-1)).toBe("message");
  expect(diode.queues[1]).toEqual([]);
});

test.each(Array.from({ length: 8 }, (_, i) => i))(
  "two bearers that lose, double, reorder and are cut, restarts and overtaking: equal records in the end (seed %i)",
  async (seed) => {
    const line = await Line.open({ seed, node: { receiptDelayMs: 0 }, terms: { rates: null } });
    await line.assign();
    const chance = seeded(seed + 77);
    const players = [line.players[0]!, line.players[1]!] as const;
    const pipes = [
      new Pipe("narrow", players, { mtu: 250, window: 500 }),
      new Pipe("direct", players, { epoch: "direct", mtu: 900, window: 2700 }),
    ];
    const join = async (position: 0 | 1): Promise<void> => {
      for (const { bearers } of pipes) await line.node(position).join(bearers[position], line.accord.parties[1 - position]!);
    };
    await join(0);
    await join(1);
    for (const pipe of pipes) pipe.loses = () => chance.below(12) === 0;
    for (let step = 0; step < 120; step++) {
      const side = chance.below(2) as 0 | 1;
      const pipe = pipes[chance.below(2)]!;
      switch (chance.below(9)) {
        case 0:
        case 1: {
          const precedence = (["ROUTINE", "ROUTINE", "PRIORITY", "IMMEDIATE", "FLASH"] as const)[chance.below(5)]!;
          expect((await line.submit(side, { precedence }, "x".repeat(chance.below(1500)))).ok).toBe(true);
          break;
        }
        case 2:
          pipe.cut();
          break;
        case 3:
          line.wait(chance.below(20));
          for (const { node } of line.players) await node.tick();
          break;
        case 4:
          pipe.queues[side].push(...pipe.queues[side].splice(0, 1));
          break;
        case 5: {
          const [first] = pipe.queues[side];
          if (first !== undefined) pipe.queues[side].push({ frame: first.frame, drained: () => undefined });
          break;
        }
        case 6:
          if (chance.below(6) === 0) {
            await line.reopen(side);
            await join(side);
          }
          break;
        default:
          await pipe.carry(side, 1 + chance.below(6));
      }
    }
    for (const pipe of pipes) pipe.loses = () => false;
    await settle(line, ...pipes);
    expectEqual(line);
    for (const { node } of line.players) expect(node.ahead).toEqual([]);
    const leaves = [...line.players[0]!.disk.entries.values()].flatMap((entries) => entries.map(({ leaf }) => leaf));
    expect(new Set(leaves).size).toBe(leaves.length);
  },
);
