import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Ran, openlineHere as openline } from "./run-here.ts";

/** `openline act` with files that people and programs wrote wrongly, and with what they may refer to. */

const work = mkdtempSync(join(tmpdir(), "openline-"));
const dir = join(work, "notice");
const notice = join(import.meta.dirname, "../../../exercises/notice-2025-12-06.yaml");

beforeAll(async () => {
  expect(await openline(["exercise", "run", notice, "--dir", dir])).toMatchObject({ code: 0, err: "" });
}, 60_000);
afterAll(() => rmSync(work, { recursive: true }));

function act(kind: string, text: string | Uint8Array, ...more: readonly string[]): Promise<Ran> {
  const file = join(work, "act.yaml");
  writeFileSync(file, text);
  return openline(["act", kind, "--dir", join(dir, "jpn"), "--file", file, "--at", "2025-12-06T10:00:00Z", ...more]);
}

describe("a file that is no act", () => {
  test.each([
    ["a tag of a programming language", 'body: { text: { en: !!js/function "x" } }', "1:21: unknown tag tag:yaml.org,2002:js/function"],
    ["lists inside lists without end", `body: ${"[".repeat(100_000)}`, "1:34: nested deeper than 24"],
    ["maps inside maps", `body: ${"{ a: ".repeat(300)}1${" }".repeat(300)}`, "1:138: nested deeper than 24"],
    ["a second document", "channel: radio\n---\nchannel: hotline\n", "2:1: a second document begins here; a file has one"],
    ["a key that stands twice", "channel: radio\nchannel: hotline\n", '2:1: the key "channel" stands twice in one map'],
    ["what is no number", "body: { text: { en: .nan } }", "1:21: .nan is no number that can be signed"],
    ["no YAML", "body: {", "1:8: not YAML 1.2: "],
    ["nothing", "", "1:1: the file is empty"],
    ["bytes that are no text", new Uint8Array([0x62, 0xff]), "1:1: the file is not UTF-8 text"],
  ])("%s is told in one line with its place", async (_, text, place) => {
    const warned = vi.spyOn(process, "emitWarning");
    const ran = await act("message", text);
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toMatch(/^openline: usage: act\.yaml:[^\n]*\n$/);
    expect(ran.err).toContain(`act.yaml:${place}`);
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });

  test("a file that is not there is told in one line", async () => {
    const ran = await openline(["act", "message", "--dir", join(dir, "jpn"), "--file", join(work, "none.yaml")]);
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toMatch(/^openline: [^\n]*none\.yaml cannot be read[^\n]*\n$/);
  });
});

describe("refs", () => {
  const later = ["--exchange", "--json"];
  const answer = (refs: string): string => `{ channel: radio, refs: ${refs}, body: { text: { en: "Seen." } } }`;
  interface Shown {
    readonly log: string;
    readonly index: number;
    readonly leaf: string;
    readonly refs: readonly string[];
  }
  const shown = async (...args: readonly string[]): Promise<unknown> =>
    JSON.parse((await openline(["show", "--dir", join(dir, "jpn"), "--json", ...args])).out) as unknown;

  /** What an act that has just been placed refers to. */
  async function refsOf(ran: Ran): Promise<unknown> {
    expect(ran).toMatchObject({ code: 0, err: "" });
    const { log, index } = JSON.parse(ran.out) as Shown;
    return ((await shown(`${log}/${index}`)) as Shown).refs;
  }

  test("name an entry as every other verb does, or by its leaf hash, and both are one", async () => {
    const [notice] = (await shown("--kind", "notification")) as readonly Shown[];
    const { log, index, leaf } = notice!;
    for (const refs of [`[${log}/${index}]`, `${log}/${index}`, `["${leaf}"]`])
      expect(await refsOf(await act("clarify", answer(refs), ...later)), refs).toEqual([leaf]);
  });

  test.each([
    ["[chn/999]", 'the record has no entry "chn/999"'],
    ["[usa/1]", 'the record has no entry "usa/1"'],
    ["[chn/01]", 'the record has no entry "chn/01"'],
    ["[chn]", 'LOG/INDEX such as usa/17, or a leaf hash, expected, not "chn"'],
    ["[7]", "LOG/INDEX such as usa/17, or a leaf hash, expected, not 7"],
    ["{ a: 1 }", 'LOG/INDEX such as usa/17, or a leaf hash, expected, not {"a":1}'],
  ])("to %s are told in one line", async (refs, line) => {
    expect(await act("clarify", answer(refs))).toMatchObject({ code: 2, out: "", err: `openline: usage: refs: ${line}\n` });
  });
});
