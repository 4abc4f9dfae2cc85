import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ApiProblem, NodeClient, pagesOf } from "@openline/api";
import {
  type Cbor,
  formatTime,
  fromHex,
  olderState,
  parseChannelNumber,
  parseLeafHash,
  parseLineId,
  parsePartyKey,
  parsePostId,
  parseTime,
  parseUnixSeconds,
  secondsOf,
} from "@openline/core";
import { nativeSuite } from "@openline/node";
import { verifyPack } from "@openline/verify";
import { type Api, apiOf } from "../../src/http/api.ts";
import { composeAct } from "@openline/core";
import { handOf } from "../../src/operate/line-setup.ts";
import { cutAt, snapshotOf, statusOf } from "../../src/operate/status.ts";
import type { Store } from "../../src/store/store.ts";
import { servedHere } from "./served-here.ts";
import { Line } from "../node/line.ts";

/** Two real nodes; the API of each, asked without a socket. */
let line: Line;
let apis: Api[];
let clients: NodeClient[];

beforeEach(async () => {
  line = await Line.open();
  await line.connect();
  await line.settle();
  await line.assign();
  await line.settle();
  apis = line.players.map(({ node }) => apiOf({ lines: [servedHere(node)] }));
  clients = apis.map(
    (api) =>
      new NodeClient(async ({ method, path, body }) => {
        const reply = await api.inject({
          method,
          url: path,
          ...(body === undefined ? {} : { payload: Buffer.from(body), headers: { "content-type": typeOf(body) } }),
        });
        return { status: reply.statusCode, body: reply.body };
      }),
  );
});
afterEach(async () => {
  for (const api of apis) await api.close();
});

const typeOf = (body: string | Uint8Array): string => (typeof body === "string" ? "application/json" : "application/octet-stream");

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

/** What a person's own machine does: asks what an act must say, signs it with the post's key, and hands it in. */
async function say(position: number, said: Partial<Parameters<typeof composeAct>[1]> = {}, text = "A message.", attachments?: Cbor) {
  const client = clients[position]!;
  const { secrets } = line.players[position]!;
  const signing = await client.signing(secrets.id);
  const { act, disclosure } = composeAct(
    {
      suite: nativeSuite,
      random: line.chance.bytes,
      line: parseLineId(signing.line),
      party: parsePartyKey(signing.partyKey),
      accordDigest: fromHex(signing.accordDigest),
      now: line.now,
      logTime: 0,
    },
    { kind: "message", channel: parseChannelNumber(1), precedence: "FLASH", from: parsePostId("watch"), ...said },
    [{ ...handOf(nativeSuite, secrets.watch.get("watch")!), role: "author" }],
    new Map([["text", new Map([["en", text]])], ...(attachments === undefined ? [] : [["attachments", attachments] as const])]),
  );
  return client.submit(secrets.id, { act: base64(act), ...(disclosure === undefined ? {} : { disclosure: base64(disclosure) }) });
}

async function problemOf(promise: Promise<unknown>): Promise<{ status: number; code: string }> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiProblem)) throw new Error(`a problem expected, not ${String(error)}`);
  return { status: error.status, code: error.problem.code };
}

test("a peer whose clock the two logs contradict by more than a minute is named, and nothing of it is lost", async () => {
  const clocks = async () => (await clients[0]!.bearers("north")).clocks;
  expect(await clocks()).toEqual([{ peer: "south", offset: 0, beyond: false }]);
  line.wait(600);
  await say(0);
  const right = line.now;
  // South takes what we placed ten minutes on, and speaks by a clock that does not know of them.
  line.wait(-600);
  await line.deliver();
  const placed = await say(1);
  await line.deliver();
  line.now = right;
  await line.settle(1);
  const [south] = await clocks();
  expect(south).toMatchObject({ peer: "south", beyond: true });
  expect(south?.offset).toBeLessThan(-60);
  expect(await clients[0]!.entry("north", placed)).toMatchObject({ leaf: placed.leaf, refusal: null });
});

describe("attachments", () => {
  const picture = Buffer.from("<script>alert(1)</script> and some more bytes");

  test("what one side attaches is handed over as bytes by the other side's node, once it is whole there", async () => {
    const { object, size } = await clients[0]!.attach("north", picture);
    expect(size).toBe(picture.length);
    expect(await clients[0]!.attach("north", picture)).toEqual({ object, size });
    const get = (position: number, name: string) =>
      apis[position]!.inject({ url: `/api/v1/lines/${line.players[position]!.secrets.id}/attachments/${name}` });
    expect((await get(1, object)).statusCode).toBe(404);
    await say(0, {}, "With a picture.", [[fromHex(object), size, "image/png", "picture.png"]]);
    await line.settle();
    const reply = await get(1, object);
    expect(reply.statusCode).toBe(200);
    expect(reply.rawPayload.equals(picture)).toBe(true);
    expect(reply.headers).toMatchObject({
      "content-type": "application/octet-stream",
      "content-disposition": "attachment",
      "x-content-type-options": "nosniff",
    });
    expect((await get(1, "00".repeat(32))).statusCode).toBe(404);
    expect((await get(1, "..%2F..%2Fnode.keys")).statusCode).toBe(400);
  });

  test("nothing, too much, and what comes as something else are refused", async () => {
    expect(await problemOf(clients[0]!.attach("north", new Uint8Array()))).toEqual({ status: 422, code: "malformed" });
    expect(await problemOf(clients[0]!.attach("north", new Uint8Array(33_554_433)))).toEqual({ status: 413, code: "bad-request" });
    const text = await apis[0]!.inject({
      method: "POST",
      url: "/api/v1/lines/north/attachments",
      payload: `{"a":1}`,
      headers: { "content-type": "application/json" },
    });
    expect(text.statusCode).toBe(400);
    const act = say(0, {}, "Names what is not here.", [[new Uint8Array(32), 5, "image/png", "none.png"]]);
    expect(await problemOf(act)).toEqual({ status: 422, code: "bad-body" });
  });
});

describe("history", () => {
  /** A message that is late, acknowledged later, and a channel that is suspended and resumed. */
  async function days(): Promise<{ readonly from: string; readonly until: string; readonly from0: number; readonly until0: number }> {
    const from = secondsOf(line.now);
    const first = await say(0);
    await line.settle();
    line.wait(1200);
    await line.settle();
    await say(1, { kind: "acknowledge", precedence: "ROUTINE", refs: [parseLeafHash(first.leaf)] }, "Seen, late.");
    await line.settle();
    line.wait(3600);
    await line.settle();
    await say(1, { kind: "suspend", precedence: "ROUTINE" }, "Until further notice.");
    await line.settle();
    line.wait(200_000);
    await line.settle();
    await say(1, { kind: "resume", precedence: "ROUTINE" }, "Again.");
    await line.settle();
    line.wait(600);
    await line.settle();
    const until = secondsOf(line.now);
    return { from: formatTime(from), until: formatTime(until), from0: from, until0: until };
  }

  test("steps say of every instant what the states of that instant say, in pages of any length", async () => {
    const { from, until, from0, until0 } = await days();
    const client = clients[0]!;
    const steps = await client.wholeHistory("north", { from, until });
    const verdicts = steps.flatMap(({ channels }) => channels.filter(({ id }) => id === "main").map(({ verdict }) => verdict));
    expect(verdicts).toEqual(expect.arrayContaining(["unanswered", "suspended"]));
    expect(steps.flatMap(({ said }) => said.map(({ kind }) => kind))).toEqual(["message", "acknowledge", "suspend", "resume"]);
    for (let at = from0; at <= until0; at += 977) {
      const states = await client.states("north", { at: formatTime(parseUnixSeconds(at)) });
      for (const { validUntil: _until, reach: _reach, closed: _closed, ...state } of states.channels) {
        const past = steps.filter((step) => step.at <= states.at).flatMap(({ channels }) => channels.filter(({ id }) => id === state.id));
        expect(olderState(past.at(-1)!, at)).toEqual(state);
      }
    }
    const pages = await pagesOf(({ cursor }) =>
      client.history("north", { from, until, limit: 2, ...(cursor === undefined ? {} : { cursor }) }),
    );
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.flatMap((page) => page.steps.map(({ at }) => at))).toEqual(steps.map(({ at }) => at));
    for (const page of pages) expect(page.steps[0]?.channels).toHaveLength(3);
  });

  test("as known then, an instant says what the entries placed by it said", async () => {
    const { from, until } = await days();
    const snapshot = await snapshotOf(line.node(1).options);
    const past = new Map<string, unknown>();
    for (const { at, channels } of await clients[1]!.wholeHistory("south", { from, until, known: "then" })) {
      for (const channel of channels) past.set(channel.id, channel);
      const then = statusOf(nativeSuite, cutAt(snapshot, parseTime(at)), parseTime(at));
      for (const { id, verdict, reasons, evidence } of then.channels) expect(past.get(id)).toMatchObject({ verdict, reasons, evidence });
    }
    expect(past.size).toBe(3);
  });

  test("a range that ends before it begins, and a cursor of another range, are refused", async () => {
    const asked = (query: { from: string; until: string; cursor?: string }) => problemOf(clients[0]!.history("north", query));
    const range = { from: "2023-01-01T00:00:00Z", until: "2023-01-02T00:00:00Z" };
    expect(await asked({ from: range.until, until: range.from })).toEqual({ status: 400, code: "bad-request" });
    expect(await asked({ ...range, cursor: "99" })).toEqual({ status: 400, code: "bad-request" });
    expect(await asked({ ...range, cursor: "x" })).toEqual({ status: 400, code: "bad-request" });
  });
});

describe("evidence", () => {
  const pack = (entries: string) => apis[0]!.inject({ url: `/api/v1/lines/north/evidence?entry=${encodeURIComponent(entries)}` });

  test("a pack of two entries verifies offline, and one changed byte does not", async () => {
    const first = await say(0);
    await line.settle();
    const second = await say(1, { kind: "acknowledge", precedence: "ROUTINE", refs: [parseLeafHash(first.leaf)] }, "Seen.");
    await line.settle();
    const reply = await pack(`${first.log}:${first.index},${second.log}:${second.index}`);
    expect([reply.statusCode, reply.headers["content-type"]]).toEqual([200, "application/octet-stream"]);
    expect(reply.headers["content-disposition"]).toContain("attachment");
    const bytes = new Uint8Array(reply.rawPayload);
    const report = verifyPack(nativeSuite, bytes);
    expect(report.ok).toBe(true);
    const changed = bytes.map((byte, i) => (i === bytes.length - 200 ? byte ^ 1 : byte));
    expect(verifyPack(nativeSuite, changed).ok).toBe(false);
  });

  test("an entry that is not here, or is named otherwise, has no pack", async () => {
    expect((await pack("north:9999")).statusCode).toBe(404);
    expect((await pack("west:0")).statusCode).toBe(404);
    expect((await pack("../north:0")).statusCode).toBe(400);
    expect((await pack(Array.from({ length: 51 }, () => "north:0").join(","))).statusCode).toBe(400);
  });
});

describe("acts", () => {
  test("a signed act is placed, reaches the other side, and is owed an acknowledgement there until it has one", async () => {
    const placed = await say(0);
    expect(placed.log).toBe("north");
    await line.settle();
    const inbox = await clients[1]!.inbox("south");
    expect(inbox.items.map(({ entry, owed }) => [entry.leaf, owed.map(({ clock, overdue }) => [clock, overdue])])).toEqual([
      [placed.leaf, [["acknowledgement", false]]],
    ]);
    expect(inbox.items[0]?.entry).toMatchObject({ kind: "message", precedence: "FLASH", body: { text: { en: "A message." } } });
    const { store } = line.node(1).options;
    const stored = await store.byLeaf(placed.leaf as Parameters<typeof store.byLeaf>[0]);
    await say(1, { kind: "acknowledge", precedence: "ROUTINE", refs: [stored!.leaf] }, "Seen.");
    await line.settle();
    expect((await clients[1]!.inbox("south")).items).toEqual([]);
    expect((await clients[1]!.inbox("south", { all: true })).items.map(({ entry }) => entry.leaf)).toEqual([placed.leaf]);
    const shown = await clients[0]!.entry("north", placed);
    expect(shown).toMatchObject({ acknowledged: expect.any(String), answered: null, held: [{ by: "south" }] });
    expect(shown).toMatchObject({ acknowledgement: { log: "south", kind: "acknowledge", by: "south", post: "watch" }, answer: null });
  });

  test("a test waits in the inbox of the other side until it is answered there, or another one follows, and shows its answer", async () => {
    const test = { kind: "test", precedence: "ROUTINE", facts: {} } as const;
    await say(0, test, "First.");
    const called = await say(0, test, "Second.");
    await line.settle();
    const waiting = async () =>
      (await clients[1]!.wholeInbox("south")).items.map(({ entry, owed, testWaits }) => [entry.leaf, owed, testWaits]);
    expect(await waiting()).toEqual([[called.leaf, [], true]]);
    expect((await clients[0]!.wholeInbox("north")).items).toEqual([]);
    const { store } = line.node(1).options;
    const stored = await store.byLeaf(called.leaf as Parameters<typeof store.byLeaf>[0]);
    const answer = await say(1, { kind: "test-answer", precedence: "ROUTINE", refs: [stored!.leaf], facts: {} }, "Five.");
    expect(await waiting()).toEqual([]);
    await line.settle();
    expect(await waiting()).toEqual([]);
    const shown = await clients[0]!.entry("north", called);
    expect(shown).toMatchObject({ held: [{ by: "south" }], answer: { log: "south", index: answer.index, kind: "test-answer" } });
  });

  test("both sides see who owes what, in pages, and it rings only where somebody must acknowledge", async () => {
    const first = await say(0);
    const second = await say(0, {}, "Another.");
    await line.settle();
    const seen = async (position: number) => {
      const { debts } = await clients[position]!.allDebts(line.players[position]!.secrets.id);
      return debts.map(({ clock, by, overdue, rings, entry }) => [entry.leaf, clock, by, overdue, rings]);
    };
    expect(await seen(1)).toEqual([first, second].map(({ leaf }) => [leaf, "acknowledgement", "south", false, "arrived"]));
    expect(await seen(0)).toEqual([first, second].map(({ leaf }) => [leaf, "acknowledgement", "south", false, null]));
    const page = await clients[1]!.debts("south", { limit: 1 });
    expect(page.debts.map(({ entry }) => entry.leaf)).toEqual([first.leaf]);
    await say(1, { kind: "acknowledge", precedence: "ROUTINE", refs: [parseLeafHash(first.leaf)] }, "Seen.");
    await line.settle();
    const rest = await clients[1]!.debts("south", { limit: 1, cursor: page.next! });
    expect([rest.debts.map(({ entry }) => entry.leaf), rest.next]).toEqual([[second.leaf], null]);
    expect((await seen(0)).map(([leaf]) => leaf)).toEqual([second.leaf]);
    expect(await problemOf(clients[1]!.debts("south", { cursor: "1.2" }))).toEqual({ status: 400, code: "bad-request" });
  });

  test.each([
    ["an act signed for another party", { party: "ffffffffffffffff", line: undefined }, "wrong-party"],
    ["an act of another line", { party: undefined, line: "00".repeat(16) }, "wrong-line"],
  ])("%s is refused with its code and nothing is placed", async (_, wrong, code) => {
    const { secrets } = line.players[0]!;
    const signing = await clients[0]!.signing("north");
    const { act, disclosure } = composeAct(
      {
        suite: nativeSuite,
        random: line.chance.bytes,
        line: parseLineId(wrong.line ?? signing.line),
        party: parsePartyKey(wrong.party ?? signing.partyKey),
        accordDigest: fromHex(signing.accordDigest),
        now: line.now,
        logTime: 0,
      },
      { kind: "note", from: parsePostId("watch") },
      [{ ...handOf(nativeSuite, secrets.watch.get("watch")!), role: "author" }],
      new Map([["text", new Map([["en", "A note."]])]]),
    );
    const before = line.node(0).own.frontier.size;
    expect(await problemOf(clients[0]!.submit("north", { act: base64(act), disclosure: base64(disclosure!) }))).toEqual({
      status: 422,
      code,
    });
    expect(line.node(0).own.frontier.size).toBe(before);
  });

  test("what is not base64url in its one form, not JSON, of another shape or too long is a bad request", async () => {
    expect(await problemOf(clients[0]!.submit("north", { act: "AB=" }))).toEqual({ status: 400, code: "bad-request" });
    // Two texts would give the same byte.
    expect(await problemOf(clients[0]!.submit("north", { act: "AB" }))).toEqual({ status: 400, code: "bad-request" });
    expect(await problemOf(clients[0]!.submit("north", { act: "A".repeat(5_000_000) }))).toEqual({ status: 413, code: "bad-request" });
    const raw = async (payload: string) =>
      apis[0]!.inject({ method: "POST", url: "/api/v1/lines/north/acts", payload, headers: { "content-type": "application/json" } });
    expect((await raw("{")).statusCode).toBe(400);
    expect((await raw(`{"act":"AA","more":1}`)).statusCode).toBe(400);
    expect((await raw(`{"act":"AA"}`)).json()).toMatchObject({ code: expect.stringMatching(/truncated|malformed|non-canonical/) });
  });
});

describe("reading", () => {
  test("both sides compute equal states over equal cuts", async () => {
    await say(0);
    await line.settle();
    const at = formatTime(secondsOf(line.now));
    const [north, south] = await Promise.all([clients[0]!.states("north", { at }), clients[1]!.states("south", { at })]);
    expect(north.cut).toEqual(south.cut);
    expect(north.channels).toEqual(south.channels);
    expect(north.readings).toEqual(south.readings);
    expect(Object.keys(north.cut)).toEqual(["north", "south"]);
  });

  test("pages of entries go on where the one before ended, newest first, though entries are added in between", async () => {
    for (const text of ["one", "two", "three", "four", "five"]) {
      await say(0, { precedence: "ROUTINE" }, text);
      line.wait(1);
    }
    const first = await clients[0]!.entries("north", { kind: "message", limit: 2 });
    await say(0, { precedence: "ROUTINE" }, "six");
    const second = await clients[0]!.entries("north", { kind: "message", limit: 2, cursor: first.next! });
    const third = await clients[0]!.entries("north", { kind: "message", limit: 2, cursor: second.next! });
    const texts = [first, second, third].map(({ entries }) =>
      entries.map((entry) => (entry as unknown as { body: { text: { en: string } } }).body.text.en),
    );
    expect(texts).toEqual([["five", "four"], ["three", "two"], ["one"]]);
    expect(third.next).toBeNull();
  });

  test("an inbox comes in pages that go on after what has meanwhile been acknowledged, and the client joins them", async () => {
    for (const text of ["one", "two", "three"]) await say(0, {}, text);
    await line.settle();
    const textsOf = (items: readonly { entry: unknown }[]) =>
      items.map(({ entry }) => (entry as { body: { text: { en: string } } }).body.text.en);
    const first = await clients[1]!.inbox("south", { limit: 1 });
    const stored = await line.node(1).options.store.byLeaf(first.items[0]!.entry.leaf as Parameters<Store["byLeaf"]>[0]);
    await say(1, { kind: "acknowledge", precedence: "ROUTINE", refs: [stored!.leaf] }, "Seen.");
    await line.settle();
    const second = await clients[1]!.inbox("south", { cursor: first.next!, limit: 1 });
    const third = await clients[1]!.inbox("south", { cursor: second.next!, limit: 1 });
    expect([first, second, third].map(({ items }) => textsOf(items))).toEqual([["one"], ["two"], ["three"]]);
    expect(third.next).toBeNull();
    expect(textsOf((await clients[1]!.wholeInbox("south")).items)).toEqual(["two", "three"]);
    expect(textsOf((await clients[1]!.inbox("south", { all: true })).items)).toEqual(["two", "three", "one"]);
    expect(await problemOf(clients[1]!.inbox("south", { cursor: "1.2" }))).toEqual({ status: 400, code: "bad-request" });
    expect(await problemOf(clients[1]!.lines({ limit: 201 }))).toEqual({ status: 400, code: "bad-request" });
  });

  test("a line, log, entry, time, cursor or route that is not there is said to be not there", async () => {
    expect(await problemOf(clients[0]!.states("west"))).toEqual({ status: 404, code: "not-found" });
    expect(await problemOf(clients[0]!.entry("north", { log: "west", index: 0 }))).toEqual({ status: 404, code: "not-found" });
    expect(await problemOf(clients[0]!.entry("north", { log: "north", index: 999 }))).toEqual({ status: 404, code: "not-found" });
    expect(await problemOf(clients[0]!.states("north", { at: "2023-13-40T00:00:00Z" }))).toEqual({ status: 400, code: "bad-request" });
    expect(await problemOf(clients[0]!.entries("north", { cursor: "../../etc" }))).toEqual({ status: 400, code: "bad-request" });
    expect((await apis[0]!.inject({ method: "GET", url: "/nothing" })).json()).toEqual({ code: "not-found", detail: "no such route" });
  });

  test("lines are listed with their channels, parties and posts", async () => {
    const { lines } = await clients[0]!.lines();
    expect(lines).toMatchObject([{ party: "north", mode: "live", parties: [{ id: "north" }, { id: "south" }] }]);
    expect((await clients[0]!.states(lines[0]!.line)).party).toBe("north");
  });
});
