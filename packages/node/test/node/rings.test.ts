import { describe, expect, test } from "vitest";
import { alarmsAt, owingAt, parseLeafHash, parseUnixSeconds, secondsOf } from "@openline/core";
import { connected } from "./connected.ts";
import { CHANNELS, kindsOf } from "./line.ts";

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

describe("suspended or not, FLASH rings", () => {
  const alarms = (line: Awaited<ReturnType<typeof connected>>) =>
    [0, 1].map((party) =>
      alarmsAt(line.node(party).record, { party, at: secondsOf(line.now) }).map(({ reason, clock, due }) => [
        reason,
        clock,
        Number.isFinite(due),
      ]),
    );
  const owing = (line: Awaited<ReturnType<typeof connected>>) =>
    owingAt(line.node(1).record, { party: 1, at: secondsOf(line.now) }).map(({ rings: why }) => why);

  test.each([
    ["the channel is suspended", "suspend", {}, {}],
    [
      "its form is suspended",
      "suspend",
      { scope: ["live-training-short-notice"] },
      { kind: "notification", facts: { form: "live-training-short-notice" } },
    ],
    ["the accord gives no clock", undefined, {}, {}],
  ] as const)("%s", async (_, kind, facts, said) => {
    const channels = CHANNELS.map((item) => ({
      ...item,
      clocks: { ...item.clocks, ...(kind === undefined ? { acknowledge: {}, answer: {} } : {}) },
    }));
    const line = await connected({ terms: { channels } });
    if (kind !== undefined) await line.submit(1, { kind, facts });
    await line.settle();
    for (const precedence of ["IMMEDIATE", "FLASH"] as const) {
      const placed = await line.submit(0, { precedence, ...said });
      if (!placed.ok) throw new Error(placed.refusal.code);
      await line.settle();
      const rings = precedence === "FLASH" ? [["arrived", "acknowledgement", false]] : [];
      expect([precedence, alarms(line)]).toEqual([precedence, [[], rings]]);
      expect(owing(line)).toEqual(rings.map(() => "arrived"));
      if (precedence === "IMMEDIATE") continue;
      line.wait(86_400);
      expect(alarms(line)).toEqual([[], rings]);
      await line.submit(1, { kind: "acknowledge", refs: [placed.value.leaf] });
      await line.settle();
      expect([alarms(line), owing(line)]).toEqual([[[], []], []]);
    }
  });
});

test("what an officer here has acknowledged no longer rings here, though the others do not hold that yet, and is still owed", async () => {
  const line = await connected({ node: { unprompted: true } });
  const flash = await line.submit(0, { kind: "message", precedence: "FLASH" });
  await line.settle();
  const owed = () =>
    owingAt(line.node(1).record, { party: 1, at: secondsOf(line.now) }).map(({ rings: why, pending }) => [why, pending?.header.kind]);
  expect(owed()).toEqual([["arrived", undefined]]);
  const acknowledged = await line.submit(1, { kind: "acknowledge", refs: [flash.ok ? flash.value.leaf : parseLeafHash("00".repeat(32))] });
  expect(owed()).toEqual([[undefined, "acknowledge"]]);
  line.wait(3600);
  // Late by now, for want of a line: the telephone is for whoever waits.
  expect(owed()).toEqual([[undefined, "acknowledge"]]);
  expect(alarmsAt(line.node(0).record, { party: 0, at: secondsOf(line.now) }).map(({ reason }) => reason)).toEqual(["overdue"]);
  await line.settle();
  expect([acknowledged.ok, owed()]).toEqual([true, []]);
});
