import { expect, test } from "vitest";
import {
  type Digest,
  type LineId,
  type PartyKey,
  type RefusalCode,
  decode,
  encode,
  encodeEntry,
  kidOf,
  limits,
  parseActId,
  parseChannelNumber,
  parseLeafHash,
  parseLogId,
  parseLogIndex,
  parsePostId,
  parseUnixSeconds,
  secondsOf,
} from "@openline/core";
import { nativeSuite as suite } from "@openline/node";
import { recordOf, snapshotOf } from "../../src/operate/status.ts";
import { HandBuilt } from "./hand-built.ts";
import { Line, message, refusalsOf } from "./line.ts";

/** One rule broken at a time, by a peer that signs its own log with its own keys. */
interface Case {
  readonly code: RefusalCode;
  readonly name?: string;
  readonly breaks: (peer: HandBuilt, line: Line) => void;
}

const ids = (text: string, bytes: number) => text.repeat(bytes * 2).slice(0, bytes * 2);

const cases: readonly Case[] = [
  { code: "wrong-line", breaks: (peer) => peer.add(peer.message({}, { draft: { line: ids("a", 16) as LineId } })) },
  { code: "wrong-party", breaks: (peer) => peer.add(peer.message({}, { draft: { party: ids("b", 8) as PartyKey } })) },
  { code: "wrong-index", breaks: (peer) => peer.add(peer.message(), { index: parseLogIndex(99) }) },
  { code: "wrong-chain", breaks: (peer) => peer.add(peer.message(), { control: { index: parseLogIndex(0), leaf: peer.built[0]!.leaf } }) },
  {
    code: "wrong-head",
    breaks: (peer, line) =>
      peer.add(peer.message(), { heads: [{ log: line.accord.parties[0]!.incarnation, size: 1, root: ids("c", 32) as Digest }] }),
  },
  { code: "unknown-key", breaks: (peer) => peer.add(peer.message({}, { hands: [peer.hand(peer.line.chance.bytes(32))] })) },
  {
    code: "revoked-key",
    breaks: (peer) => {
      peer.add(peer.act({ kind: "key-revoke", facts: { kid: kidOf(suite, suite.ed25519Public(peer.secrets.watch.get("minister")!)) } }));
      peer.add(peer.message({ from: parsePostId("minister") }));
    },
  },
  { code: "weak-key", breaks: (peer) => inVain(peer, peer.enrol(peer.line.chance.bytes(32), "watch", { key: new Uint8Array(32) })) },
  {
    code: "key-not-possessed",
    breaks: (peer) => inVain(peer, peer.enrol(peer.line.chance.bytes(32), "watch", { possession: new Uint8Array(64) })),
  },
  { code: "reused-key", breaks: (peer) => inVain(peer, peer.enrol(peer.secrets.watch.get("watch")!, "minister")) },
  { code: "wrong-signature", breaks: (peer) => peer.add(peer.message({}, { accordDigest: new Uint8Array(32) })) },
  { code: "not-authorised", breaks: (peer) => peer.add(peer.message({}, { hands: [peer.watch("minister")] })) },
  { code: "two-persons-required", breaks: (peer) => peer.add(peer.message({ channel: parseChannelNumber(2) })) },
  { code: "future-dated", breaks: (peer, line) => peer.add(peer.message(), { time: parseUnixSeconds(secondsOf(line.now) + 61) }) },
  { code: "time-goes-back", breaks: (peer, line) => peer.add(peer.message(), { time: parseUnixSeconds(secondsOf(line.now) - 1) }) },
  {
    code: "late-placed",
    breaks: (peer, line) => peer.add(peer.message({}, { draft: { notAfter: parseUnixSeconds(secondsOf(line.now) - 1) } })),
  },
  {
    code: "replayed",
    breaks: (peer) => {
      const draft = { actId: parseActId(ids("d", 16)) };
      peer.add(peer.message({}, { draft }));
      peer.add(peer.message({}, { draft }));
    },
  },
  {
    code: "bad-facts",
    name: "a required fact is missing",
    breaks: (peer) => peer.add(peer.message({ kind: "holding-reply", refs: [peer.built[0]!.leaf] })),
  },
  { code: "bad-facts", name: "a fact of another kind", breaks: (peer) => peer.add(peer.message({ facts: { codeWord: "x" } })) },
  { code: "unknown-reference", breaks: (peer) => peer.add(peer.message({ refs: [parseLeafHash(ids("e", 32))] })) },
  {
    code: "wrong-reference",
    breaks: (peer) => peer.add(peer.message({ kind: "conditions-report", refs: [peer.built[0]!.leaf] })),
  },
  {
    code: "bad-body",
    breaks: (peer) => peer.add(peer.message({}, { body: new Map([["no-such-word", 1]]) })),
  },
  {
    code: "bad-body",
    name: "hidden characters",
    breaks: (peer) => peer.add(peer.message({}, { body: new Map([["text", new Map([["en", "a\u202eb"]])]]) })),
  },
  { code: "not-in-force", breaks: (peer) => peer.add(peer.message({ channel: parseChannelNumber(3) })) },
  { code: "unknown-channel", breaks: (peer) => peer.add(peer.message({ channel: parseChannelNumber(9) })) },
  { code: "unknown-post", breaks: (peer) => peer.add(peer.message({ to: ["nobody"] })) },
  {
    code: "over-rate",
    breaks: (peer) => {
      for (let i = 0; i < 4; i++) peer.add(peer.message({ precedence: "FLASH" }));
    },
  },
  { code: "truncated", breaks: (peer) => peer.raw(encode([1, 2]).slice(0, 2)) },
  { code: "non-canonical", breaks: (peer) => peer.raw(Uint8Array.of(0x18, 0x01)) },
  { code: "malformed", breaks: (peer) => peer.raw(encode(["no entry"])) },
  {
    code: "unsorted",
    breaks: (peer) => peer.raw(encodeEntry(Uint8Array.of(0xa2, 0x02, 0x00, 0x01, 0x00), placementOf(peer))),
  },
  { code: "unsupported-version", breaks: (peer) => peer.raw(encodeEntry(changedHeader(peer, 1, 2), placementOf(peer))) },
];

/** A control act without effect is no link of the chain. */
function inVain(peer: HandBuilt, act: ReturnType<HandBuilt["act"]>): void {
  const { control } = peer.own;
  peer.add(act);
  peer.own = { ...peer.own, control };
}

const placementOf = (peer: HandBuilt) => ({
  index: parseLogIndex(peer.own.frontier.size),
  time: secondsOf(peer.line.now),
  heads: [],
  ahead: [],
  control: peer.own.control,
});

/** An act with one header field changed; its signature no longer fits, which nobody comes to check. */
function changedHeader(peer: HandBuilt, field: number, value: number): Uint8Array {
  const [empty, map, payload, releases] = decode(peer.act(message()).bytes) as [Uint8Array, Map<number, number>, Uint8Array, []];
  const header = new Map(decode(payload) as Map<number, never>);
  header.set(field, value as never);
  return encode([empty, map, encode(header), releases]);
}

async function setting(node = {}): Promise<{ line: Line; peer: HandBuilt }> {
  const line = await Line.open({ nodes: 1, node: { receiptDelayMs: 0, ...node } });
  await line.assign();
  const peer = new HandBuilt(line, 1);
  peer.open();
  await line.node(0).join(peer.bearer, peer.party);
  await peer.send();
  return { line, peer };
}

test.each(cases.map((item) => [`${item.code}${item.name === undefined ? "" : `: ${item.name}`}`, item] as const))(
  "%s",
  async (_, { code, breaks }) => {
    const { line, peer } = await setting();
    const from = peer.built.length;
    breaks(peer, line);
    const bad = peer.built.at(-1)!;
    await peer.send(from);
    const own = line.node(0).own.log;
    const refusals = () => refusalsOf(line.players[0]!.disk, own);
    expect(refusals()).toEqual([{ code, leaf: bad.leaf }]);
    // It is held all the same, and what comes after it has its effect.
    const after = peer.built.length;
    line.wait(100);
    const good = peer.add(peer.message());
    await peer.send(after);
    const record = line.node(0).record;
    expect(record.byLeaf.get(good.leaf)?.header?.kind).toBe("message");
    expect(record.logs.get(own)!.named.get(peer.own.log)?.size.at(-1)).toBe(peer.built.length);
    expect(refusals()).toHaveLength(1);
    // A restart changes nothing of it, and says nothing again.
    const hadEffect = record.byLeaf.get(bad.leaf)?.header !== undefined;
    expect(hadEffect).toBe(code === "future-dated" || code === "bad-body");
    await line.reopen(0);
    expect(line.node(0).record.byLeaf.get(bad.leaf)?.header !== undefined).toBe(hadEffect);
    // Nor is it taken for more by who reads the store beside the node.
    const read = recordOf(suite, await snapshotOf(line.node(0).options));
    expect(read.byLeaf.get(bad.leaf)?.header !== undefined).toBe(hadEffect);
    expect(refusals()).toHaveLength(1);
    expect(line.oracle.wrong).toEqual([]);
  },
);

test("an unknown kind is held and shown, and nobody complains of it", async () => {
  const { line, peer } = await setting();
  const from = peer.built.length;
  const strange = peer.raw(encodeEntry(changedHeader(peer, 5, 9999), placementOf(peer)));
  await peer.send(from);
  const own = line.node(0).own.log;
  expect(refusalsOf(line.players[0]!.disk, own)).toEqual([]);
  expect(line.node(0).record.logs.get(own)!.named.get(peer.own.log)?.size.at(-1)).toBe(peer.built.length);
  expect(line.players[0]!.disk.leaves.get(strange.leaf)?.refusal).toBe("unknown-kind");
});

test("keys of other lines: another mode is foreign, the same mode reused; it is this node's evidence alone", async () => {
  const seeds = [new Uint8Array(32).fill(7), new Uint8Array(32).fill(8)];
  const kid = (i: number) => kidOf(suite, suite.ed25519Public(seeds[i]!));
  const enrolled = new Map([
    [kid(0), "exercise" as const],
    [kid(1), "live" as const],
  ]);
  const { line, peer } = await setting({ enrolled });
  const from = peer.built.length;
  const leaves = seeds.map((seed) => peer.add(peer.enrol(seed, "watch")).leaf);
  await peer.send(from);
  expect(refusalsOf(line.players[0]!.disk, line.node(0).own.log)).toEqual([
    { code: "foreign-mode", leaf: leaves[0] },
    { code: "reused-key", leaf: leaves[1] },
  ]);
  expect(line.node(0).record.byLeaf.get(leaves[0]!)?.header?.kind).toBe("post-assign");
  // Our own people are told before anything is placed.
  const ours = new HandBuilt(line, 0);
  const result = await line.node(0).submit(ours.enrol(seeds[0]!, "watch").bytes);
  expect(result).toMatchObject({ ok: false, refusal: { code: "foreign-mode" } });
});

test("what is no frame, or no entry that can be kept, is a finding and changes nothing", async () => {
  const { line, peer } = await setting();
  const node = line.node(0);
  const size = peer.built.length;
  const codes = async () => (await node.options.store.findings(0, 100)).map((item) => item.code);
  const found = async (frame: Uint8Array) => {
    const before = (await codes()).length;
    await node.receive(frame, peer.bearer);
    return (await codes()).slice(before);
  };
  expect(await found(new Uint8Array(limits.frameBytesMax + 1))).toEqual(["oversized"]);
  expect(await found(peer.frame().slice(0, -1))).toEqual(["truncated"]);
  expect(await found(Uint8Array.of(0x18, 0x01))).toEqual(["non-canonical"]);
  expect(await found(encode([9, 9]))).toEqual(["malformed"]);
  expect(await found(encode([9, 9])), "the same again is kept once").toEqual([]);
  // A checkpoint over other entries.
  const other = peer.message();
  const wrong = encodeEntry(other.bytes, placementOf(peer));
  peer.add(peer.message());
  const checkpoint = peer.checkpoint();
  const frame = (entry: Uint8Array) => rawFrame(peer.own.log, size, entry, checkpoint);
  expect(await found(frame(wrong))).toEqual(["wrong-root"]);
  expect(await found(frame(new Uint8Array(limits.entryBytesMax + 1)))).toEqual(["oversized"]);
  expect(await found(rawFrame(parseLogId(ids("9", 8)), 0, peer.built[0]!.bytes, checkpoint))).toEqual(["unknown-log"]);
  expect(node.record.readTo(peer.own.log)).toBe(size);
  await peer.send(size);
  expect(node.record.readTo(peer.own.log)).toBe(size + 1);
  expect(refusalsOf(line.players[0]!.disk, node.own.log)).toEqual([]);
});

function rawFrame(log: string, from: number, entry: Uint8Array, checkpoint: ReturnType<HandBuilt["checkpoint"]>): Uint8Array {
  const { incarnation, size, signature } = checkpoint;
  return encode([2, Buffer.from(log, "hex"), from, [[entry, null]], [Buffer.from(incarnation, "hex"), from === 0 ? 1 : size, signature]]);
}
