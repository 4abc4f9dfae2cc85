import { expect, test } from "vitest";
import { alarmsAt, parseUnixSeconds, secondsOf } from "@openline/core";
import { connected } from "./connected.ts";
import { kindsOf } from "./line.ts";

/** A node says that it has rung when a call is asked for now, and at no other time. */
const rings = (line: Awaited<ReturnType<typeof connected>>): number =>
  kindsOf(line.players[1]!.disk, line.node(1).own.log).filter((kind) => kind === "ring").length;

const windows = (line: Awaited<ReturnType<typeof connected>>, from: number, to: number) => {
  const now = secondsOf(line.now);
  return { windows: [{ from: parseUnixSeconds(now + from), to: parseUnixSeconds(now + to) }] };
};

test.each([
  ["for now", -1, 30, 1],
  ["for later", 600, 660, 0],
  ["whose window is over", -60, -30, 0],
])("a call %s rings %s to %s: %s", async (_, from, to, count) => {
  const line = await connected({ node: { unprompted: true } });
  await line.submit(0, { kind: "call-request", precedence: "IMMEDIATE", facts: windows(line, from, to) });
  await line.settle();
  expect(rings(line)).toBe(count);
});

test("asked for again and again it says six rings in a minute; a replay never rings", async () => {
  const line = await connected({ node: { unprompted: true } });
  for (let i = 0; i < 8; i++) {
    await line.submit(0, { kind: "call-request", precedence: "IMMEDIATE", facts: windows(line, -1, 30) });
    await line.settle(1);
  }
  expect(rings(line)).toBe(6);
  line.wait(60);
  await line.submit(0, { kind: "call-request", precedence: "IMMEDIATE", facts: windows(line, -1, 30) });
  await line.settle(1);
  expect(rings(line)).toBe(7);
  const replay = await connected({ node: { unprompted: false } });
  await replay.submit(0, { kind: "call-request", precedence: "IMMEDIATE", facts: windows(replay, -1, 30) });
  await replay.settle();
  expect(rings(replay)).toBe(0);
});

test("it is an alarm for whom it calls, for as long as its window, and for nobody else", async () => {
  const channels = (await import("./line.ts")).CHANNELS.map((item) => ({ ...item, clocks: { ...item.clocks, callRequest: 172_800 } }));
  const line = await connected({ node: { unprompted: true }, terms: { channels } });
  await line.submit(0, { kind: "call-request", precedence: "IMMEDIATE", facts: windows(line, -1, 30) });
  await line.settle();
  const alarms = (party: number) =>
    alarmsAt(line.node(party).record, { party, at: secondsOf(line.now) }).map(({ reason, clock }) => [reason, clock]);
  expect([alarms(0), alarms(1)]).toEqual([[], [["arrived", "call-request"]]]);
  line.wait(30);
  expect(alarms(1)).toEqual([]);
});
