import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Draft, DraftSummary } from "@openline/api";
import { OpenlineError, parseTime } from "@openline/core";
import { type Up, exerciseClock, up } from "@openline/node/operate";
import { askNode } from "../src/acting/node-client.ts";
import { openlineHere as openline } from "./run-here.ts";

/** The people of one party, at the running node of an exercise in which the other side has suspended channels. */
const dir = mkdtempSync(join(tmpdir(), "openline-"));
const usa = join(dir, "usa");
let running: Up;

const start = async (folder: string, at: string): Promise<void> => {
  const unlocker = () => Promise.reject(new OpenlineError("locked", "an exercise has no key that is locked"));
  running = await up([folder], { clock: exerciseClock(parseTime(at)), unlocker, exercisesOnly: true, told: () => undefined });
};

beforeAll(async () => {
  const to = ["--dir", dir, "--at", "2022-08-20T12:00:00Z", "--fresh"];
  expect((await openline(["exercise", "run", "exercises/us-china-2022-2024.yaml", ...to])).code).toBe(0);
  await start(usa, "2022-08-20T12:00:00Z");
}, 60_000);
afterAll(async () => {
  await running.stop();
  rmSync(dir, { recursive: true, force: true });
});

const done = async (...args: readonly string[]): Promise<string> => {
  const ran = await openline([...args, "--dir", usa]);
  expect([args, ran.err, ran.code]).toEqual([args, "", 0]);
  return ran.out;
};
const json = async <T>(...args: readonly string[]): Promise<T> => JSON.parse(await done(...args, "--json")) as T;
const refused = async (...args: readonly string[]): Promise<readonly [number, string]> => {
  const ran = await openline([...args, "--dir", usa]);
  expect(ran.out).toBe("");
  return [ran.code, ran.err];
};
const draft = (...more: readonly string[]): Promise<DraftSummary> =>
  json("send", "--channel", "thc", "--to", "southern-theatre-commander", "--draft", ...more);

describe("one writes, another releases", () => {
  test("a verb with --draft places nothing; signed, it waits in the inbox", async () => {
    const before = await done("show");
    const made = await draft("--text", "We ask for a talk.", "--text", "zh=我们要求会谈。");
    expect(made).toMatchObject({ draft: 1, version: 1, state: "writing", channel: "thc", signed: null });
    expect(await done("show")).toBe(before);
    expect(await json("draft", "sign", "1")).toMatchObject({ state: "waiting" });
    const inbox = await json<{ drafts: DraftSummary[] }>("inbox");
    expect(inbox.drafts.map((item) => [item.draft, item.state])).toEqual([[1, "waiting"]]);
    expect(await done("inbox")).toContain("draft 1/1");
  });

  test("who is to release it reads the words, the digest, the code, and that the channel is suspended, in their own language", async () => {
    const { digest, shown } = await json<Draft>("draft", "show", "1");
    const text = await done("draft", "show", "1");
    for (const part of [
      "We ask for a talk.",
      "我们要求会谈。",
      shown.readBackCode,
      `digest ${digest}`,
      "to place it: openline draft place 1/1",
    ])
      expect(text).toContain(part);
    expect(text).toMatch(/CAUTION: prc has channel thc cancelled since 2022-08-05T.*carried, held and shown there all the same/);
    expect(text).toMatch(/prc, their ground \(en\): /);
    expect(await done("draft", "show", "1", "--language", "zh")).toContain("我们要求会谈。");
  });

  test("what changed since a version is marked word by word", async () => {
    await done("draft", "return", "1", "--remark", "Say when.");
    expect(await done("draft", "list")).toContain(`returned to its author  ROUTINE  message  thc  not after`);
    await json(
      "send",
      "--channel",
      "thc",
      "--to",
      "southern-theatre-commander",
      "--draft",
      "1/1",
      "--text",
      "We ask for a talk on Monday.",
    );
    const text = await done("draft", "show", "1", "--since", "1");
    expect(text).toContain("~ Text (English, authentic): We ask for a talk{+ on Monday+}.");
    expect(text).toMatch(/^- Text \(Chinese\): 我们要求会谈。$/m);
  });

  test("nothing is signed where the draft is not the one that was read, and the drafter never releases", async () => {
    const old = (await json<Draft>("draft", "show", "1/1")).shown.digest;
    await done("draft", "sign", "1/2");
    expect(await refused("release", "1", "--digest", old, "--post", "attache")).toEqual([1, expect.stringContaining("draft-behind")]);
    const { digest } = await json<Draft>("draft", "show", "1");
    expect(await refused("release", "1", "--digest", digest, "--post", "indo-pacific-commander")).toEqual([
      1,
      expect.stringContaining("two-persons-required"),
    ]);
    expect(await refused("release", "1", "--digest", digest.slice(0, 8), "--post", "attache")).toEqual([
      2,
      expect.stringContaining("digest"),
    ]);
    expect(await refused("release", "1", "--digest", digest)).toEqual([2, expect.stringContaining("--key FILE")]);
    const out = await done("release", "1", "--digest", digest.slice(0, 16), "--post", "attache");
    expect(out).toMatch(/^CAUTION: prc has channel thc cancelled/);
    expect(out).toMatch(/released; it is placed after 2022-08-20T12:\d\d:\d\dZ; until then: openline draft recall 1\/2 /);
    expect(await refused("release", "1", "--digest", digest, "--post", "attache")).toEqual([1, expect.stringContaining("draft-state")]);
    expect(await done("inbox")).toContain("LET GO OF, not placed yet");
    expect(await done("draft", "recall", "1")).toContain("signed by its author, not placed");
    expect(await refused("draft", "recall", "1")).toEqual([1, expect.stringContaining("draft-state")]);
    expect(await json("release", "1", "--digest", digest, "--post", "attache")).toMatchObject({ state: "leaving", placed: null });
    await done("draft", "withdraw", "1");
  });

  test("a version made from another than the one that stands is kept beside", async () => {
    const { draft: number } = await draft("--text", "One.");
    const save = (...words: string[]) => ["send", "--channel", "thc", "--draft", `${number}/1`, "--text", ...words];
    await done(...save("Two, at one desk."));
    expect(await refused(...save("Two, at another desk."))).toEqual([1, expect.stringMatching(/draft-behind: .*kept beside as version 3/)]);
    expect(await done("draft", "show", `${number}/3`)).toMatch(/which does not stand[\s\S]*at another desk/);
    expect(await refused("send", "--channel", "thc", "--draft", String(number), "--text", "x")).toEqual([
      2,
      expect.stringContaining("VERSION"),
    ]);
    expect(await done("draft", "withdraw", String(number))).toContain("withdrawn");
    expect(await refused("draft", "sign", String(number))).toEqual([1, expect.stringContaining("draft-state")]);
    expect(await refused("draft", "show", "99")).toEqual([2, expect.stringContaining("not-found")]);
    expect(await refused("draft", "show", "1/0")).toEqual([2, expect.stringContaining("such as 3/2")]);
  });

  test("where one person is asked for, its author places it; after its time nobody does", async () => {
    const { draft: number } = await draft("--text", "One of us says this.", "--precedence", "FLASH");
    await done("draft", "sign", String(number));
    expect(await done("draft", "place", String(number))).toMatch(/^placed as usa\/\d+/);
    const late = await draft("--text", "Too late.", "--not-after", "2022-08-20T11:00:00Z");
    expect(await done("draft", "show", String(late.draft))).toContain("CAUTION: it is too late");
    expect(await refused("draft", "sign", String(late.draft))).toEqual([1, expect.stringContaining("late-placed")]);
    await done("draft", "withdraw", String(late.draft));
  });
});

/** Every byte of a folder. */
const everything = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, "latin1"))
    .join("");

test("of a form whoever releases it reads what the other side will find, before it is placed and after", async () => {
  const form = ["--channel", "mmca", "--form", "live-training-short-notice", "--field", "aircraft-count=many"];
  const { draft: number } = await json<DraftSummary>("notify", ...form, "--draft");
  const text = await done("draft", "show", String(number));
  expect(text).toContain("Form: incomplete; it is sent all the same, and the other side sees what is missing");
  expect(text).toContain("Missing and required for safety: ");
  expect(text).toContain("a whole number, 0 or more, expected");
  expect(await done("draft", "show", String(number), "--language", "zh")).toContain("缺少以下安全必填项：");
  await done("draft", "withdraw", String(number));
  const placed = await json<{ log: string; index: number }>("notify", ...form);
  expect(await done("show", `${placed.log}/${placed.index}`)).toContain("Form: incomplete; ");
});

test("times among the facts of an act are shown as all times are", async () => {
  const { log, index } = await json<{ log: string; index: number }>("suspend", "--channel", "mmca", "--effective", "2022-09-01T00:00:00Z");
  const shown = await json<{ facts: unknown }>("show", `${log}/${index}`);
  expect(shown.facts).toEqual({ effective: "2022-09-01T00:00:00Z" });
});

test("what was typed at a console and not said is listed, read and forgotten by command", async () => {
  const { line, party, parties } = await askNode(usa, async (client) => (await client.allLines())[0]!);
  const at = { post: parties.find(({ id }) => id === party)!.posts[0]!.id, field: "send en" };
  expect(await done("draft", "unsent")).toBe("nothing unsent\n");
  await askNode(usa, (client) => client.keepUnsent(line, at, { base: 0, text: "Typed, and never said:\nquartz\u202e." }));
  expect(await done("draft", "unsent")).toMatch(/^[a-z-]+ {2}"send en" {2}2022-08-20T12:.*Z\n$/);
  const one = ["draft", "unsent", "--post", at.post, "--field", at.field];
  expect(await done(...one)).toBe("Typed, and never said:\nquartz⟦U+202E⟧.\n");
  expect(await json(...one)).toMatchObject({ ...at, version: 1, text: "Typed, and never said:\nquartz\u202e." });
  expect((await refused("draft", "unsent", "--field", "send en"))[0]).toBe(2);
  expect((await refused("draft", "unsent", "--forget"))[0]).toBe(2);
  expect(await done(...one, "--forget")).toContain("quartz");
  expect(await done("draft", "unsent")).toBe("nothing unsent\n");
});

test("a draft is in the backup and there after a restart, and in no export and no pack", async () => {
  const { draft: number } = await draft("--text", "Nobody outside reads this word: quincunx.");
  await done("draft", "sign", String(number));
  const [exported, pack, backup] = ["export", "pack.openline", "backup"].map((name) => join(dir, name)) as [string, string, string];
  await done("record", "export", exported);
  await done("evidence", "make", "--entry", "usa/1", "-o", pack);
  await done("backup", backup);
  expect(everything(exported).length).toBeGreaterThan(10_000);
  expect(everything(exported)).not.toContain("quincunx");
  expect(readFileSync(pack, "latin1")).not.toContain("quincunx");
  expect(everything(backup)).toContain("quincunx");
  await running.stop();
  await start(usa, "2022-08-20T13:00:00Z");
  expect(await done("draft", "list")).toContain(`draft ${number}/1  signed by its author`);
});
