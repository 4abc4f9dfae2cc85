import { expect, test } from "vitest";
import { type Body, type Cbor, type LeafHash, type Said, notificationFinding, notificationNow, openDisclosure } from "@openline/core";
import { nativeSuite } from "@openline/node";
import { handOf, submitDraft } from "../../src/operate/line-setup.ts";
import { connected } from "./connected.ts";
import { type Line, message } from "./line.ts";

/** Both sides see one notification, whatever came first. */
const form = "live-training-short-notice";

async function notify(line: Line, position: number, said: Partial<Said>, fields: Readonly<Record<string, Cbor>>): Promise<LeafHash> {
  const { node, secrets } = line.players[position]!;
  const hands = [{ ...handOf(nativeSuite, secrets.watch.get("watch")!), role: "author" as const }];
  const placed = await submitDraft(node, message(said), hands, new Map([["fields", new Map(Object.entries(fields))]]));
  if (!placed.ok) throw new Error(placed.refusal.code);
  return placed.value.leaf;
}

/** What one side's running node says of it now. */
function seen(line: Line, position: number, leaf: LeafHash): unknown {
  const { node, disk } = line.players[position]!;
  const words = (of: string): Body | undefined => {
    const act = node.record.byLeaf.get(of as LeafHash);
    const disclosure = act === undefined ? undefined : disk.disclosure(act.log.id, act.index);
    if (act?.header?.body === undefined || !(disclosure instanceof Uint8Array)) return undefined;
    const opened = openDisclosure({ suite: nativeSuite, commitment: act.header.body, disclosure, kind: act.header.kind });
    return opened.ok ? opened.value : undefined;
  };
  const notification = node.record.byLeaf.get(leaf);
  if (notification?.header === undefined || !("placement" in notification)) throw new Error("not here");
  const context = { at: Number.MAX_SAFE_INTEGER, words };
  const { fields, updates } = notificationNow(node.record, notification, context);
  return { fields: [...fields], updates: updates.length, missing: notificationFinding(node.record, notification, context).missing };
}

test("only its author updates a notification, and both sides see the same whichever update came first", async () => {
  const line = await connected();
  const said = { kind: "notification", facts: { form } } as const;
  const leaf = await notify(line, 0, said, { area: "north of 25 N", "aircraft-count": 12 });
  await line.settle();
  const update = { kind: "notification-update", facts: { form }, refs: [leaf] } as const;
  await notify(line, 1, update, { area: "", "aircraft-count": 40 });
  await notify(line, 0, update, { "aircraft-count": 9 });
  await line.settle(10);
  const [ours, theirs] = [seen(line, 0, leaf), seen(line, 1, leaf)];
  expect(ours).toMatchObject({ updates: 1, missing: expect.not.arrayContaining(["area"]) });
  expect(ours).toMatchObject({
    fields: [
      ["area", "north of 25 N"],
      ["aircraft-count", 9],
    ],
  });
  expect(theirs).toEqual(ours);
});
