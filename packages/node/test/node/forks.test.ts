import { expect, test } from "vitest";
import {
  type LogId,
  EMPTY_FRONTIER,
  appendLeaf,
  decode,
  decodeFrame,
  encodeFrame,
  forkOf,
  fromHex,
  parseDigest,
  rootOf,
  toHex,
} from "@openline/core";
import { nativeSuite as suite } from "@openline/node";
import { originOfOwn } from "../../src/own-log.ts";
import { type Built, HandBuilt } from "./hand-built.ts";
import { Line, entriesOf, kindsOf, refusalsOf } from "./line.ts";

async function setting(): Promise<{ line: Line; peer: HandBuilt; common: number }> {
  const line = await Line.open({ nodes: 1, node: { receiptDelayMs: 0 } });
  await line.assign();
  const peer = new HandBuilt(line, 1);
  peer.open();
  await line.node(0).join(peer.bearer, peer.party);
  await peer.send();
  return { line, peer, common: peer.built.length };
}

/** Another history of the peer's log from `common` on: `count` entries. */
function branch(peer: HandBuilt, common: number, count: number): readonly Built[] {
  const [built, own] = [[...peer.built], peer.own];
  const kept = built.slice(0, common);
  let frontier = EMPTY_FRONTIER;
  for (const { leaf } of kept) frontier = appendLeaf(suite, frontier, fromHex(leaf));
  peer.built.length = 0;
  peer.built.push(...kept);
  peer.own = { ...own, frontier };
  for (let i = 0; i < count; i++) peer.add(peer.message());
  const other = [...peer.built];
  peer.built.length = 0;
  peer.built.push(...built);
  peer.own = own;
  return other;
}

/** The peer opens its next log, which closes a branch of the one before. Returns the new log. */
function goOnAfter(line: Line, peer: HandBuilt, other: readonly Built[]): LogId {
  let frontier = EMPTY_FRONTIER;
  for (const { leaf } of other) frontier = appendLeaf(suite, frontier, fromHex(leaf));
  const closed = { log: peer.own.log, size: frontier.size, root: parseDigest(toHex(rootOf(suite, frontier))) };
  const log = toHex(line.chance.bytes(8)) as typeof peer.own.log;
  peer.own = { log, frontier: EMPTY_FRONTIER, time: peer.own.time, control: null };
  peer.built.length = 0;
  const origin = originOfOwn(suite, line.accord, { party: peer.party, log, lineSecret: peer.secrets.keys.lineSecret });
  peer.add(peer.act({ kind: "restored", facts: { incarnation: log, origin, closed } }));
  return log;
}

const kinds = (line: Line) => kindsOf(line.players[0]!.disk, line.node(0).own.log);

/** The proof in the fork-found entry, judged by the rule that any verifier has. */
function verdictOfProof(line: Line): string {
  const { disk, node } = line.players[0]!;
  const found = entriesOf(disk, node.own.log).find(({ read }) => read.ok && read.value.act.header.kind === "fork-found")!;
  const disclosure = disk.withDisclosure(found).disclosure!;
  const body = decode((decode(disclosure) as Uint8Array[])[2]!) as Map<string, Uint8Array>;
  const [first, firstRoot, second, secondRoot, index, ...leaves] = decode(body.get("proof")!) as Uint8Array[];
  const head = (checkpoint: Uint8Array, root: Uint8Array) => ({ size: (decode(checkpoint) as number[])[1]!, root });
  const [a, aProof, b, bProof] = leaves as unknown as [Uint8Array, Uint8Array[], Uint8Array, Uint8Array[]];
  const evidence = { leaves: { index: Number(index), first: { leaf: a, proof: aProof }, second: { leaf: b, proof: bProof } } };
  return forkOf(suite, head(first!, firstRoot!), head(second!, secondRoot!), evidence);
}

test.each([
  ["equal size", 2, 2],
  ["a longer branch", 2, 4],
  ["a shorter branch", 4, 1],
])("a peer that signs two histories is proven to: %s", async (_, first, second) => {
  const { line, peer, common } = await setting();
  const other = branch(peer, common, second);
  for (let i = 0; i < first; i++) peer.add(peer.message());
  await peer.send(common);
  const held = peer.built.length;
  await line.node(0).receive(peer.frame(common, other), peer.bearer);
  expect(kinds(line).filter((kind) => kind === "fork-found")).toHaveLength(1);
  expect(["equal-size", "leaf"]).toContain(verdictOfProof(line));
  // What came before stands, our own log goes on, and nothing more of that log is taken, from either branch.
  expect(line.node(0).record.readTo(peer.own.log)).toBe(held);
  peer.add(peer.message());
  await peer.send(held);
  expect(line.node(0).record.readTo(peer.own.log)).toBe(held);
  expect((await line.submit(0)).ok).toBe(true);
  await line.reopen(0);
  await line.node(0).join(peer.bearer, peer.party);
  await line.node(0).receive(peer.frame(common, other), peer.bearer);
  expect(kinds(line).filter((kind) => kind === "fork-found")).toHaveLength(1);
  expect((await line.submit(0)).ok).toBe(true);
});

/** Another history of the peer's log that ends with a FLASH. */
function flashBranch(peer: HandBuilt, common: number, count: number): readonly Built[] {
  const [built, own] = [[...peer.built], peer.own];
  const other = branch(peer, common, count);
  peer.built.splice(0, peer.built.length, ...other);
  let frontier = EMPTY_FRONTIER;
  for (const { leaf } of other) frontier = appendLeaf(suite, frontier, fromHex(leaf));
  peer.own = { ...own, frontier };
  peer.add(peer.message({ precedence: "FLASH" }));
  const whole = [...peer.built];
  peer.built.splice(0, peer.built.length, ...built);
  peer.own = own;
  return whole;
}

test("a place that was signed ahead of a gap can be neither moved nor dropped without a proven fork", async () => {
  const { line, peer, common } = await setting();
  const other = flashBranch(peer, common, 2);
  await line.node(0).receive(peer.ahead(other), peer.bearer);
  expect(line.node(0).ahead).toMatchObject([{ index: common + 2, leaf: other.at(-1)!.leaf }]);
  for (let i = 0; i < 4; i++) peer.add(peer.message());
  await peer.send(common);
  expect(kinds(line)).toContain("fork-found");
  expect(verdictOfProof(line)).toBe("leaf");
});

test("an entry ahead of a gap against what is stored, and against another one ahead", async () => {
  for (const stored of [true, false]) {
    const { line, peer, common } = await setting();
    const [first, second] = [flashBranch(peer, common, 2), flashBranch(peer, common, 2)];
    if (stored) {
      for (let i = 0; i < 4; i++) peer.add(peer.message());
      await peer.send(common);
    } else await line.node(0).receive(peer.ahead(first), peer.bearer);
    await line.node(0).receive(peer.ahead(second), peer.bearer);
    expect(kinds(line).filter((kind) => kind === "fork-found")).toHaveLength(1);
    expect(["leaf", "equal-size"]).toContain(verdictOfProof(line));
  }
});

test("an entry ahead of a gap whose place is not signed, that may not overtake, or comes without its body is a finding", async () => {
  const { line, peer, common } = await setting();
  const flash = flashBranch(peer, common, 2);
  const frame = decodeFrame(peer.ahead(flash));
  if (!frame.ok || frame.value.kind !== "ahead") throw new Error("no frame");
  const { value } = frame;
  const routine = branch(peer, common, 3);
  const node = line.node(0);
  await node.receive(encodeFrame({ ...value, checkpoint: { ...value.checkpoint, signature: new Uint8Array(64) } }), peer.bearer);
  await node.receive(encodeFrame({ ...value, proof: value.proof.slice(1) }), peer.bearer);
  await node.receive(encodeFrame({ ...value, disclosure: null }), peer.bearer);
  await node.receive(encodeFrame({ ...value, disclosure: new Uint8Array(40) }), peer.bearer);
  await node.receive(peer.ahead(routine), peer.bearer);
  expect(node.ahead).toEqual([]);
  const codes = (await node.options.store.findings(0, 20)).map(({ code }) => code);
  expect(codes).toEqual(["wrong-root", "wrong-root", "missing-disclosure", "wrong-disclosure", "malformed"]);
});

test("at most 64 wait ahead of a gap, and what comes when it has closed is no second entry", async () => {
  const { line, peer, common } = await setting();
  peer.add(peer.message());
  const frames: Uint8Array[] = [];
  for (let i = 0; i < 70; i++) {
    peer.add(peer.message({ precedence: "PRIORITY" }));
    frames.push(peer.ahead());
  }
  for (const frame of frames) await line.node(0).receive(frame, peer.bearer);
  expect(line.node(0).ahead).toHaveLength(64);
  await peer.send(common);
  expect(line.node(0).ahead).toEqual([]);
  await line.node(0).receive(frames[0]!, peer.bearer);
  expect(line.node(0).ahead).toEqual([]);
  expect(line.node(0).record.readTo(peer.own.log)).toBe(peer.built.length);
  expect(kinds(line)).not.toContain("fork-found");
});

test("a branch that leaves before what is sent is found by asking once for the whole log", async () => {
  const { line, peer, common } = await setting();
  const other = branch(peer, common, 4);
  peer.add(peer.message());
  peer.add(peer.message());
  await peer.send(common);
  peer.sent.length = 0;
  await line.node(0).receive(peer.frame(common + 2, other), peer.bearer);
  expect(kinds(line)).not.toContain("fork-found");
  const asked = peer.sent.flatMap((bytes) => {
    const frame = decodeFrame(bytes);
    return frame.ok && frame.value.kind === "have" ? [frame.value] : [];
  });
  expect(asked.at(-1)!.logs.find(({ log }) => log === peer.own.log)!.size).toBe(0);
  // A proof that merely fails proves nothing, and is not asked about again.
  peer.sent.length = 0;
  await line.node(0).receive(peer.frame(common + 2, other), peer.bearer);
  expect(peer.sent).toEqual([]);
  expect((await line.node(0).options.store.findings(0, 10)).map(({ code }) => code)).toEqual(["wrong-root"]);
  await line.node(0).receive(peer.frame(0, other), peer.bearer);
  expect(kinds(line)).toContain("fork-found");
});

test("different entries under a signature that is not over them prove nothing", async () => {
  const { line, peer, common } = await setting();
  const other = branch(peer, common, 2);
  peer.add(peer.message());
  peer.add(peer.message());
  await peer.send(common);
  const entries = other.slice(common).map(({ bytes, disclosure }) => ({ entry: bytes, disclosure }));
  const frame = encodeFrame({ kind: "entries", log: peer.own.log, from: common, entries, checkpoint: peer.checkpoint() });
  await line.node(0).receive(frame, peer.bearer);
  expect(kinds(line)).not.toContain("fork-found");
  await peer.send(common);
  peer.add(peer.message());
  await peer.send(common + 2);
  expect(line.node(0).record.readTo(peer.own.log)).toBe(common + 3);
});

test("the forker goes on in a new incarnation, with the keys it had", async () => {
  const { line, peer, common } = await setting();
  const other = branch(peer, common, 3);
  peer.add(peer.message());
  await peer.send(common);
  await line.node(0).receive(peer.frame(common, other), peer.bearer);
  // It closes the branch that this side does not have.
  const log = goOnAfter(line, peer, other);
  const { leaf } = peer.add(peer.message());
  await peer.send();
  const record = line.node(0).record;
  expect(record.byLeaf.get(leaf)?.header?.kind).toBe("message");
  expect(record.logs.get(line.node(0).own.log)!.named.get(log)?.size.at(-1)).toBe(2);
  expect(refusalsOf(line.players[0]!.disk, line.node(0).own.log)).toEqual([]);
  // Also after a start: what lies beyond the branch that is here is waited for no more than before.
  await line.reopen(0);
  expect(line.node(0).record.waiting).toBe(0);
  expect((await line.submit(0)).ok).toBe(true);
  expect(line.node(0).record.byLeaf.get(leaf)?.header?.kind).toBe("message");
});

test("what no head signs is vouched for by the log that closes it, also when that one comes first", async () => {
  const line = await Line.open({ nodes: 1 });
  const peer = new HandBuilt(line, 1);
  await line.node(0).join(peer.bearer, peer.party);
  peer.open();
  const old = { log: peer.own.log, built: [...peer.built] };
  const closed = { log: old.log, size: old.built.length, root: parseDigest(toHex(rootOf(suite, peer.own.frontier))) };
  const log = toHex(line.chance.bytes(8)) as typeof peer.own.log;
  peer.own = { log, frontier: EMPTY_FRONTIER, time: peer.own.time, control: null };
  peer.built.length = 0;
  const origin = originOfOwn(suite, line.accord, { party: peer.party, log, lineSecret: peer.secrets.keys.lineSecret });
  peer.add(peer.act({ kind: "restored", facts: { incarnation: log, origin, closed } }));
  await peer.send();
  const { record } = line.node(0);
  expect([record.readTo(log), record.waiting]).toEqual([0, 1]);
  const entries = old.built.map(({ bytes, disclosure }) => ({ entry: bytes, disclosure }));
  await line.node(0).receive(encodeFrame({ kind: "entries", log: old.log, from: 0, entries, checkpoint: null }), peer.bearer);
  expect([record.readTo(old.log), record.readTo(log), record.waiting]).toEqual([old.built.length, 1, 0]);
});

test("a log that nobody may open is not taken up: a stranger's, one restored from nowhere, one under another name", async () => {
  const { line, peer } = await setting();
  const have = () => line.node(0).record.logs.size;
  for (let i = 0; i < 50; i++) {
    const log = toHex(line.chance.bytes(8)) as typeof peer.own.log;
    const closed = { log: toHex(line.chance.bytes(8)) as typeof log, size: 3, root: parseDigest("a".repeat(64)) };
    const stranger = new HandBuilt(line, 1);
    stranger.own = { ...stranger.own, log };
    stranger.add(stranger.act({ kind: "restored", facts: { incarnation: log, origin: "a".repeat(32), closed } }));
    await line.node(0).receive(stranger.frame(), peer.bearer);
  }
  expect(have()).toBe(2);
  expect((await line.submit(0)).ok).toBe(true);
});

test("a log that closes an end nobody sends cannot keep us from placing acts", async () => {
  const { line, peer, common } = await setting();
  const other = branch(peer, common, 3);
  goOnAfter(line, peer, other);
  peer.add(peer.message());
  await peer.send();
  for (let i = 0; i < 3; i++) {
    line.wait(40);
    await line.node(0).tick();
    expect((await line.submit(0)).ok).toBe(true);
  }
  await line.reopen(0);
  expect((await line.submit(0)).ok).toBe(true);
});
