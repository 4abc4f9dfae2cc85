import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ApiProblem, type Draft, NodeClient } from "@openline/api";
import {
  type Kid,
  type Role,
  formatTime,
  kidOf,
  parseActId,
  parseChannelNumber,
  parsePostId,
  parseUnixSeconds,
  possessionMessage,
  secondsOf,
  signAct,
} from "@openline/core";
import { Node, nativeSuite } from "@openline/node";
import { type Api, apiOf } from "../../src/http/api.ts";
import { type SaidLater, prepareSaid } from "@openline/core";
import { handOf, submitDraft } from "../../src/operate/line-setup.ts";
import { RECALL_SECONDS } from "../../src/drafts/leaving.ts";
import type { ServedLine } from "../../src/http/served.ts";
import { servedHere } from "./served-here.ts";
import { Line, message } from "../node/line.ts";

/** Two real nodes. People of north write, sign and release, each with a key of their own and nothing but the API. */
let line: Line;
let api: Api;
let client: NodeClient;
let served: ServedLine;

const LEADERS = parseChannelNumber(2);

const open = (node: Node): void => {
  served = servedHere(node);
  api = apiOf({ lines: [served] });
  client = new NodeClient(async ({ method, path, body }) => {
    const payload = body === undefined ? {} : { payload: Buffer.from(body), headers: { "content-type": "application/json" } };
    const reply = await api.inject({ method, url: path, ...payload });
    return { status: reply.statusCode, body: reply.body };
  });
};

beforeEach(async () => {
  line = await Line.open();
  await line.connect();
  await line.settle();
  await line.assign();
  await line.settle();
  open(line.node(0));
});
afterEach(() => api.close());

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64url"));
const seed = (post: "watch" | "minister"): Uint8Array => line.players[0]!.secrets.watch.get(post)!;
const kid = (post: "watch" | "minister"): Kid => kidOf(nativeSuite, nativeSuite.ed25519Public(seed(post)));

/** What a person's own machine makes of what they typed. */
function content(text: string, said: Partial<SaidLater> = {}): { payload: string; disclosure: string } {
  const { accord, party } = line.node(0).options;
  const by = { suite: nativeSuite, random: line.chance.bytes, line: accord.line, party: party.key, now: line.now, logTime: 0 };
  const whole = { ...message(), channel: LEADERS, ...said };
  const { payload, disclosure } = prepareSaid(by, whole, new Map([["text", new Map([["en", text]])]]));
  return { payload: base64(payload), disclosure: base64(disclosure!) };
}

/** A person signs exactly the bytes that they were shown. */
function signature({ shown }: Draft, role: Role, key: Uint8Array = seed(role === "author" ? "watch" : "minister")): string {
  const { accordDigest } = line.node(0).options.party;
  const hands = [{ ...handOf(nativeSuite, key), role }];
  return base64(signAct(bytes(shown.payload), { accordDigest, time: secondsOf(line.now), hands }));
}

async function waiting(text = "Release me.", said: Partial<SaidLater> = {}): Promise<Draft> {
  const { draft } = await client.newDraft("north", content(text, said));
  const made = await client.draft("north", draft);
  await client.signDraft("north", draft, { version: made.version, act: signature(made, "author") });
  return client.draft("north", draft);
}

async function problemOf(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiProblem)) throw new Error(`a problem expected, not ${String(error)}`);
  return [error.status, error.problem.code];
}

/** The time for a recall is over, and the node is told so. */
async function afterRecall(): Promise<void> {
  line.wait(RECALL_SECONDS + 1);
  await served.drafts.sendDue();
}

async function placedAs(number: number): Promise<{ readonly log: string; readonly index: number; readonly leaf: string }> {
  const { state, placed } = await client.draft("north", number);
  expect(state).toBe("placed");
  return placed!;
}

const size = (): number => line.node(0).own.frontier.size;

describe("two people at two desks", () => {
  test("one writes and signs, the other reads the same bytes, signs and they are placed", async () => {
    const draft = await waiting("Two of us say this.");
    expect(draft).toMatchObject({ state: "waiting", kind: "message", channel: "leaders", twoPersons: true, signed: { kid: kid("watch") } });
    expect(draft.shown.digest).toBe(draft.digest);
    expect((await client.drafts("north", { state: "waiting" })).drafts.map((item) => item.draft)).toEqual([1]);
    const before = size();
    const released = await client.releaseDraft("north", 1, { version: 1, act: signature(draft, "releaser") });
    expect([released.state, size()]).toEqual(["leaving", before]);
    await afterRecall();
    const placed = await placedAs(1);
    expect(size()).toBe(before + 1);
    const entry = await client.entry("north", placed);
    expect(entry).toMatchObject({ body: { text: { en: "Two of us say this." } }, readBackCode: draft.shown.readBackCode });
    expect(entry["signatures" as keyof typeof entry]).toMatchObject([{ role: "author" }, { role: "releaser", kid: kid("minister") }]);
    expect((await client.drafts("north")).drafts).toEqual([]);
    await line.settle();
    expect((await line.node(1).options.store.byLeaf(placed.leaf as never))?.leaf).toBe(placed.leaf);
  });

  test("what was returned says why, and waits again when its author has written it anew", async () => {
    await waiting();
    const returned = await client.returnDraft("north", 1, { version: 1, remark: "Say when." });
    expect(returned).toMatchObject({ state: "returned", signed: null, remark: { version: 1, text: "Say when." } });
    const again = await client.draft("north", 1);
    const saved = await client.saveDraft("north", 1, { base: 1, ...content("At noon.", { actId: parseActId(again.actId) }) });
    expect(saved).toMatchObject({ state: "writing", version: 2 });
    const second = await client.draft("north", 1);
    await client.signDraft("north", 1, { version: 2, act: signature(second, "author") });
    await client.seeDraft("north", 1, { version: 1, kid: kid("minister") });
    expect((await client.draft("north", 1)).seen).toEqual([{ kid: kid("minister"), version: 1 }]);
    expect(await problemOf(client.releaseDraft("north", 1, { version: 1, act: signature(again, "releaser") }))).toEqual([
      409,
      "draft-behind",
    ]);
    await client.releaseDraft("north", 1, { version: 2, act: signature(second, "releaser") });
  });

  test("where the accord asks for one person, its author places it alone", async () => {
    const draft = await waiting("One of us says this.", { channel: parseChannelNumber(1) });
    expect(draft.twoPersons).toBe(false);
    expect(await client.placeDraft("north", 1, { version: 1 })).toMatchObject({ state: "leaving", released: null });
    await afterRecall();
    expect(await client.draft("north", 1)).toMatchObject({ state: "placed", recallUntil: null, released: null });
  });

  test("who is to release it is told that the other side has suspended the channel, and in which words", async () => {
    const ground = new Map([["ground", new Map([["en", "Because."]])]]);
    const { node, secrets } = line.players[1]!;
    const hands = [
      { ...handOf(nativeSuite, secrets.watch.get("watch")!), role: "author" as const },
      { ...handOf(nativeSuite, secrets.watch.get("minister")!), role: "releaser" as const },
    ];
    expect((await submitDraft(node, { kind: "suspend", channel: LEADERS, from: parsePostId("watch") }, hands, ground)).ok).toBe(true);
    await line.settle();
    const draft = await waiting();
    expect(draft.channelState).toMatchObject({
      verdict: "suspended",
      standing: { value: "suspended", by: ["south"], ground: { south: { en: "Because." } } },
    });
    await client.releaseDraft("north", 1, { version: 1, act: signature(draft, "releaser") });
  });
});

describe("nobody releases what they drafted", () => {
  test("not with the key that signed it", async () => {
    const draft = await waiting();
    const before = size();
    const act = signature(draft, "releaser", seed("watch"));
    expect(await problemOf(client.releaseDraft("north", 1, { version: 1, act }))).toEqual([422, "two-persons-required"]);
    expect(await client.draft("north", 1)).toMatchObject({ state: "waiting" });
    expect(size()).toBe(before);
  });

  test("not with another key of the same person, also where the channel asks for one", async () => {
    const { node, secrets } = line.players[0]!;
    const mine = line.chance.bytes(32);
    const key = nativeSuite.ed25519Public(mine);
    const { person } = node.record.logs.get(node.own.log)!.ring.keys.get(kid("watch"))!;
    const { accord, party } = node.options;
    const possession = nativeSuite.signEd25519(mine, possessionMessage(accord.line, party.key, key));
    const facts = { key, posts: ["minister"], person: person as never, possession };
    const hand = { ...handOf(nativeSuite, secrets.directory[0]!), role: "author" as const };
    expect((await submitDraft(node, { kind: "post-assign", facts }, [hand])).ok).toBe(true);
    for (const channel of [LEADERS, parseChannelNumber(1)]) {
      const draft = await waiting("Mine.", { channel });
      const act = signature(draft, "releaser", mine);
      expect(await problemOf(client.releaseDraft("north", draft.draft, { version: 1, act }))).toEqual([422, "two-persons-required"]);
    }
  });

  test("not by calling himself its author, nor with both signatures at once, nor by placing it", async () => {
    const draft = await waiting();
    const both = signAct(bytes(draft.shown.payload), {
      accordDigest: line.node(0).options.party.accordDigest,
      time: secondsOf(line.now),
      hands: [
        { ...handOf(nativeSuite, seed("watch")), role: "author" },
        { ...handOf(nativeSuite, seed("minister")), role: "releaser" },
      ],
    });
    const release = (act: string) => problemOf(client.releaseDraft("north", 1, { version: 1, act }));
    expect(await release(base64(both))).toEqual([422, "malformed"]);
    expect(await release(signature(draft, "author", seed("minister")))).toEqual([422, "two-persons-required"]);
    expect(await problemOf(client.placeDraft("north", 1, { version: 1 }))).toEqual([422, "two-persons-required"]);
    expect(await client.draft("north", 1)).toMatchObject({ state: "waiting" });
  });

  test("a signature for other bytes releases nothing, neither the author's nor the releaser's", async () => {
    const { draft } = await client.newDraft("north", content("These words."));
    const made = await client.draft("north", draft);
    const other = { ...made, shown: { ...made.shown, payload: content("Those words.").payload } };
    expect(await problemOf(client.signDraft("north", 1, { version: 1, act: signature(other, "author") }))).toEqual([
      422,
      "wrong-signature",
    ]);
    await client.signDraft("north", 1, { version: 1, act: signature(made, "author") });
    const changed = bytes(made.shown.payload);
    changed[changed.length - 1]! ^= 1;
    const flipped = { ...made, shown: { ...made.shown, payload: base64(changed) } };
    const before = size();
    for (const wrong of [other, flipped])
      expect(await problemOf(client.releaseDraft("north", 1, { version: 1, act: signature(wrong, "releaser") }))).toEqual([
        422,
        "wrong-signature",
      ]);
    expect(size()).toBe(before);
  });

  test("a stranger's key, a key that is no post's, a post on whose behalf it was not given", async () => {
    const { draft } = await client.newDraft("north", content("Words."));
    const made = await client.draft("north", draft);
    const sign = (key: Uint8Array) => problemOf(client.signDraft("north", 1, { version: 1, act: signature(made, "author", key) }));
    expect(await sign(line.chance.bytes(32))).toEqual([422, "unknown-key"]);
    expect(await sign(line.players[0]!.secrets.directory[0]!)).toEqual([422, "not-authorised"]);
    expect(await sign(seed("minister"))).toEqual([422, "not-authorised"]);
  });
});

describe("time", () => {
  test("what has waited beyond the time that its author gave it cannot be released, nor signed", async () => {
    const notAfter = parseUnixSeconds(secondsOf(line.now) + 100);
    const draft = await waiting("Soon.", { notAfter });
    const { draft: unsigned } = await client.newDraft("north", content("Later.", { notAfter }));
    line.wait(101);
    expect((await client.draft("north", 1)).late).toBe(true);
    expect(await problemOf(client.releaseDraft("north", 1, { version: 1, act: signature(draft, "releaser") }))).toEqual([
      422,
      "late-placed",
    ]);
    const second = await client.draft("north", unsigned);
    expect(await problemOf(client.signDraft("north", unsigned, { version: 1, act: signature(second, "author") }))).toEqual([
      422,
      "late-placed",
    ]);
  });
});

describe("versions", () => {
  test("what was made from a version that no longer stands is refused, and both are kept to look at", async () => {
    const { draft, actId } = await client.newDraft("north", content("One."));
    const more = (text: string) => content(text, { actId: parseActId(actId) });
    await client.saveDraft("north", draft, { base: 1, ...more("Two, at one desk.") });
    const error = await client.saveDraft("north", draft, { base: 1, ...more("Two, at another desk.") }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 409, problem: { code: "draft-behind", version: 2, kept: 3 } });
    const one = await client.draft("north", draft);
    expect(one.versions.map(({ version, base, beside }) => [version, base, beside])).toEqual([
      [1, 0, false],
      [2, 1, false],
      [3, 1, true],
    ]);
    const kept = await client.draft("north", draft, { version: 3 });
    expect(Buffer.from(bytes(kept.shown.disclosure!)).toString()).toContain("at another desk");
    expect(kept.version).toBe(2);
    expect(await problemOf(client.signDraft("north", draft, { version: 3, act: signature(kept, "author") }))).toEqual([
      409,
      "draft-behind",
    ]);
    expect((await client.saveDraft("north", draft, { base: 2, ...more("Both.") })).version).toBe(4);
  });

  test("the same bytes again are the same version; a version written over a signed one takes the signature away", async () => {
    const draft = await waiting();
    const more = content("Other words.", { actId: parseActId(draft.actId) });
    expect(await client.saveDraft("north", 1, { base: 1, ...more })).toMatchObject({ version: 2, state: "writing", signed: null });
    expect(await client.saveDraft("north", 1, { base: 1, ...more })).toMatchObject({ version: 2 });
    expect(await problemOf(client.releaseDraft("north", 1, { version: 2, act: signature(draft, "releaser") }))).toEqual([
      409,
      "draft-state",
    ]);
  });

  test("only so many are kept; the one that stands always is", async () => {
    const { draft, actId } = await client.newDraft("north", content("0"));
    for (let base = 1; base <= 205; base++)
      await client.saveDraft("north", draft, { base, ...content(String(base), { actId: parseActId(actId) }) });
    const one = await client.draft("north", draft);
    expect(one.versions.length).toBe(200);
    expect([one.versions[0]?.version, one.version]).toEqual([7, 206]);
    expect(await problemOf(client.draft("north", draft, { version: 1 }))).toEqual([404, "not-found"]);
  });

  test("what is not yet fit to be signed is kept all the same, and says why", async () => {
    const { draft } = await client.newDraft("north", content("A \u202e trick."));
    const one = await client.draft("north", draft);
    expect(one.shown.problem).toMatchObject({ code: "bad-body" });
    expect(await problemOf(client.signDraft("north", draft, { version: 1, act: signature(one, "author") }))).toEqual([422, "bad-body"]);
  });

  test("what cannot be a draft of ours is refused", async () => {
    const made = content("Words.");
    const create = (more: object) => problemOf(client.newDraft("north", { ...made, ...more }));
    expect(await create({ payload: "AA" })).toEqual([422, "malformed"]);
    expect(await create({ payload: "AB=" })).toEqual([400, "bad-request"]);
    expect(await create({ disclosure: content("Others.").disclosure })).toEqual([422, "wrong-disclosure"]);
    expect(await problemOf(client.newDraft("north", { payload: made.payload }))).toEqual([422, "missing-disclosure"]);
    expect(await create(content("Words.", { line: "00".repeat(16) } as never))).toEqual([422, "wrong-line"]);
    expect(await create(content("Words.", { party: "00".repeat(8) } as never))).toEqual([422, "wrong-party"]);
    const assign = { kind: "post-assign", facts: { kid: kid("watch") } } as never;
    expect(await create(content("Words.", assign))).toMatchObject([422, expect.stringMatching(/not-authorised|malformed|bad-facts/)]);
    const { draft } = await client.newDraft("north", made);
    expect(await problemOf(client.saveDraft("north", draft, { base: 1, ...content("Another act.") }))).toEqual([422, "malformed"]);
    // A client that got no answer asks again.
    expect((await client.newDraft("north", made)).draft).toBe(draft);
    const { actId } = await client.draft("north", draft);
    expect(await create(content("Other words.", { actId: parseActId(actId) }))).toEqual([422, "replayed"]);
    expect(await problemOf(client.draft("north", 9))).toEqual([404, "not-found"]);
    expect(await problemOf(client.withdrawDraft("north", 9, { version: 1 }))).toEqual([404, "not-found"]);
  });
});

describe("the end of a draft", () => {
  test("what was withdrawn or placed takes no step any more", async () => {
    const draft = await waiting();
    expect(await client.withdrawDraft("north", 1, { version: 1 })).toMatchObject({ state: "withdrawn" });
    expect(await problemOf(client.releaseDraft("north", 1, { version: 1, act: signature(draft, "releaser") }))).toEqual([
      409,
      "draft-state",
    ]);
    const next = await waiting();
    await client.releaseDraft("north", 2, { version: 1, act: signature(next, "releaser") });
    await afterRecall();
    expect(await problemOf(client.returnDraft("north", 2, { version: 1, remark: "No." }))).toEqual([409, "draft-state"]);
    expect(await problemOf(client.placeDraft("north", 2, { version: 1 }))).toEqual([409, "draft-state"]);
    expect((await client.drafts("north", { state: "withdrawn" })).drafts.map((item) => item.draft)).toEqual([1]);
  });

  test("a remark that hides something is refused, and nothing is returned", async () => {
    await waiting();
    expect(await problemOf(client.returnDraft("north", 1, { version: 1, remark: "A \u202e trick." }))).toEqual([422, "bad-body"]);
    expect((await client.draft("north", 1)).state).toBe("waiting");
  });

  test("what was refused when it was to be placed waits again", async () => {
    const flash = async () => waiting("Now.", { precedence: "FLASH" });
    for (let i = 1; i <= 3; i++) {
      const draft = await flash();
      await client.releaseDraft("north", i, { version: 1, act: signature(draft, "releaser") });
    }
    const draft = await flash();
    expect(await problemOf(client.releaseDraft("north", 4, { version: 1, act: signature(draft, "releaser") }))).toEqual([422, "over-rate"]);
    expect(await client.draft("north", 4)).toMatchObject({ state: "waiting", released: null });
  });
});

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
