import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openlineHere } from "../packages/cli/test/run-here.ts";
import { openline, root, workFolder } from "./support/openline.ts";

/** The command as people run it where that is in question: how it starts and ends, what it reads from standard input; inside this process
 *  where only what a verb does is. */
const dir = workFolder();
const usChina = join(dir, "us-china");
const notice = join(dir, "notice");

interface State {
  readonly id: string;
  readonly verdict: string;
  readonly standing: { readonly value: string; readonly days: number | null; readonly ground: Record<string, unknown> };
  readonly reasons: readonly { readonly code: string; readonly entry?: { readonly leaf: string } }[];
  readonly validUntil: string | null;
}
interface Reading {
  readonly reading: string;
  readonly result: string;
}
interface Run {
  readonly agreed: boolean;
  readonly channels: readonly State[];
  readonly expectations: readonly { readonly ok: boolean }[];
  readonly parties: Record<string, { readonly size: number; readonly root: string }>;
}

const json = <T>(text: string): T => JSON.parse(text) as T;

describe("exercise run", () => {
  test.each([
    ["exercises/us-china-2022-2024.yaml", usChina, 15],
    ["exercises/notice-2025-12-06.yaml", notice, 2],
  ])("%s: every expectation holds and the parties agree", async (file, into, count) => {
    const run = await openline(["exercise", "run", file, "--dir", into, "--json"]);
    expect(run.err).toBe("");
    expect(run.code).toBe(0);
    const result = json<Run>(run.out);
    expect(result.agreed).toBe(true);
    expect(result.expectations).toHaveLength(count);
    expect(result.expectations.every((item) => item.ok)).toBe(true);
  });

  test.each(readdirSync(join(root, "vectors/exercises/plays")).filter((name) => name.endsWith(".yaml")))(
    "%s plays as it says",
    async (name) => {
      const run = await openlineHere(["exercise", "run", `vectors/exercises/plays/${name}`, "--dir", join(dir, name), "--json"]);
      expect(run.err).toBe("");
      expect(json<Run>(run.out).expectations.filter((item) => !item.ok)).toEqual([]);
      expect(run.code).toBe(0);
    },
  );

  test("an expectation that is not met is shown and ends with 3", async () => {
    const file = join(dir, "wrong.yaml");
    writeFileSync(
      file,
      readFileSync(join(root, "exercises/notice-2025-12-06.yaml"), "utf8").replace("verdict: unanswered", "verdict: open"),
    );
    const run = await openlineHere(["exercise", "run", file, "--dir", join(dir, "wrong")]);
    expect(run.out).toContain("1 of 2 expectations hold");
    expect(run.out).toContain("NOT MET at 2025-12-06T09:00:00Z");
    expect(run.code).toBe(3);
    const got = await openlineHere(["exercise", "run", file, "--dir", join(dir, "wrong"), "--fresh", "--json"]);
    expect(json<{ expectations: readonly unknown[] }>(got.out).expectations.at(-1)).toMatchObject({
      expected: { verdict: "open", because: "c1" },
      got: { verdict: "unanswered", because: "c1" },
    });
  });

  test("an unreadable file is one line with its place, exit 1, and nothing is written", async () => {
    const into = join(dir, "never");
    const run = await openlineHere(["exercise", "run", "vectors/exercises/event-quality-six.yaml", "--dir", into]);
    expect(run.code).toBe(1);
    expect(run.err).toMatch(/^openline: event-quality-six\.yaml:\d+:\d+: .*\n$/);
    expect(existsSync(into)).toBe(false);
  });

  test("a refused event ends the run with its code and place", async () => {
    const file = join(dir, "late.yaml");
    const text = readFileSync(join(root, "exercises/notice-2025-12-06.yaml"), "utf8").replace(
      "inForce: 2023-03-31",
      "inForce: 2023-03-31, expires: 2024-01-01",
    );
    writeFileSync(file, text);
    const run = await openlineHere(["exercise", "run", file, "--dir", join(dir, "late")]);
    expect(run.code).toBe(1);
    expect(run.err).toMatch(/late\.yaml:\d+:\d+: call-request refused: not-in-force/);
  });

  test("a folder that holds anything else is left alone", async () => {
    expect((await openlineHere(["exercise", "run", "exercises/notice-2025-12-06.yaml", "--dir", notice])).code).toBe(2);
    const run = await openlineHere(["exercise", "run", "exercises/notice-2025-12-06.yaml", "--dir", usChina, "--fresh"]);
    expect(run.code).toBe(2);
    expect(existsSync(join(usChina, "prc", "openline.db"))).toBe(true);
  });

  test("--at plays only what had happened by then", async () => {
    const into = join(dir, "early");
    const run = json<Run>(
      (
        await openlineHere([
          "exercise",
          "run",
          "exercises/us-china-2022-2024.yaml",
          "--dir",
          into,
          "--at",
          "2022-08-06T12:00:00Z",
          "--json",
        ])
      ).out,
    );
    expect(run.expectations).toHaveLength(2);
    expect(run.channels.find((channel) => channel.id === "dtl")?.verdict).toBe("unanswered");
  });
});

describe("status", () => {
  const at = ["--at", "2023-09-28T12:00:00Z", "--json"];

  test("both parties compute the same, with grounds in their own words", async () => {
    const statusOf = async (party: string): Promise<{ cut: unknown; channels: readonly State[]; readings: unknown }> =>
      json((await openlineHere(["status", "--dir", join(usChina, party), ...at])).out);
    const [usa, prc] = [await statusOf("usa"), await statusOf("prc")];
    expect(usa.channels).toEqual(prc.channels);
    expect(usa.cut).toEqual(prc.cut);
    expect(usa.readings).toEqual(prc.readings);
    const thc = usa.channels.find((channel) => channel.id === "thc");
    expect(thc?.standing).toMatchObject({ value: "cancelled", days: 419, ground: { prc: { zh: "针对访问的反制措施" } } });
    expect(thc?.validUntil).toBe("2023-11-15T12:00:00Z");
  });

  test("what was known then differs from what is known now only by what came later", async () => {
    const known = await openlineHere(["status", "--dir", join(usChina, "usa"), ...at, "--known-at", "2023-09-28T12:00:00Z"]);
    const now = await openlineHere(["status", "--dir", join(usChina, "usa"), ...at]);
    const verdicts = (text: string): readonly string[] =>
      json<{ channels: readonly State[] }>(text).channels.map((channel) => channel.verdict);
    expect(verdicts(known.out)).toEqual(verdicts(now.out));
    expect(json<{ channels: readonly State[] }>(known.out).channels.find((channel) => channel.id === "thc")?.validUntil).toBe(null);
  });

  test("words in English and Chinese, and the exercise said first", async () => {
    const en = await openlineHere(["status", "--dir", join(usChina, "usa"), "--at", "2023-09-28", "--channel", "thc"]);
    expect(en.out).toMatch(/^EXERCISE, rebuilt from public reports; not signed by the ministries named\n/);
    expect(en.out).toContain("(419 days)");
    expect(en.out).toContain("Ground (Ministry of National Defense of China): Countermeasure to the visit");
    expect((await openlineHere(["status", "--dir", join(usChina, "usa"), "--at", "2023-09-28", "--language", "zh"])).out).toContain("演习");
  });

  test.each([
    [["status"], 2],
    [["status", "--dir", "/nonexistent"], 4],
    [["status", "--dir", "X", "--at", "yesterday"], 2],
    [["nonsense"], 2],
    [["show", "usa", "--dir", "X"], 2],
  ])("%j ends with %d and one clear line", async (args, code) => {
    const run = await openline(args);
    expect(run.code).toBe(code);
    expect(run.err).not.toContain("    at ");
    expect(run.out).toBe("");
  });
});

describe("every command explains itself", () => {
  const commands = [
    "",
    "exercise",
    "exercise run",
    "status",
    "show",
    "act",
    "record",
    "record export",
    "record verify",
    "evidence make",
    "evidence verify",
  ];
  test.each(commands)("openline %s --help", async (words) => {
    const run = await openline([...words.split(" ").filter((word) => word !== ""), "--help"]);
    expect(run.code).toBe(0);
    expect(run.out).toContain("Usage: openline");
  });
});

describe("show and act", () => {
  test("one entry, with its track", async () => {
    const run = await openlineHere(["show", "--dir", join(notice, "jpn"), "--kind", "notification", "--json"]);
    const [shown] = json<readonly { held: readonly unknown[]; acknowledged: string | null; completeness: unknown }[]>(run.out);
    const missing = ["area", "aircraft-count", "aircraft-type", "navigation-warning"];
    expect(shown).toMatchObject({
      precedence: "IMMEDIATE",
      held: [{ by: "jpn", at: "2025-12-06T05:10:00Z" }],
      completeness: { status: "incomplete" },
    });
    expect(shown?.completeness).toMatchObject({ missing: expect.arrayContaining(missing) as unknown });
    expect(shown?.acknowledged).toMatch(/^[0-9a-f]{64}$/);
  });

  test("a claim is shown with what the record says of each reading when it was made", async () => {
    const run = await openlineHere(["show", "--dir", join(usChina, "usa"), "--kind", "claim", "--json"]);
    const claims = json<readonly { claim: { at: string; given: string | null; readings: readonly Reading[] } }[]>(run.out);
    expect(claims.map(({ claim }) => [claim.at, claim.given])).toEqual([
      ["2023-09-25T12:00:00Z", "principals"],
      ["2023-09-28T12:00:00Z", "contact"],
    ]);
    const status = await openlineHere(["status", "--dir", join(usChina, "usa"), "--at", "2023-09-28T12:00:00Z", "--json"]);
    expect(claims[1]?.claim.readings).toEqual(json<{ readings: readonly Reading[] }>(status.out).readings);
    const text = await openlineHere(["show", "--dir", join(usChina, "usa"), "--kind", "claim"]);
    expect(text.out.match(/both sides have been heard within 90 days: /g)).toHaveLength(2);
  });

  test("a kind that does not exist is a wrong use", async () => {
    const run = await openlineHere(["show", "--dir", join(usChina, "usa"), "--kind", "frob"]);
    expect(run.code).toBe(2);
    expect(run.err).toContain("frob");
  });

  test("an act without a post is its party's first post's; the words of a suspended form stand with its party", async () => {
    const copy = join(dir, "posts");
    cpSync(notice, copy, { recursive: true });
    const act = `{ channel: hotline, facts: { scope: [of-our-own] }, body: { ground: { en: "Under review" }, conditions: [ { en: "A new text" } ] } }`;
    const time = ["--at", "2025-12-06T10:00:00Z"];
    const placed = await openline(["act", "suspend", "--dir", join(copy, "jpn"), "--file", "-", ...time, "--exchange"], act);
    expect(placed.err).toBe("");
    const shown = await openlineHere(["show", "--dir", join(copy, "jpn"), "--kind", "suspend", "--json"]);
    expect(json<readonly { from: string }[]>(shown.out)[0]?.from).toBe("duty-officer");
    const status = await openlineHere(["status", "--dir", join(copy, "chn"), ...time, "--json"]);
    const hotline = json<{ channels: readonly State[] }>(status.out).channels.find(({ id }) => id === "hotline");
    expect(hotline?.standing).toMatchObject({
      value: "open",
      by: [],
      partial: { jpn: ["of-our-own"] },
      ground: { jpn: { en: "Under review" } },
      conditions: { jpn: [{ en: "A new text" }] },
    });
    expect((await openlineHere(["status", "--dir", join(copy, "chn"), ...time])).out).toContain("Under review");
  });

  test("an act is placed, exchanged and answered for; one the line refuses ends with 1", async () => {
    const copy = join(dir, "acts");
    cpSync(notice, copy, { recursive: true });
    const act = `{ channel: hotline, from: duty-officer, to: duty-officer, body: { text: { en: "Are you there?" } } }`;
    const placed = await openline(
      ["act", "message", "--dir", join(copy, "jpn"), "--file", "-", "--at", "2025-12-06T10:00:00Z", "--exchange", "--json"],
      act,
    );
    expect(placed.code).toBe(0);
    expect(json<{ log: string }>(placed.out).log).toBe("jpn");
    expect((await openlineHere(["show", "--dir", join(copy, "chn"), "--kind", "message"])).out).toContain("Are you there?");
    const refused = await openline(["act", "suspend", "--dir", join(copy, "jpn"), "--file", "-"], "{ channel: hotline, from: admiral }");
    expect(refused.code).toBe(2);
    const bad = await openline(
      ["act", "message", "--dir", join(copy, "jpn"), "--file", "-", "--at", "2025-12-06T10:00:00Z"],
      act.replace("{ channel", "{ facts: { slot: 2025-12-06T10:00:00Z }, channel"),
    );
    expect(bad.code).toBe(1);
    expect(bad.err).toContain("bad-facts");
  });

  test.each([
    ["test", "{ channel: hotline, body: { quality: 99 } }", "bad-body"],
    ["test", "{ channel: hotline, body: { quality: 0 } }", "bad-body"],
    ["claim", "{ facts: { reading: bogus } }", "bad-facts"],
    ["call-request", "{ channel: hotline, facts: { windows: [[2025-12-08T09:00:00Z, 2025-12-08T08:00:00Z]] } }", "bad-facts"],
    ["notification", '{ channel: hotline, facts: { form: "BAD FORM" } }', "bad-facts"],
    ["pre-agreed", "{ channel: hotline, facts: { codeWord: calm, number: 1.5 } }", "bad-facts"],
  ])("%s %s is refused with %s, and nothing is placed", async (kind, act, code) => {
    const before = (await openlineHere(["show", "--dir", join(notice, "jpn"), "--json"])).out;
    const run = await openline(["act", kind, "--dir", join(notice, "jpn"), "--file", "-", "--at", "2025-12-06T10:00:00Z"], act);
    expect(run.code).toBe(1);
    expect(run.err).toContain(code);
    expect(run.err.trim().split("\n")).toHaveLength(1);
    expect((await openlineHere(["show", "--dir", join(notice, "jpn"), "--json"])).out).toBe(before);
  });

  test.each([".nan", "[-.inf]", "{ b: .inf }"])(
    "a number that nobody can sign, %s, is a wrong file, said with its place",
    async (value) => {
      const run = await openline(
        ["act", "notification", "--dir", join(notice, "jpn"), "--file", "-", "--at", "2025-12-06T10:00:00Z"],
        `{ channel: hotline, body: { fields: { a: ${value} } } }`,
      );
      expect(run.code).toBe(2);
      expect(run.err).toMatch(/^openline: usage: standard input:1:\d+: \S+ is no number that can be signed\n$/);
    },
  );
});

describe("record and evidence", () => {
  const out = join(dir, "export");

  test("an export verifies by itself, and a changed byte is named", async () => {
    expect((await openline(["record", "export", "--dir", join(usChina, "prc"), out])).code).toBe(0);
    const verified = await openline(["record", "verify", out]);
    expect(verified.code).toBe(0);
    expect(verified.out).toContain("EXERCISE, rebuilt from public reports");
    expect(verified.out).toContain("not proven: that the root keys are those of the parties named (usa, prc)");
    const { ceremony } = json<{ ceremony: string }>((await openline(["record", "verify", out, "--json"])).out);
    expect(verified.out).toContain(`ceremony, 80 digits: ${ceremony}\n`);
    const file = join(out, "usa", "checkpoint");
    const bytes = readFileSync(file);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const broken = await openline(["record", "verify", out, "--json"]);
    expect(broken.code).toBe(3);
    expect(json<{ ok: boolean; firstBad: { file: string } }>(broken.out)).toMatchObject({
      ok: false,
      firstBad: { file: "usa/checkpoint" },
    });
  });

  test.each([
    ["a name with a backslash is not taken for the file in that folder", Buffer.from("usa\\checkpoint"), "usa\\checkpoint"],
    ["a name that is not UTF-8", Buffer.from([0x75, 0xff, 0x61]), "u\\xffa"],
  ])("a file that is no part of an export is named: %s", async (_, name, shown) => {
    const copy = join(dir, "named");
    expect((await openlineHere(["record", "export", "--dir", join(usChina, "prc"), copy])).code).toBe(0);
    const good = readFileSync(join(copy, "usa", "checkpoint"));
    writeFileSync(Buffer.concat([Buffer.from(`${copy}/`), name]), good);
    const added = await openlineHere(["record", "verify", copy, "--json"]);
    expect(added.code).toBe(3);
    expect(json<{ firstBad: unknown }>(added.out).firstBad).toMatchObject({ file: shown, code: "unknown-file" });
    writeFileSync(join(copy, "usa", "checkpoint"), "garbage");
    const broken = await openlineHere(["record", "verify", copy, "--json"]);
    expect(json<{ firstBad: { file: string } }>(broken.out).firstBad.file).toBe("usa/checkpoint");
    expect(broken.code).toBe(3);
    rmSync(copy, { recursive: true });
  });

  test("a folder with nothing in it is no part of an export either", async () => {
    const copy = join(dir, "hollow");
    expect((await openlineHere(["record", "export", "--dir", join(usChina, "prc"), copy])).code).toBe(0);
    mkdirSync(join(copy, "usa", "tile", "extra"));
    const added = await openlineHere(["record", "verify", copy]);
    expect(added.code).toBe(3);
    expect(added.out).toContain("usa/tile/extra/");
    rmSync(join(copy, "usa", "tile", "extra"), { recursive: true });
    symlinkSync(join(copy, "manifest.txt"), join(copy, "usa", "linked"));
    const linked = await openlineHere(["record", "verify", copy, "--json"]);
    expect(linked.code).toBe(3);
    expect(json<{ firstBad: unknown }>(linked.out).firstBad).toMatchObject({
      file: "usa/linked",
      code: "unknown-file",
      detail: "no regular file",
    });
  });

  test.each([
    ["record export", (file: string) => ["record", "export", "--dir", join(usChina, "prc"), file]],
    ["record export below it", (file: string) => ["record", "export", "--dir", join(usChina, "prc"), join(file, "x")]],
    ["exercise run", (file: string) => ["exercise", "run", "exercises/notice-2025-12-06.yaml", "--dir", file]],
    [
      "exercise run below it",
      (file: string) => ["exercise", "run", "exercises/notice-2025-12-06.yaml", "--dir", join(file, "x"), "--fresh"],
    ],
  ])("a file where %s needs a folder is a wrong use, said in one line", async (_, args) => {
    const file = join(dir, "no-folder");
    writeFileSync(file, "words");
    const run = await openlineHere(args(file));
    expect(run.code).toBe(2);
    expect(run.err.trim().split("\n")).toHaveLength(1);
    expect(run.err).toContain(file);
  });

  test("a pack says what it proves and what it does not", async () => {
    const pack = join(dir, "one.openline");
    expect((await openline(["evidence", "make", "--dir", join(usChina, "usa"), "--entry", "prc/23", "-o", pack])).code).toBe(0);
    const verified = await openline(["evidence", "verify", pack]);
    expect(verified.code).toBe(0);
    expect(verified.out).toContain("not proven:");
    const digits = /^ceremony, 80 digits: ((?:\d{5} ?){16})$/m.exec(verified.out)?.[1];
    expect(digits).toBeDefined();
    expect(json<{ ceremony: string }>((await openline(["evidence", "verify", pack, "--json"])).out).ceremony).toBe(digits);
    const bytes = readFileSync(pack);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(pack, bytes);
    expect((await openline(["evidence", "verify", pack])).code).toBe(3);
  });
});
