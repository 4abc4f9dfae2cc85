import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { OpenlineError, RefusedInput, decodeAccordFiles, decodeTerms, fromHex, parseDate, toHex } from "@openline/core";
import { readYaml } from "../../src/operate/exercise-yaml.ts";
import { partyDescriptionOf, partyDraft } from "../../src/operate/party-yaml.ts";
import { termsDraft, termsOf, termsYaml } from "../../src/operate/terms-yaml.ts";
import { placed } from "../../src/operate/yaml-file.ts";

const draft = termsDraft({
  mode: "live",
  languages: ["en", "zh"],
  parties: ["north", "south"],
  channels: ["hotline", "leaders"],
  from: parseDate("2026-12-01"),
});
const bytesOf = (text: string): Uint8Array => placed("terms.yaml", () => termsOf(readYaml(text), null));
const codeOf = (run: () => unknown): string => {
  try {
    run();
    return "taken";
  } catch (error) {
    if (error instanceof RefusedInput) return error.refusal.code;
    if (error instanceof OpenlineError) return error.message;
    throw error;
  }
};

describe("terms as text", () => {
  test("the draft is terms, with the shipped defaults", () => {
    const terms = decodeTerms(bytesOf(draft));
    expect(terms).toMatchObject({
      mode: "live",
      parties: ["north", "south"],
      beat: 120,
      silentAfter: 300,
      notice: 604_800,
      rates: { flashPerHour: 6 },
    });
    expect(terms.channels.map((channel) => channel.id)).toEqual(["hotline", "leaders"]);
    expect(terms.channels[0]).toMatchObject({
      proofWindow: 7_776_000,
      clocks: {
        acknowledge: { FLASH: 300, IMMEDIATE: 900, PRIORITY: 3600, ROUTINE: 28_800 },
        answer: { FLASH: 1800, ROUTINE: 432_000 },
        callRequest: 172_800,
      },
      disclosure: { term: "sealed", embargo: null },
    });
  });

  test("every key of the draft that is not plain is explained", () => {
    for (const key of ["silentAfter", "quietPeriod", "disclosure", "basis", "release"])
      expect(draft).toMatch(new RegExp(`# .*\\n *${key}:`));
  });

  const valid = JSON.parse(readFileSync(new URL("../../../../vectors/accord/valid.json", import.meta.url), "utf8")) as {
    readonly cases: readonly { readonly comment: string; readonly input: string }[];
  };
  test.each(valid.cases)("what is shown is what is signed: $comment", ({ input }) => {
    const { terms } = decodeAccordFiles(fromHex(input));
    expect(toHex(bytesOf(termsYaml(decodeTerms(terms))))).toBe(toHex(terms));
  });

  test.each([
    ["an unknown key", draft.replace("silentAfter:", "silentAfther:"), /^terms.yaml:\d+:\d+: unknown key "silentAfther"/],
    ["a key left out", draft.replace('notice: "P7D"\n', ""), /needs "notice"/],
    ["a duration in months", draft.replace("P90D", "P3M"), /no fixed length/],
    ["a time with an offset", draft.replace("2026-12-01T00:00:00Z", "2026-12-01T00:00:00+08:00"), /T12:00:00Z expected/],
    ["a text in a language that is not listed", draft.replace(/zh: /, "fr: "), /languages are en, zh/],
    ["a local time of day", draft.replace("08:00Z", "08:00"), /06:00Z expected/],
    ["a mode that is neither", draft.replace('mode: "live"', 'mode: "drill"'), /one of live, exercise/],
    ["nothing", "", /the file is empty/],
    ["a form that no act could name", draft.replace(/^forms:\n {2}- .*$/m, 'forms:\n  - "BAD FORM"'), /form: form id: .* not "BAD FORM"/],
    ["silentAfter not above beat", draft.replace('silentAfter: "PT5M"', 'silentAfter: "PT2M"'), /^malformed$/],
    ["a caller that is no party", draft.replace('caller: "alternate"', 'caller: "west"'), /^malformed$/],
    ["a channel twice", draft.replace('id: "leaders"', 'id: "hotline"'), /^malformed$/],
  ])("refused: %s", (_, text, expected) => {
    expect(codeOf(() => bytesOf(text))).toMatch(expected);
  });
});

describe("a party's own description", () => {
  const text = partyDraft({ id: "north", mode: "live" });
  const planOf = (from: string) => placed("north.yaml", () => partyDescriptionOf(readYaml(from)));

  test("the draft is one", () => {
    expect(planOf(text)).toMatchObject({ id: "north", mode: "live", root: { threshold: 2, holders: 3 }, hours: null, addresses: [] });
  });

  test("hours are windows of the week in minutes", () => {
    const hours = planOf(
      text.replace("hours: null", "hours: [{ weekdays: [5, 1], from: 06:00Z, to: 16:00Z }, { weekdays: [1], from: 20:00Z, to: 00:00Z }]"),
    ).hours;
    expect(hours).toEqual([
      { from: 360, to: 960 },
      { from: 1200, to: 1440 },
      { from: 6120, to: 6720 },
    ]);
  });

  test.each([
    ["an unknown zone", text.replace("zone: UTC", "zone: Mars/Olympus"), /no time zone/],
    ["one directory person", text.replace(', "Second person"', ""), /two different persons/],
    ["the same person twice", text.replace("Second person", "First person"), /two different persons/],
    ["a threshold above the holders", text.replace("threshold: 2", "threshold: 4"), /from 1 to 3/],
    [
      "a window over midnight",
      text.replace("hours: null", "hours: [{ weekdays: [1], from: 20:00Z, to: 06:00Z }]"),
      /write two for a night/,
    ],
    ["an id in capitals", text.replace("id: north", "id: North"), /\[a-z\]/],
    ["a language that is not listed", text.replace("language: en", "language: fr"), /one of en/],
  ])("refused: %s", (_, from, expected) => {
    expect(codeOf(() => planOf(from))).toMatch(expected);
  });
});
