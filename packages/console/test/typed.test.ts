import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiProblem, type Unsent } from "@openline/api";
import { formatTime, parseUnixMillis } from "@openline/core";
import { UnsentTexts } from "../../node/src/drafts/unsent-texts.ts";
import { MemoryStore } from "../../node/src/store/memory.ts";
import { type LocalCopies, type LocalCopy, isBeside, isGone, isOthers } from "../src/typed/copies.ts";
import { TypedDesk } from "../src/typed/typed-desk.ts";
import type { TypedText } from "../src/typed/typed-text.ts";
import type { TypedView } from "../src/typed/typed-view.ts";

/** Two consoles of one post at one node: what the node keeps is the node's own program; its answers can fail to come. */
let texts: UnsentTexts;
let reached: boolean;
/** Consoles are told of saves. */
let heard: boolean;
let saves: number;
let reads: number;
const desks: TypedDesk[] = [];

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-27T14:00:00Z") });
  texts = textsAt(new MemoryStore());
  reached = true;
  heard = false;
  saves = 0;
  reads = 0;
});
afterEach(() => {
  for (const desk of desks.splice(0)) desk.stop();
  vi.useRealTimers();
});

const textsAt = (store: MemoryStore): UnsentTexts =>
  new UnsentTexts(store, { now: () => parseUnixMillis(Date.now()) }, () => {
    for (const { post, field, version } of texts.changedSince(texts.changes - 1))
      if (post === "watch" && heard) for (const desk of desks) desk.told({ field, version });
  });

const answer = <T>(value: Promise<T>): Promise<T> => (reached ? value : Promise.reject(new TypeError("failed to fetch")));
const shown = async (field: string): Promise<Unsent> => {
  const { version, saved, text } = await texts.get({ post: "watch", field });
  return { post: "watch", field, version, saved: saved === null ? null : formatTime(saved), text };
};
const client = {
  allUnsent: async () =>
    (await answer(texts.all())).map(({ post, field, version, saved }) => ({ post, field, version, saved: formatTime(saved) })),
  unsent: (_line: string, { field }: { readonly field: string }) => {
    reads++;
    return answer(shown(field));
  },
  keepUnsent: async (_line: string, at: { readonly post: string; readonly field: string }, kept: { base: number; text: string }) => {
    await answer(Promise.resolve());
    saves++;
    const done = await texts.keep(at, kept.base, kept.text);
    if (!done.ok) throw new ApiProblem(409, { code: done.refusal.code, detail: done.refusal.detail });
    return shown(at.field);
  },
};

/** What a browser keeps, which a reload leaves there. `full`: it keeps nothing more. */
class Browser implements LocalCopies {
  readonly kept: Map<string, LocalCopy> = new Map();
  full = false;
  names = async (): Promise<readonly string[]> => [...this.kept.keys()];
  read = async (name: string): Promise<LocalCopy | undefined> => this.kept.get(name);
  write = async (name: string, copy: LocalCopy, known: ReadonlySet<string>): Promise<LocalCopy | undefined> => {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    const there = this.kept.get(name);
    const beside = `beside ${name}\n${copy.writer}`;
    const others = there !== undefined && isOthers(there, known);
    if (others && isBeside(copy)) this.kept.set(beside, copy);
    else this.kept.delete(beside);
    if (others) return there;
    if (isGone(copy)) this.kept.delete(name);
    else this.kept.set(name, copy);
    return undefined;
  };
  beside = async (name: string): Promise<readonly LocalCopy[]> =>
    [...this.kept].filter(([item]) => item.startsWith(`beside ${name}\n`)).map(([, copy]) => copy);
  drop = async (name: string, writer: string): Promise<void> => void this.kept.delete(`beside ${name}\n${writer}`);
}

/** As a page that is gone left it. */
const before = (text: string): LocalCopy => ({ text, base: 0, clean: false, writer: "a page before" });

async function consoleOf(browser = new Browser()): Promise<TypedText> {
  const desk = new TypedDesk({ client, copies: browser, line: "line", post: "watch" });
  desks.push(desk);
  await desk.open();
  const field = desk.field("send en");
  await pass(0);
  return field;
}
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const at = (field: TypedText): [string, unknown] => [field.view.text, field.view.kept?.at];
const both = ({ view }: { readonly view: TypedView }): [string, string | undefined] => [view.text, view.other?.text];

test("kept here with every key, at the node a second after the last one, and no later than five while somebody goes on", async () => {
  const field = await consoleOf();
  expect(at(field)).toEqual(["", undefined]);
  field.set("a");
  await pass(0);
  expect(at(field)).toEqual(["a", "here"]);
  await pass(999);
  expect(saves).toBe(0);
  await pass(1);
  expect(field.view).toMatchObject({ text: "a", kept: { at: "node", saved: "2026-11-27T14:00:01Z" } });
  for (let i = 0; i < 12; i++) {
    field.set(`a${i}`);
    await pass(500);
  }
  expect([saves, (await shown("send en")).text]).toEqual([2, "a9"]);
  await pass(1000);
  expect([...at(field), saves]).toEqual(["a11", "node", 3]);
  await pass(60_000);
  expect(saves).toBe(3);
});

test("looking again asks for what has changed, and for nothing else", async () => {
  const field = await consoleOf();
  for (let i = 0; i < 50; i++) desks[0]!.field(`reply south:${i}`);
  field.set("mine");
  await pass(1000);
  const asked = reads;
  await desks[0]!.refresh();
  await pass(0);
  expect(reads).toBe(asked);
  await texts.keep({ post: "watch", field: "reply south:7" }, 0, "typed elsewhere");
  await desks[0]!.refresh();
  await pass(0);
  expect([reads - asked, desks[0]!.field("reply south:7").view.text]).toEqual([1, "typed elsewhere"]);
});

test("a field that is left or a page that is hidden is saved at once", async () => {
  const field = await consoleOf();
  field.set("left");
  desks[0]!.flush();
  await pass(0);
  expect(at(field)).toEqual(["left", "node"]);
});

test("while the node is gone it stays here, is offered again every five seconds, and outlives a reload", async () => {
  const browser = new Browser();
  const field = await consoleOf(browser);
  reached = false;
  field.set("typed in the dark");
  await pass(30_000);
  expect(at(field)).toEqual(["typed in the dark", "here"]);
  desks[0]!.stop();
  const after = await consoleOf(browser);
  expect(at(after)).toEqual(["typed in the dark", "here"]);
  reached = true;
  await pass(6000);
  expect(at(after)).toEqual(["typed in the dark", "node"]);
});

test("what was typed before a reload is offered to the node though no screen asks for its field", async () => {
  const browser = new Browser();
  browser.kept.set("line watch reply south:3", before("half an answer"));
  browser.kept.set("line minister remark 1", before("somebody else's"));
  await consoleOf(browser);
  await pass(2000);
  expect((await texts.all()).map(({ field }) => field)).toEqual(["reply south:3"]);
});

test("where neither keeps it, that is said", async () => {
  const browser = new Browser();
  browser.full = true;
  reached = false;
  const field = await consoleOf(browser);
  field.set("nowhere");
  await pass(3000);
  expect(at(field)).toEqual(["nowhere", "nowhere"]);
});

test("another console of the post goes on where this one stopped, and this one has it when somebody looks again", async () => {
  const first = await consoleOf();
  first.set("begun here");
  await pass(1000);
  const second = await consoleOf();
  expect(at(second)).toEqual(["begun here", "node"]);
  second.set("begun here, ended there");
  await pass(1000);
  await desks[0]!.refresh();
  await pass(0);
  expect(at(first)).toEqual(["begun here, ended there", "node"]);
  // Said there: nothing is unsent here either.
  second.said(second.view.text);
  await pass(0);
  await desks[0]!.refresh();
  await pass(0);
  expect(at(first)).toEqual(["", undefined]);
});

test("two texts for one field stand beside each other until a person chooses; either choice stands at both consoles", async () => {
  for (const [choice, stays] of [
    ["keepMine", "second"],
    ["takeOther", "first"],
  ] as const) {
    const [first, second] = [await consoleOf(), await consoleOf()];
    first.set("first");
    second.set("second");
    await pass(1000);
    expect([both(first), both(second)]).toEqual([
      ["first", undefined],
      ["second", "first"],
    ]);
    // It goes on being kept here, and nothing of it takes the place of the other.
    second.set("second, and more");
    await pass(10_000);
    expect([at(second), (await shown("send en")).text]).toEqual([["second, and more", "here"], "first"]);
    second.set("second");
    second[choice]();
    await pass(1000);
    await desks.at(-2)!.refresh();
    await pass(0);
    expect([both(first), both(second), (await shown("send en")).text]).toEqual([[stays, undefined], [stays, undefined], stays]);
    first.said(first.view.text);
    await pass(0);
  }
});

test("what another page of this browser offered to the node while somebody types here is no second text", async () => {
  const browser = new Browser();
  const first = await consoleOf(browser);
  first.set("Typed");
  first.set("Typed before");
  await pass(0);
  const second = await consoleOf(browser);
  // It goes on here, key by key, and the other page gives the node what it found.
  for (const text of ["Typed before a", "Typed before an", "Typed before and"]) {
    await pass(400);
    first.set(text);
  }
  await pass(400);
  expect((await shown("send en")).text).toBe("Typed before");
  await pass(6000);
  await desks.at(-1)!.refresh();
  await pass(0);
  expect([both(first), at(first)[1], both(second)]).toEqual([["Typed before and", undefined], "node", ["Typed before and", undefined]]);
  // What somebody else wrote there meanwhile is one.
  first.set("Ours");
  await texts.keep({ post: "watch", field: "send en" }, (await shown("send en")).version, "Theirs");
  await pass(1000);
  expect(both(first)).toEqual(["Ours", "Theirs"]);
});

test("typing before the node has answered is no second text where nothing stands there any more", async () => {
  await texts.keep({ post: "watch", field: "send en" }, 0, "sent long ago");
  await texts.keep({ post: "watch", field: "send en" }, 1, "");
  const desk = new TypedDesk({ client, copies: new Browser(), line: "line", post: "watch" });
  desks.push(desk);
  const field = desk.field("send en");
  field.set("typed at once");
  await pass(1000);
  expect([at(field), field.view.other]).toEqual([["typed at once", "node"], undefined]);
});

test("what was typed here and sent there is asked about, not thrown away", async () => {
  const first = await consoleOf();
  first.set("one sentence");
  await pass(1000);
  const second = await consoleOf();
  first.set("one sentence, and a second");
  second.said(second.view.text);
  await pass(1000);
  expect(both(first)).toEqual(["one sentence, and a second", ""]);
  first.keepMine();
  await pass(1000);
  expect(at(first)).toEqual(["one sentence, and a second", "node"]);
});

test("a node that was put back to before gets again what it had said it keeps", async () => {
  const field = await consoleOf();
  field.set("kept, and lost by the node");
  await pass(1000);
  texts = textsAt(new MemoryStore());
  await desks[0]!.refresh();
  await pass(1000);
  expect(at(field)).toEqual(["kept, and lost by the node", "node"]);
  expect((await shown("send en")).text).toBe("kept, and lost by the node");
});

test("typing before what was kept here has been read loses neither", async () => {
  const browser = new Browser();
  browser.kept.set("line watch send en", before("yesterday's"));
  const desk = new TypedDesk({ client, copies: browser, line: "line", post: "watch" });
  desks.push(desk);
  const field = desk.field("send en");
  field.set("accident");
  await pass(0);
  expect(both(field)).toEqual(["accident", "yesterday's"]);
  field.takeOther();
  await pass(0);
  expect(at(field)).toEqual(["yesterday's", "node"]);
});

test("what was emptied leaves nothing here", async () => {
  const browser = new Browser();
  const field = await consoleOf(browser);
  field.set("sent");
  await pass(1000);
  field.said("sent");
  await pass(1000);
  expect([...browser.kept]).toEqual([]);
  expect(await texts.all()).toEqual([]);
});

test("what is said here is gone at the other console as soon as it is told, and is not said there a second time", async () => {
  heard = true;
  const [first, second] = [await consoleOf(), await consoleOf()];
  first.set("cease fire");
  await pass(1000);
  expect(at(second)).toEqual(["cease fire", "node"]);
  first.said("cease fire");
  await pass(0);
  expect(at(second)).toEqual(["", undefined]);
  // Not told: whoever is about to say it is asked to look again.
  heard = false;
  first.set("hold fire");
  await pass(1000);
  await desks[1]!.refresh();
  await pass(0);
  first.said("hold fire");
  await pass(0);
  expect(second.view.text).toBe("hold fire");
  await pass(500);
  expect(await second.say("hold fire", () => Promise.reject(new Error("said again")))).toBe("behind");
  expect(second.view.text).toBe("");
});

test("what has only just come from another console is not said: nobody has read it", async () => {
  heard = true;
  const [first, second] = [await consoleOf(), await consoleOf()];
  first.set("cease fire");
  await pass(1000);
  expect(at(second)).toEqual(["cease fire", "node"]);
  expect(await second.say("cease fire", () => Promise.reject(new Error("unread")))).toBeUndefined();
  await pass(500);
  expect(await second.say("cease fire", async () => "said")).toBe("said");
  // What was typed here needs no reading.
  first.set("hold fire");
  expect(await first.say("hold fire", async () => "said")).toBe("said");
});

test("what is typed while it is being said stays", async () => {
  const field = await consoleOf();
  field.set("first, and more");
  field.said("first", (now) => now.slice("first".length));
  await pass(0);
  expect(at(field)).toEqual([", and more", "node"]);
});

test("while it is being said it is not said a second time", async () => {
  const field = await consoleOf();
  field.set("once");
  await pass(1000);
  let done = (): void => undefined;
  const first = field.say("once", () => new Promise<string>((resolve) => (done = () => resolve("placed"))));
  await pass(0);
  expect([field.view.saying, await field.say("once", () => Promise.resolve("again"))]).toEqual([true, undefined]);
  done();
  expect([await first, field.view.saying]).toEqual(["placed", false]);
});

test("what was emptied while the node was gone does not come back with a reload", async () => {
  const browser = new Browser();
  const field = await consoleOf(browser);
  field.set("said at once");
  await pass(1000);
  reached = false;
  field.said("said at once");
  await pass(0);
  desks[0]!.stop();
  reached = true;
  const after = await consoleOf(browser);
  await pass(2000);
  expect([at(after), await texts.all()]).toEqual([["", undefined], []]);
});

/** Each has typed something, and the node is gone. */
async function twoPages(browser: Browser): Promise<readonly [TypedText, TypedText]> {
  const [first, second] = [await consoleOf(browser), await consoleOf(browser)];
  reached = false;
  first.set("ONE");
  await pass(0);
  second.set("TWO");
  await pass(0);
  return [first, second];
}

test("two pages of one browser, and no node: neither writes over the other, and each says the truth", async () => {
  const browser = new Browser();
  const [first, second] = await twoPages(browser);
  expect([at(first), at(second), second.view.other?.text]).toEqual([["ONE", "here"], ["TWO", "here"], "ONE"]);
  second.keepMine();
  await pass(0);
  expect([at(second), second.view.other]).toEqual([["TWO", "here"], undefined]);
  // The first page goes on, and is asked in its turn.
  first.set("ONE, and more");
  await pass(0);
  expect(both(first)).toEqual(["ONE, and more", "TWO"]);
});

test("two pages of one browser that are typed in by turns: what has no place of its own outlives a reload, and a person chooses", async () => {
  const browser = new Browser();
  const [first, second] = await twoPages(browser);
  first.set("ONE, and more");
  await pass(0);
  second.set("TWO, and more");
  await pass(0);
  expect([at(first), at(second)]).toEqual([
    ["ONE, and more", "here"],
    ["TWO, and more", "here"],
  ]);
  for (const desk of desks.splice(0)) desk.stop();
  const after = await consoleOf(browser);
  expect(both(after)).toEqual(["ONE, and more", "TWO, and more"]);
  after.takeOther();
  await pass(0);
  expect(both(after)).toEqual(["TWO, and more", undefined]);
  reached = true;
  await pass(6000);
  desks.splice(0)[0]?.stop();
  expect([both(await consoleOf(browser)), (await shown("send en")).text]).toEqual([["TWO, and more", undefined], "TWO, and more"]);
  expect([...browser.kept.keys()].filter((name) => name.startsWith("beside"))).toEqual([]);
});

test("a first answer that never came is asked for again", async () => {
  await texts.keep({ post: "watch", field: "send en" }, 0, "typed elsewhere");
  reached = false;
  const field = await consoleOf();
  await pass(1000);
  expect(at(field)).toEqual(["", undefined]);
  reached = true;
  await pass(5000);
  expect(at(field)).toEqual(["typed elsewhere", "node"]);
});

test("what the node will never keep is said, and not sent to it again and again", async () => {
  const field = await consoleOf();
  const { keepUnsent } = client;
  let asked = 0;
  client.keepUnsent = () => {
    asked++;
    return Promise.reject(new ApiProblem(400, { code: "bad-request", detail: "too long" }));
  };
  field.set("too long");
  await pass(60_000);
  expect([field.view.kept, asked]).toEqual([{ at: "refused", code: "bad-request" }, 1]);
  client.keepUnsent = keepUnsent;
  field.set("shorter");
  await pass(1000);
  expect(at(field)).toEqual(["shorter", "node"]);
});
