import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Body,
  type Cbor,
  type Header,
  type Language,
  type Line,
  KIND_NAMES,
  LANGUAGES,
  catalogueOf,
  parseDigest,
  parseUnixSeconds,
  renderAct,
  renderText,
  visible,
} from "../../src/index.ts";
import { bodyOf, headerOf } from "./samples.ts";

const COMMITMENT = parseDigest("09".repeat(32));

function render(header: Header, body: Body | undefined, language: Language): readonly Line[] {
  return renderAct(
    {
      header,
      body,
      placedAt: parseUnixSeconds(1_696_000_000),
      authorLanguage: "zh",
      partyName: () => "Country B",
      channelName: (channel) => `channel ${channel}`,
    },
    language,
  );
}

describe.each(LANGUAGES)("%s", (language) => {
  const { labels, sentences, kinds, bodyWords } = catalogueOf(language);

  test.each(KIND_NAMES)("%s, withheld and without words", (kind) => {
    const withheld = render(headerOf(kind, { body: COMMITMENT }), undefined, language);
    expect(withheld.find(({ label }) => label === labels.act)?.text).toBe(kinds[kind]);
    expect(withheld.at(-1)?.text).toContain(COMMITMENT);
    const bare = render(headerOf(kind), undefined, language);
    expect(bare.some(({ label }) => label === labels.words)).toBe(false);
    for (const { label, text } of [...withheld, ...bare]) {
      expect(label).not.toBe("");
      expect(text).not.toMatch(/undefined|\[object|\{[a-z]+\}/);
    }
  });

  test.each(KIND_NAMES)("%s with any words that fit", (kind) => {
    fc.assert(
      fc.property(bodyOf(kind), (body) => {
        const lines = render(headerOf(kind, { body: COMMITMENT }), body, language);
        expect(lines.some(({ label }) => label.includes(labels.otherWord))).toBe(false);
        const said = lines.map(({ text }) => text);
        for (const value of body.values())
          if (value instanceof Map) for (const text of textsOf(value)) expect(said).toContain(visible(text));
        expect(
          renderText(lines, language)
            .split("\n")
            .every((line) => line.startsWith("  | ") || /: |：/.test(line)),
        ).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test("any body at all, as of a failed check", () => {
    const value: fc.Arbitrary<Cbor> = fc.letrec<{ value: Cbor }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.string({ unit: "binary" }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.uint8Array(),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.array(fc.tuple(fc.oneof(fc.string(), fc.integer()), tie("value")), { maxLength: 3 }).map((items) => new Map(items)),
      ),
    })).value;
    const word = fc.oneof(fc.constantFrom(...Object.keys(bodyWords)), fc.string({ unit: "binary" }), fc.integer());
    fc.assert(
      fc.property(fc.constantFrom(undefined, ...KIND_NAMES), fc.array(fc.tuple(word, value), { maxLength: 5 }), (kind, words) => {
        const lines = render(headerOf(kind, { body: COMMITMENT }), new Map(words), language);
        for (const { label, text } of lines) {
          // eslint-disable-next-line no-control-regex
          expect(label + text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069\u200b]|\p{Cs}/u);
          expect(label).not.toContain("\n");
        }
      }),
    );
  });

  test("a kind of a later version is shown by its number", () => {
    const [first] = render(headerOf(undefined), undefined, language);
    expect(first?.text).toContain("999");
  });

  test("an exercise, an unsure detail and one side's account are said first", () => {
    const body = new Map<string, Cbor>([
      ["reconstructed", true],
      ["source", "a public report"],
    ]);
    const lines = render(headerOf("observed"), body, language);
    expect(lines.slice(0, 3).map(({ text }) => text)).toEqual([sentences.exercise, sentences.unsure, sentences.observedByAuthor]);
    expect(lines.find(({ label }) => label === bodyWords.source)?.text).toContain("a public report");
  });
});

test("the reader's language comes first, the author's is marked authentic, and both stay", () => {
  const body = new Map<string, Cbor>([
    [
      "text",
      new Map([
        ["fr", "oui"],
        ["en", "yes"],
        ["zh", "是"],
      ]),
    ],
  ]);
  const lines = (language: Language): readonly Line[] => render(headerOf("message"), body, language).slice(-3);
  expect(lines("en")).toEqual([
    { label: "Text (English)", text: "yes" },
    { label: "Text (Chinese, authentic)", text: "是", lang: "zh" },
    { label: "Text (French)", text: "oui", lang: "fr" },
  ]);
  expect(lines("zh")[0]).toEqual({ label: "正文（中文，作准文本）", text: "是" });
});

test("a place keeps the digits its author gave", () => {
  const body = new Map<string, Cbor>([["position", ["-122.4190", "37.77"]]]);
  expect(render(headerOf("incident-open"), body, "en").at(-1)?.text).toBe("37.77° N 122.4190° W");
  expect(render(headerOf("incident-open"), body, "zh").at(-1)?.text).toBe("北纬37.77°，西经122.4190°");
});

test("form fields are in the reader's language, and nothing hidden stays hidden", () => {
  const fields = new Map<string, Cbor>([
    ["aircraft-count", 4],
    ["x\u202ey", "a\u200bb\nFrom: minister"],
  ]);
  const text = render(headerOf("notification"), new Map<string, Cbor>([["fields", fields]]), "en").at(-1)?.text ?? "";
  expect(text.split("\n")).toHaveLength(2);
  expect(text).toContain("x⟦U+202E⟧y: a⟦U+200B⟧b From: minister");
});

test("no text can look like another line", () => {
  const body = new Map<string, Cbor>([["text", new Map([["en", "one\nPrecedence: FLASH (Z)"]])]]);
  expect(renderText(render(headerOf("message"), body, "en"), "en")).toContain("Text (English): one\n  | Precedence: FLASH (Z)");
});

test("hidden characters are shown by number", () => {
  expect(visible("a\u202eb\u0000c\ud800d\u{e0041}e\nf")).toBe("a⟦U+202E⟧b⟦U+0000⟧c⟦U+D800⟧d⟦U+E0041⟧e\nf");
  expect(visible("中文 English नमस्ते 👩‍👩‍👧")).toBe("中文 English नमस्ते 👩‍👩‍👧");
});

function textsOf(value: Cbor): readonly string[] {
  return value instanceof Map
    ? [...value]
        .filter(([key]) => /^(en|zh|ru|fr|pt-BR)$/.test(String(key)))
        .flatMap(([, text]) => (typeof text === "string" ? [text] : []))
    : [];
}
