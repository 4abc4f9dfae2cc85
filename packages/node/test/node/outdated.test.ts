import { expect, test } from "vitest";
import { type LeafHash, secondsOf } from "@openline/core";
import { nativeSuite as suite } from "@openline/node";
import { recordOf, snapshotOf } from "../../src/operate/status.ts";
import { HandBuilt } from "./hand-built.ts";
import { Line } from "./line.ts";

/** South refers to an entry of West that it holds ahead of a gap, which no honest node does: who has West's entry at once and who
 *  gets it later must say the same of it. */
interface Setting {
  readonly line: Line;
  readonly south: HandBuilt;
  readonly west: HandBuilt;
}

async function threeParties(): Promise<Setting> {
  const line = await Line.open({ parties: ["north", "south", "west"], nodes: 1, node: { receiptDelayMs: 0 } });
  await line.assign();
  const [south, west] = [new HandBuilt(line, 1), new HandBuilt(line, 2)];
  for (const peer of [south, west]) {
    peer.open();
    await line.node(0).join(peer.bearer, peer.party);
    await peer.send();
  }
  return { line, south, west };
}

/** South's reply reaches North, and what it replies to does not yet; returns the reply, and from where West's log is to come. */
async function refersAhead({ south, west }: Setting): Promise<{ readonly reply: LeafHash; readonly rest: number }> {
  const rest = west.built.length;
  west.add(west.message());
  const asked = west.add(west.message());
  const from = south.built.length;
  south.add(south.act({ kind: "beat" }), { ahead: [asked.leaf] });
  const reply = south.add(south.message({ kind: "acknowledge", refs: [asked.leaf] }));
  await south.send(from);
  return { reply: reply.leaf, rest };
}

test("what was judged without an entry that came later is judged anew, as by who reads the store", async () => {
  const setting = await threeParties();
  const { line, west } = setting;
  const { reply, rest } = await refersAhead(setting);
  const node = line.node(0);
  const hadEffect = (): boolean => node.record.byLeaf.get(reply)?.header !== undefined;
  expect(hadEffect()).toBe(false);
  await west.send(rest);
  expect(node.record.outdated).toBe(false);
  expect(hadEffect()).toBe(true);
  const read = recordOf(suite, await snapshotOf(node.options));
  expect(read.byLeaf.get(reply)?.header?.kind).toBe("acknowledge");
  // Its peers are still there, and it goes on in the same log.
  const own = node.own.log;
  line.wait(100);
  west.add(west.message());
  await west.send(west.built.length - 1);
  expect(node.own.log).toBe(own);
  expect(node.record.logs.get(own)!.named.get(west.own.log)?.size.at(-1)).toBe(west.built.length);
  expect(node.record.logs.get(own)!.times.at(-1)).toBe(secondsOf(line.now));
  expect((await line.submit(0)).ok).toBe(true);
  expect(line.oracle.wrong).toEqual([]);
});

test("not more than once a minute, however often a peer brings it about", async () => {
  const setting = await threeParties();
  const { line, west } = setting;
  const node = line.node(0);
  await west.send((await refersAhead(setting)).rest);
  const { record } = node;
  line.wait(59);
  const { reply, rest } = await refersAhead(setting);
  await west.send(rest);
  expect(node.record).toBe(record);
  expect(node.record.outdated).toBe(true);
  line.wait(1);
  await node.tick();
  expect(node.record.outdated).toBe(false);
  expect(node.record.byLeaf.get(reply)?.header?.kind).toBe("acknowledge");
});
