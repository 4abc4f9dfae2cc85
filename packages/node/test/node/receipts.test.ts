import { expect, test } from "vitest";
import { type UnixMillis, decodeFrame, encodeFrame, parseChannelNumber, parsePostId } from "@openline/core";
import { stateDigest } from "../../src/unprompted.ts";
import { handOf, submitDraft } from "../../src/operate/line-setup.ts";
import { HandBuilt } from "./hand-built.ts";
import { connected } from "./connected.ts";
import { Line, START_S, entriesOf, kindsOf, message, refusalsOf } from "./line.ts";
import { nativeSuite as suite } from "@openline/node";

const logOf = (line: Line, position: number) => line.node(position).own.log;
const kinds = (line: Line, position: number) => kindsOf(line.players[position]!.disk, logOf(line, position));

test("submit, entry, receipt, beat: held when the counterpart names it, and a beat causes no beat", async () => {
  const line = await connected();
  const before = [kinds(line, 0).length, kinds(line, 1).length];
  const receipt = await line.submit(0);
  expect(receipt).toMatchObject({ ok: true, value: { log: logOf(line, 0), index: before[0] } });
  await line.settle(10);
  expect(kinds(line, 0).slice(before[0])).toEqual(["message"]);
  expect(kinds(line, 1).slice(before[1])).toEqual(["beat"]);
  const named = line.node(0).record.logs.get(logOf(line, 1))!.named.get(logOf(line, 0))!;
  expect(named.size.at(-1)).toBe(before[0]! + 1);
  // Later a message of the other side names that beat, and needs no beat for it.
  await line.submit(1);
  await line.settle(10);
  expect(kinds(line, 1).slice(before[1])).toEqual(["beat", "message"]);
  expect(kinds(line, 0).slice(before[0])).toEqual(["message", "beat"]);
  expect(line.oracle.wrong).toEqual([]);
});

test("a receipt waits no longer when 32 entries have gathered", async () => {
  const line = await connected({ terms: { rates: null } });
  const beats = () => kinds(line, 1).filter((kind) => kind === "beat").length;
  const before = beats();
  const submit = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await line.submit(0);
    await line.deliver();
  };
  await submit(20);
  expect(beats()).toBe(before);
  await submit(20);
  expect(beats()).toBe(before + 1);
  await submit(20);
  expect(beats()).toBe(before + 1);
});

test("of two clocks that stand apart one refuses the other's beat once, and nobody answers the refusal", async () => {
  const line = await connected();
  await line.reopen(1, { world: { clock: { now: () => (line.now + 90_000) as UnixMillis }, random: line.chance.bytes } });
  await line.settle();
  const before = [kinds(line, 0).length, kinds(line, 1).length];
  await line.submit(0);
  await line.settle(12);
  expect(kinds(line, 1).slice(before[1])).toEqual(["beat"]);
  expect(kinds(line, 0).slice(before[0])).toEqual(["message", "refusal"]);
  expect(refusalsOf(line.players[0]!.disk, logOf(line, 0)).at(-1)!.code).toBe("future-dated");
});

test("no refusal is refused, however wrong it is, and neither is one that was stored before a restart", async () => {
  const line = await Line.open({ nodes: 1 });
  const south = new HandBuilt(line, 1);
  south.open();
  const forged = { accordDigest: new Uint8Array(32) };
  south.add(south.act({ kind: "refusal", facts: { code: "future-dated" }, refs: [south.built[0]!.leaf] }, forged));
  south.add(south.act({ kind: "beat" }, forged));
  await south.send();
  await line.settle();
  const refused = () => refusalsOf(line.players[0]!.disk, logOf(line, 0));
  const beat = { code: "wrong-signature", leaf: south.built.at(-1)!.leaf };
  expect(refused()).toEqual([beat]);
  await line.reopen(0);
  await line.settle();
  expect(refused()).toEqual([beat]);
});

test("an act handed in twice is called replayed only when its first entry is durable", async () => {
  const line = await connected();
  const [player] = line.players;
  const { store } = player!.options;
  const disk = Promise.withResolvers<void>();
  const commit = store.commit.bind(store);
  store.commit = async (batch) => {
    await disk.promise;
    await commit(batch);
  };
  const peer = new HandBuilt(line, 0);
  const { bytes, disclosure } = peer.message();
  const said: string[] = [];
  const twice = [1, 2].map(async () => {
    const answer = await line.node(0).submit(bytes, disclosure!);
    said.push(answer.ok ? "placed" : answer.refusal.code);
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(said).toEqual([]);
  disk.resolve();
  await Promise.all(twice);
  expect(said.toSorted()).toEqual(["placed", "replayed"]);
});

test("receipts within a second travel as one; FLASH, IMMEDIATE, tests and rings are receipted at once", async () => {
  const line = await connected();
  const beats = () => kinds(line, 1).filter((kind) => kind === "beat").length;
  const before = beats();
  for (let i = 0; i < 5; i++) {
    await line.submit(0);
    await line.deliver();
  }
  expect(beats()).toBe(before);
  line.wait(1);
  await line.node(1).tick();
  expect(beats()).toBe(before + 1);
  await line.deliver();
  const [player] = line.players;
  const hand = [{ ...handOf(suite, player!.secrets.watch.get("watch")!), role: "author" as const }];
  const node = [{ ...handOf(suite, player!.secrets.keys.node), role: "node" as const }];
  let expected = before + 1;
  const urgent = [
    () => submitDraft(line.node(0), message({ precedence: "FLASH" }), hand),
    () => submitDraft(line.node(0), message({ precedence: "IMMEDIATE" }), hand),
    () => submitDraft(line.node(0), message({ kind: "test" }), hand),
    () => submitDraft(line.node(0), { kind: "ring", channel: parseChannelNumber(1) }, node),
  ];
  for (const say of urgent) {
    expect((await say()).ok).toBe(true);
    await line.deliver();
    expect(beats()).toBe(++expected);
  }
});

test("an own act that would have no effect is refused before it is placed", async () => {
  const line = await connected();
  const size = line.node(0).own.frontier.size;
  expect(await line.submit(0, { channel: parseChannelNumber(3) })).toMatchObject({ refusal: { code: "not-in-force" } });
  expect(await line.submit(0, { to: ["nobody"] })).toMatchObject({ refusal: { code: "unknown-post" } });
  expect(await line.submit(0, {}, "x".repeat(300_000))).toMatchObject({ refusal: { code: "oversized" } });
  const ours = new HandBuilt(line, 0);
  const withBody = ours.message();
  expect(await line.node(0).submit(withBody.bytes)).toMatchObject({ refusal: { code: "missing-disclosure" } });
  expect(await line.node(0).submit(withBody.bytes, ours.message().disclosure!)).toMatchObject({ refusal: { code: "wrong-disclosure" } });
  const key = ours.act({ kind: "key-revoke", facts: { kid: ours.hand(ours.secrets.keys.node).kid } });
  expect(await line.node(0).submit(key.bytes)).toMatchObject({ refusal: { code: "not-authorised" } });
  const long = ours.act(message({ facts: {}, to: [] }), { draft: { refs: [] }, hands: Array.from({ length: 4 }, () => ours.watch()) });
  expect(await line.node(0).submit(long.bytes)).toMatchObject({ refusal: { code: "not-authorised" } });
  expect(await line.node(0).submit(new Uint8Array(70_000))).toMatchObject({ ok: false });
  expect(line.node(0).own.frontier.size).toBe(size);
  expect((await line.submit(0)).ok).toBe(true);
});

test("unprompted: a beat at the accord's interval, and every minute while an urgent debt is open, for its first day", async () => {
  const line = await connected({ node: { unprompted: true } });
  const count = () => kinds(line, 0).filter((kind) => kind === "beat").length;
  const beatsIn = async (seconds: number, step = 10) => {
    const before = count();
    for (let i = 0; i < seconds / step; i++) {
      line.wait(step);
      for (const { node } of line.players) await node.tick();
      await line.deliver();
    }
    return count() - before;
  };
  expect(await beatsIn(1200)).toBe(10);
  await line.submit(1, { precedence: "FLASH" });
  await line.deliver();
  expect(await beatsIn(1200)).toBe(20);
  await beatsIn(86_400, 600);
  expect(await beatsIn(1200)).toBe(10);
  expect(line.oracle.wrong).toEqual([]);
});

test("each day both nodes enter the same verdicts under a digest that follows from the author's log", async () => {
  const line = await connected({ node: { unprompted: true } });
  const midnight = (Math.floor(START_S / 86_400) + 1) * 86_400;
  line.wait(midnight - line.now / 1000 + 30);
  await line.settle();
  await line.settle();
  for (const position of [0, 1]) {
    const { disk, node } = line.players[position]!;
    const states = entriesOf(disk, node.own.log).flatMap(({ read }) =>
      read.ok && read.value.act.header.kind === "state" ? [read.value] : [],
    );
    expect(states).toHaveLength(1);
    const [{ act, placement }] = states as [(typeof states)[0]];
    expect(act.header.facts.saidAt).toBe(midnight);
    expect(act.header.facts.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(placement.time).toBeGreaterThanOrEqual(midnight);
  }
  // A restart does not say it again.
  await line.reopen(0);
  await line.settle(3);
  expect(kinds(line, 0).filter((kind) => kind === "state")).toHaveLength(1);
  expect(stateDigest).toBeTypeOf("function");
});

/** A peer that keeps a body back. */
async function withoutBody(held?: number): Promise<{ line: Line; peer: HandBuilt; leaf: string; disclosure: Uint8Array; index: number }> {
  const line = await Line.open({ nodes: 1, node: { receiptDelayMs: 0 } });
  const peer = new HandBuilt(line, 1);
  peer.open();
  await line.node(0).join(peer.bearer, peer.party);
  await peer.send();
  const from = peer.built.length;
  const act = peer.message(held === undefined ? {} : { precedence: "FLASH" });
  const { leaf } = peer.add({ ...act, disclosure: null });
  await peer.send(from);
  return { line, peer, leaf, disclosure: act.disclosure!, index: from };
}

test.each([
  [60, undefined],
  [300, 300],
])(
  "a missing disclosure: nothing named for %i s, then a refusal, then the head; held only when it comes and is listed",
  async (seconds, held) => {
    const { line, peer, leaf, disclosure, index } = await withoutBody(held);
    const own = logOf(line, 0);
    const named = () => line.node(0).record.logs.get(own)!.named.get(peer.own.log)?.size.at(-1);
    line.wait(seconds - 1);
    await line.node(0).tick();
    expect(named()).toBe(index);
    expect(refusalsOf(line.players[0]!.disk, own)).toEqual([]);
    line.wait(1);
    await line.node(0).tick();
    expect(refusalsOf(line.players[0]!.disk, own)).toEqual([{ code: "missing-disclosure", leaf }]);
    expect(named()).toBe(index + 1);
    const entries = entriesOf(line.players[0]!.disk, own);
    const refusalAt = entries.findIndex(({ read }) => read.ok && read.value.act.header.kind === "refusal");
    expect(entries[refusalAt]!.read).toMatchObject({ ok: true, value: { placement: { heads: [] } } });
    // A restart does not forget that it is missing, and a wrong one is a finding.
    await line.reopen(0);
    await line.node(0).join(peer.bearer, peer.party);
    const send = (bytes: Uint8Array) =>
      line.node(0).receive(encodeFrame({ kind: "disclosure", log: peer.own.log, index, disclosure: bytes }), peer.bearer);
    await send(new Uint8Array(40));
    expect((await line.node(0).options.store.findings(0, 10)).map(({ code }) => code)).toEqual(["wrong-disclosure"]);
    expect(line.node(0).record.logs.get(own)!.listed.size).toBe(0);
    await send(disclosure);
    await send(disclosure);
    expect(
      line
        .node(0)
        .record.logs.get(own)!
        .listed.has(leaf as never),
    ).toBe(true);
    expect(refusalsOf(line.players[0]!.disk, own)).toHaveLength(1);
  },
);

test("the body of a refusal is asked for, nothing waits for it, and nothing is listed when it comes", async () => {
  const { line, peer, leaf, index: before } = await withoutBody();
  const own = logOf(line, 0);
  line.wait(60);
  await line.node(0).tick();
  const refused = refusalsOf(line.players[0]!.disk, own);
  const index = peer.built.length;
  const body = new Map([["detail", "not as agreed"]]);
  const act = peer.act({ kind: "refusal", refs: [leaf as never], facts: { code: "bad-body" } }, { body });
  peer.add({ ...act, disclosure: null });
  peer.add(peer.message());
  await peer.send(index);
  await line.node(0).tick();
  expect(line.node(0).record.logs.get(own)!.named.get(peer.own.log)?.size.at(-1)).toBe(index + 2);
  for (const restart of [false, true]) {
    if (restart) {
      await line.reopen(0);
      await line.node(0).join(peer.bearer, peer.party);
    }
    line.wait(120);
    await line.node(0).tick();
    expect(refusalsOf(line.players[0]!.disk, own)).toEqual(refused);
    const haves = peer.sent.flatMap((bytes) => {
      const frame = decodeFrame(bytes);
      return frame.ok && frame.value.kind === "have" ? [frame.value] : [];
    });
    expect(haves.at(-1)!.logs.find(({ log }) => log === peer.own.log)!.missing).toEqual([before, index]);
  }
  await line.node(0).receive(encodeFrame({ kind: "disclosure", log: peer.own.log, index, disclosure: act.disclosure! }), peer.bearer);
  await line.node(0).tick();
  expect(line.players[0]!.disk.disclosure(peer.own.log, index)).toEqual(act.disclosure);
  expect(line.node(0).record.logs.get(own)!.listed.size).toBe(0);
});

test("two logs that have run ahead of both clocks are refused once each and come to an end", async () => {
  const line = await connected();
  line.wait(600);
  await line.submit(0);
  await line.submit(1);
  await line.settle();
  line.wait(-600);
  const before = [kinds(line, 0).length, kinds(line, 1).length] as const;
  await line.submit(0);
  await line.submit(1);
  await line.settle(20);
  const after = [kinds(line, 0).slice(before[0]), kinds(line, 1).slice(before[1])];
  for (const said of after) expect(new Set(said)).toEqual(new Set(["message", "refusal"]));
  await line.settle(20);
  expect([kinds(line, 0).slice(before[0]), kinds(line, 1).slice(before[1])]).toEqual(after);
  // Once the clocks have caught up everything is named, and nothing more is refused.
  line.wait(700);
  await line.submit(0);
  await line.submit(1);
  await line.settle(10);
  expect(kinds(line, 0).filter((kind) => kind === "refusal")).toHaveLength(1);
});

test("a body that waits is not forgotten over a restart, and one above the limit is no body", async () => {
  const { line, peer, index } = await withoutBody();
  await line.reopen(0);
  const own = logOf(line, 0);
  await line.node(0).tick();
  expect(line.node(0).record.logs.get(own)!.named.get(peer.own.log)?.size.at(-1)).toBe(index);
  const from = peer.built.length;
  peer.add({ ...peer.message(), disclosure: new Uint8Array(1_100_000) });
  await peer.send(from);
  line.wait(61);
  await line.node(0).tick();
  expect(refusalsOf(line.players[0]!.disk, own).map(({ code }) => code)).toEqual(["missing-disclosure", "missing-disclosure"]);
  expect(line.node(0).record.logs.get(own)!.named.get(peer.own.log)?.size.at(-1)).toBe(index + 2);
});

test("an erase in force lifts the need for a body, and the author's own copy is deleted", async () => {
  const { line, peer, leaf, index } = await withoutBody();
  const from = peer.built.length;
  peer.add(peer.message({ kind: "erase", refs: [leaf as never] }));
  await peer.send(from);
  const own = logOf(line, 0);
  expect(line.node(0).record.logs.get(own)!.named.get(peer.own.log)?.size.at(-1)).toBe(index + 2);
  line.wait(100);
  await line.node(0).tick();
  expect(refusalsOf(line.players[0]!.disk, own)).toEqual([]);

  const both = await connected();
  const said = await both.submit(0);
  if (!said.ok) throw new Error("refused");
  await both.settle();
  const { index: at, leaf: ours } = said.value;
  expect(both.players[0]!.disk.disclosure(logOf(both, 0), at)).toBeInstanceOf(Uint8Array);
  await both.submit(0, { kind: "erase", from: parsePostId("watch"), refs: [ours] });
  await both.settle();
  expect(both.players[0]!.disk.disclosure(logOf(both, 0), at)).toBe("erased");
  // The other party may keep it.
  expect(both.players[1]!.disk.disclosure(logOf(both, 0), at)).toBeInstanceOf(Uint8Array);
});
