import { describe, expect, test } from "vitest";
import {
  type Cbor,
  type SaidLater,
  parseActId,
  parseChannelNumber,
  parseLeafHash,
  parsePostId,
  parseUnixSeconds,
  possessionMessage,
  prepareSaid,
  secondsOf,
  signAct,
} from "@openline/core";
import { nativeSuite } from "@openline/node";
import { handOf, submitDraft } from "../../src/operate/line-setup.ts";
import { message } from "../node/line.ts";
import {
  line,
  client,
  LEADERS,
  base64,
  bytes,
  seed,
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

test("a draft says what both sides will find of it: a notification, and an update together with what it updates", async () => {
  const { accord, party } = line.node(0).options;
  const by = { suite: nativeSuite, random: line.chance.bytes, line: accord.line, party: party.key, now: line.now, logTime: 0 };
  const form = { facts: { form: "live-training-short-notice" } };
  const contentOf = (said: Partial<SaidLater>, fields: ReadonlyMap<string, Cbor>): { payload: string; disclosure: string } => {
    const { payload, disclosure } = prepareSaid(by, { ...message(), ...form, ...said }, new Map([["fields", new Map(fields)]]));
    return { payload: base64(payload), disclosure: base64(disclosure!) };
  };
  const notice = contentOf({ kind: "notification" }, new Map<string, Cbor>([["aircraft-count", "many"]]));
  const { draft } = await client.newDraft("north", notice);
  const made = await client.draft("north", draft);
  expect(made.shown.completeness).toMatchObject({
    status: "incomplete",
    missing: ["area", "aircraft-type", "navigation-warning"],
    wrong: [{ key: "aircraft-count", code: "not-whole-number", expected: [] }],
  });
  const { accordDigest } = party;
  const hands = [{ ...handOf(nativeSuite, seed("watch")), role: "author" as const }];
  const placed = await client.submit("north", {
    act: base64(signAct(bytes(notice.payload), { accordDigest, time: secondsOf(line.now), hands })),
    disclosure: notice.disclosure,
  });
  const update = contentOf(
    { kind: "notification-update", refs: [parseLeafHash(placed.leaf)] },
    new Map<string, Cbor>([
      ["aircraft-count", 9],
      ["area", "north of 25N"],
    ]),
  );
  const second = await client.newDraft("north", update);
  expect((await client.draft("north", second.draft)).shown.completeness).toMatchObject({
    missing: ["aircraft-type", "navigation-warning"],
    wrong: [],
  });
  const other = await client.newDraft("north", content("No notification."));
  expect((await client.draft("north", other.draft)).shown.completeness).toBeNull();
});

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
