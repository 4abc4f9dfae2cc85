import { describe, expect, test } from "vitest";
import { type Draft } from "@openline/api";
import { formatTime, parseActId, parseUnixSeconds, secondsOf } from "@openline/core";
import { Node } from "@openline/node";
import { RECALL_SECONDS } from "../../src/drafts/leaving.ts";
import {
  line,
  api,
  client,
  served,
  open,
  kid,
  content,
  signature,
  waiting,
  problemOf,
  afterRecall,
  placedAs,
  size,
  eachAtTheirDesks,
} from "./desks.ts";

eachAtTheirDesks();

describe("recall", () => {
  const release = async (draft: Draft) =>
    client.releaseDraft("north", draft.draft, { version: draft.version, act: signature(draft, "releaser") });
  const recall = (number = 1) => client.recallDraft("north", number, { version: 1 });

  test.each([
    ["ROUTINE", "leaving"],
    ["PRIORITY", "leaving"],
    ["IMMEDIATE", "placed"],
    ["FLASH", "placed"],
  ] as const)("what is %s is %s when it has been released", async (precedence, state) => {
    const draft = await waiting("Words.", { precedence });
    expect((await release(draft)).state).toBe(state);
  });

  test("in the last second it is taken back, and nothing of it was ever placed; it waits again and can be released again", async () => {
    const draft = await waiting();
    const before = size();
    const { recallUntil } = await release(draft);
    expect(recallUntil).toBe(formatTime(parseUnixSeconds(secondsOf(line.now) + RECALL_SECONDS)));
    line.wait(RECALL_SECONDS);
    await served.drafts.sendDue();
    expect(await recall()).toMatchObject({ state: "waiting", released: null, recallUntil: null, signed: { kid: kid("watch") } });
    await afterRecall();
    expect(size()).toBe(before);
    await release(draft);
    await afterRecall();
    await placedAs(1);
    expect(size()).toBe(before + 1);
  });

  test("what was placed cannot be recalled, nor what nobody has let go of; while it leaves nothing else is done with it", async () => {
    const draft = await waiting();
    expect(await problemOf(recall())).toEqual([409, "draft-state"]);
    await release(draft);
    const more = content("Other words.", { actId: parseActId(draft.actId) });
    expect(await problemOf(client.saveDraft("north", 1, { base: 1, ...more }))).toEqual([409, "draft-state"]);
    expect(await problemOf(client.placeDraft("north", 1, { version: 1 }))).toEqual([409, "draft-state"]);
    expect(await problemOf(client.returnDraft("north", 1, { version: 1, remark: "No." }))).toEqual([409, "draft-state"]);
    expect(await problemOf(release(draft))).toEqual([409, "draft-state"]);
    await afterRecall();
    expect(await problemOf(recall())).toEqual([409, "draft-state"]);
    const flash = await waiting("Now.", { precedence: "FLASH" });
    await release(flash);
    expect(await problemOf(recall(2))).toEqual([409, "draft-state"]);
  });

  test("withdrawn while it leaves, it is never placed", async () => {
    const draft = await waiting();
    const before = size();
    await release(draft);
    await client.withdrawDraft("north", 1, { version: 1 });
    await afterRecall();
    expect([size(), (await client.draft("north", 1)).state]).toEqual([before, "withdrawn"]);
  });

  test("what may no longer be placed when its time has come is refused, says why, and waits again", async () => {
    const draft = await waiting("Soon.", { notAfter: parseUnixSeconds(secondsOf(line.now) + 5) });
    const before = size();
    await release(draft);
    await afterRecall();
    expect(size()).toBe(before);
    expect(await client.draft("north", 1)).toMatchObject({ state: "waiting", released: null, refusal: { code: "late-placed" } });
  });

  test("two rounds at once place it once", async () => {
    await release(await waiting());
    const before = size();
    line.wait(RECALL_SECONDS + 1);
    await Promise.all([served.drafts.sendDue(), served.drafts.sendDue()]);
    await served.drafts.sendDue();
    expect(size()).toBe(before + 1);
  });
});

describe("a process that ends", () => {
  /** The same folder in a new process. */
  async function again(): Promise<void> {
    await api.close();
    const player = line.players[0]!;
    const { MemoryStore } = await import("@openline/node");
    player.options = { ...player.options, store: new MemoryStore(player.disk) };
    player.node = await Node.open(player.options);
    open(player.node);
  }

  test("drafts, versions, remarks and signatures are there again", async () => {
    const draft = await waiting();
    await client.newDraft("north", content("Another."));
    await client.seeDraft("north", 1, { version: 1, kid: kid("minister") });
    await again();
    expect(await client.draft("north", 1)).toEqual({ ...draft, seen: [{ kid: kid("minister"), version: 1 }] });
    expect((await client.newDraft("north", content("A third."))).draft).toBe(3);
    await client.releaseDraft("north", 1, { version: 1, act: signature(draft, "releaser") });
  });

  test("what was released and not placed is shown as that, and is placed by whoever looks, once", async () => {
    const draft = await waiting("Now.", { precedence: "FLASH" });
    const { disk } = line.players[0]!;
    // The commit that says it was released succeeds; the one that would place it does not.
    disk.failCommit(2, "failed");
    expect(await problemOf(client.releaseDraft("north", 1, { version: 1, act: signature(draft, "releaser") }))).toEqual([503, "storage"]);
    await again();
    expect((await client.drafts("north", { state: "released" })).drafts.map((item) => item.draft)).toEqual([1]);
    const more = content("Too late.", { actId: parseActId(draft.actId) });
    expect(await problemOf(client.saveDraft("north", 1, { base: 1, ...more }))).toEqual([409, "draft-state"]);
    expect(await client.placeDraft("north", 1, { version: 1 })).toMatchObject({ state: "placed", placed: { log: "north" } });
    await placedAs(1);
  });

  test("what was leaving leaves after a start that comes soon, and can be recalled anew until then", async () => {
    const draft = await waiting();
    await client.releaseDraft("north", 1, { version: 1, act: signature(draft, "releaser") });
    line.wait(60);
    await again();
    await served.drafts.sendDue();
    const found = await client.draft("north", 1);
    expect(found).toMatchObject({ state: "leaving", recallUntil: formatTime(parseUnixSeconds(secondsOf(line.now) + RECALL_SECONDS)) });
    await afterRecall();
    await placedAs(1);
  });

  test("after half an hour it is not said by itself: whoever looks decides", async () => {
    const draft = await waiting();
    await client.releaseDraft("north", 1, { version: 1, act: signature(draft, "releaser") });
    line.wait(1800);
    await again();
    const before = size();
    await afterRecall();
    expect([size(), (await client.draft("north", 1)).state]).toEqual([before, "released"]);
    expect(await client.placeDraft("north", 1, { version: 1 })).toMatchObject({ state: "leaving" });
    expect(await client.recallDraft("north", 1, { version: 1 })).toMatchObject({ state: "waiting" });
  });

  test("what was placed although nobody was told is found to be placed", async () => {
    const draft = await waiting("Now.", { precedence: "FLASH" });
    const { disk } = line.players[0]!;
    // Released, placed; that it was placed is not noted any more.
    disk.failCommit(3, "failed");
    await client.releaseDraft("north", 1, { version: 1, act: signature(draft, "releaser") }).catch(() => undefined);
    await again();
    expect(await client.draft("north", 1)).toMatchObject({ state: "placed", placed: { log: "north" } });
  });
});
