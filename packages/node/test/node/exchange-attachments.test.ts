import { expect, test } from "vitest";
import { type Digest, attachmentsWord, encodeFrame, limits, openDisclosure, parseDigest } from "@openline/core";
import { nativeSuite } from "@openline/node";
import { handOf, submitDraft } from "../../src/operate/line-setup.ts";
import { expectEqual } from "./connected.ts";
import { decoded, narrow, settle } from "./exchange-here.ts";
import { Line, entriesOf, message, seeded } from "./line.ts";

/** A message with an attachment, its bytes from a seed. */
async function attached(
  line: Line,
  size: number,
  precedence: "ROUTINE" | "FLASH" = "ROUTINE",
): Promise<{ bytes: Uint8Array; object: Digest }> {
  const bytes = seeded(size).bytes(size);
  const kept = await line.node(0).attach(bytes);
  if (!kept.ok) throw new Error(kept.refusal.detail);
  const { object } = kept.value;
  const attachments = attachmentsWord([{ object, size, media: "application/pdf", name: "note.pdf" }]);
  const { node, secrets } = line.players[0]!;
  const hand = { ...handOf(nativeSuite, secrets.watch.get("watch")!), role: "author" as const };
  expect((await submitDraft(node, message({ precedence }), [hand], new Map([["attachments", attachments]]))).ok).toBe(true);
  return { bytes, object };
}

const heldObjects = (line: Line, position: number): readonly string[] =>
  entriesOf(line.players[position]!.disk, line.node(position).own.log).flatMap((item) => {
    const { disclosure } = line.players[position]!.disk.withDisclosure(item);
    const header = item.read.ok ? item.read.value.act.header : undefined;
    if (header?.kind !== "beat" || header.body === undefined || disclosure === undefined) return [];
    const body = openDisclosure({ suite: nativeSuite, commitment: header.body, disclosure, kind: "beat" });
    const objects = body.ok ? body.value.get("objects") : undefined;
    return objects instanceof Map ? [...objects.keys()].map(String) : [];
  });

test("an attachment comes in ranges behind everything else, over losses and restarts, and a beat says that it is held", async () => {
  const { line, pipe } = await narrow();
  let seen = 0;
  pipe.loses = (frame) => decoded([frame])[0]?.kind === "part" && ++seen % 9 === 0;
  const { bytes, object } = await attached(line, 8000);
  for (let i = 0; i < 90; i++) {
    await pipe.carry(0, 2);
    await pipe.carry(1, 2);
  }
  expect(await line.node(1).attachment(object)).toBeUndefined();
  const before = (await line.node(1).options.store.object(object))!.ranges.length;
  expect(before).toBeGreaterThan(0);
  // What is said meanwhile does not wait for it.
  await line.submit(0, {}, "Meanwhile.");
  for (let i = 0; i < 20; i++) await pipe.carry(0);
  expect(line.node(1).record.readTo(line.node(0).own.log)).toBe(line.node(0).own.frontier.size);
  expect(await line.node(1).attachment(object)).toBeUndefined();
  await line.reopen(1);
  await line.node(1).join(pipe.bearers[1], line.accord.parties[0]!);
  await settle(line, pipe);
  expect(await line.node(1).attachment(object)).toEqual(bytes);
  expect(heldObjects(line, 1)).toEqual([object]);
  await line.reopen(1);
  await line.node(1).tick();
  expect(heldObjects(line, 1)).toEqual([object]);
  expectEqual(line);
});

test("an attachment of our own is here before it is named, and none is too small or too large", async () => {
  const line = await Line.open({ nodes: 1 });
  await line.assign();
  const node = line.node(0);
  expect(await node.attach(new Uint8Array(0))).toMatchObject({ refusal: { code: "malformed" } });
  expect(await node.attach(new Uint8Array(limits.objectBytesMax + 1))).toMatchObject({ refusal: { code: "oversized" } });
  const kept = await node.attach(new Uint8Array(600_000));
  expect(await node.attach(new Uint8Array(600_000))).toEqual(kept);
  if (!kept.ok) throw new Error("refused");
  const { object, size } = kept.value;
  const hand = { ...handOf(nativeSuite, line.players[0]!.secrets.watch.get("watch")!), role: "author" as const };
  const say = (item: { object: Digest; size: number }) =>
    submitDraft(node, message(), [hand], new Map([["attachments", attachmentsWord([{ ...item, media: "image/png", name: "map.png" }])]]));
  expect(await say({ object: parseDigest("1".repeat(64)), size })).toMatchObject({ refusal: { code: "bad-body" } });
  expect(await say({ object, size: size - 1 })).toMatchObject({ refusal: { code: "bad-body" } });
  expect((await say({ object, size })).ok).toBe(true);
});

test("parts that nobody waits for, of another size or with other bytes are kept out", async () => {
  const { line, pipe } = await narrow({ mtu: 100_000, window: 100_000 });
  pipe.loses = (frame) => decoded([frame])[0]?.kind === "part";
  const { bytes, object } = await attached(line, 3000);
  await settle(line, pipe);
  const node = line.node(1);
  const send = (size: number, offset: number, part: Uint8Array) =>
    node.receive(encodeFrame({ kind: "part", object, size, offset, bytes: part }), pipe.bearers[1]);
  await send(4000, 0, bytes.slice(0, 100));
  expect((await node.options.store.object(object))!.ranges).toEqual([]);
  await send(3000, 0, bytes.slice(0, 2000));
  await send(3000, 1000, bytes.slice(1000, 2500));
  await send(3000, 2500, new Uint8Array(500));
  expect(await node.attachment(object)).toBeUndefined();
  expect((await node.options.store.object(object))!.ranges).toEqual([]);
  expect((await node.options.store.findings(0, 9)).map(({ code }) => code)).toEqual(["malformed", "malformed"]);
  pipe.loses = () => false;
  await settle(line, pipe);
  expect(await node.attachment(object)).toEqual(bytes);
});

test("an attachment beyond what a party may take of our disk is not fetched, and that is a finding", async () => {
  const line = await Line.open({ node: { receiptDelayMs: 0, peerBytes: 100_000 } });
  await line.assign();
  await line.connect();
  await line.settle();
  const { object } = await attached(line, 200_000);
  await line.settle();
  expect(await line.node(1).options.store.object(object)).toBeUndefined();
  expect((await line.node(1).options.store.findings(0, 9)).map(({ code }) => code)).toEqual(["oversized"]);
  expect(line.node(1).record.readTo(line.node(0).own.log)).toBe(line.node(0).own.frontier.size);
});
