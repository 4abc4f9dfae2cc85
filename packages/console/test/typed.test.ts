import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiProblem, type Unsent } from "@openline/api";
import { formatTime, parseUnixMillis } from "@openline/core";
import { UnsentTexts } from "../../node/src/drafts/unsent-texts.ts";
import { MemoryStore } from "../../node/src/store/memory.ts";
import type { LocalCopies, LocalCopy } from "../src/typed/copies.ts";
import { TypedDesk } from "../src/typed/typed-desk.ts";
import type { TypedText, TypedView } from "../src/typed/typed-text.ts";

/** Two consoles of one post at one node: what the node keeps is the node's own program; its answers can fail to come. */
let texts: UnsentTexts;
let reached: boolean;
let saves: number;
let reads: number;
const desks: TypedDesk[] = [];

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-27T14:00:00Z") });
  texts = new UnsentTexts(new MemoryStore(), { now: () => parseUnixMillis(Date.now()) });
  reached = true;
  saves = 0;
  reads = 0;
});
afterEach(() => {
  for (const desk of desks.splice(0)) desk.stop();
  vi.useRealTimers();
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
  write = async (name: string, copy: LocalCopy): Promise<void> => {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.kept.set(name, copy);
  };
  remove = async (name: string): Promise<void> => void this.kept.delete(name);
}

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
  const before = reads;
  await desks[0]!.refresh();
  await pass(0);
  expect(reads).toBe(before);
  await texts.keep({ post: "watch", field: "reply south:7" }, 0, "typed elsewhere");
  await desks[0]!.refresh();
  await pass(0);
  expect([reads - before, desks[0]!.field("reply south:7").view.text]).toEqual([1, "typed elsewhere"]);
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
  await browser.write("line watch reply south:3", { text: "half an answer", base: 0, clean: false });
  await browser.write("line minister remark 1", { text: "somebody else's", base: 0, clean: false });
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
  second.forget();
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
    first.forget();
    await pass(0);
  }
});

test("what was typed here and sent there is asked about, not thrown away", async () => {
  const first = await consoleOf();
  first.set("one sentence");
  await pass(1000);
  const second = await consoleOf();
  first.set("one sentence, and a second");
  second.forget();
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
  texts = new UnsentTexts(new MemoryStore(), { now: () => parseUnixMillis(Date.now()) });
  await desks[0]!.refresh();
  await pass(1000);
  expect(at(field)).toEqual(["kept, and lost by the node", "node"]);
  expect((await shown("send en")).text).toBe("kept, and lost by the node");
});

test("typing before what was kept here has been read loses neither", async () => {
  const browser = new Browser();
  await browser.write("line watch send en", { text: "yesterday's", base: 0, clean: false });
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
  field.forget();
  await pass(1000);
  expect([...browser.kept]).toEqual([]);
  expect(await texts.all()).toEqual([]);
});
