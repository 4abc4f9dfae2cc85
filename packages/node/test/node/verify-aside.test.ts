import { expect, test } from "vitest";
import { decodeAct, inUseNow } from "@openline/core";
import { type NodeOptions, nativeSuite as suite } from "@openline/node";
import { isStillGood, signedUnder } from "../../src/verify-aside.ts";
import { HandBuilt } from "./hand-built.ts";
import { Line } from "./line.ts";

const verifyAside: NonNullable<NodeOptions["verifyAside"]> = async (...question) => suite.verifyEd25519(...question);

async function setting(node: Partial<NodeOptions> = {}): Promise<{ readonly line: Line; readonly peer: HandBuilt }> {
  const line = await Line.open({ nodes: 1, node });
  await line.assign();
  const peer = new HandBuilt(line, 1);
  peer.open();
  await line.node(0).join(peer.bearer, peer.party);
  await peer.send();
  return { line, peer };
}

test("of a frame of many the good signatures are not checked again, and a bad one is refused", async () => {
  const asked = { aside: 0, here: 0 };
  const { line, peer } = await setting({
    verifyAside: (...question) => (asked.aside++, verifyAside(...question)),
    suite: { ...suite, verifyEd25519: (...question) => (asked.here++, suite.verifyEd25519(...question)) },
  });
  const from = peer.built.length;
  const built = [peer.message(), peer.message({}, { accordDigest: new Uint8Array(32) }), peer.message()].map((act) => peer.add(act));
  Object.assign(asked, { aside: 0, here: 0 });
  await peer.send(from);
  const { record } = line.node(0);
  expect(built.map(({ leaf }) => record.byLeaf.get(leaf)?.header !== undefined)).toEqual([true, false, true]);
  // The checkpoint, and the one that was not found good.
  expect(asked).toEqual({ aside: 3, here: 2 });
  Object.assign(asked, { aside: 0, here: 0 });
  peer.add(peer.message());
  await peer.send(from + 3);
  expect(asked).toEqual({ aside: 0, here: 2 });
});

test("what was found good under one accord, or for another place, is checked again", async () => {
  const { line, peer } = await setting();
  const { record } = line.node(0);
  const { log } = peer.own;
  const track = record.logs.get(log)!;
  const next = track.times.length;
  const act = decodeAct(peer.message().bytes);
  const under = await signedUnder({ verifyAside, record }, log, act);
  expect(isStillGood(record, log, next, under)).toBe(true);
  expect(isStillGood(record, log, next + 1, under)).toBe(false);
  const use = inUseNow(track);
  track.uses.push({ ...use, since: next - 1, party: { ...use.party, accordDigest: new Uint8Array(32) } });
  expect(isStillGood(record, log, next, under)).toBe(false);
  expect(await signedUnder({ verifyAside, record }, log, act)).toBe(undefined);
  expect(isStillGood(record, log, next, undefined)).toBe(false);
});
