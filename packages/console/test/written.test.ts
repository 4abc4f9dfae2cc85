import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PRECEDENCES } from "@openline/core";
import { CODE_WORDS } from "../src/pages/send/code-words.ts";
import { type Written, asideOf, isWorthKeeping, keptAside, keptText, restOf, writtenOf } from "../src/pages/send/written.ts";

const words = fc.dictionary(fc.constantFrom("en", "zh", "__proto__", "constructor"), fc.string({ minLength: 1, unit: "grapheme" }), {
  noNullPrototype: true,
});
const message = fc.record({
  channel: fc.option(fc.string(), { nil: undefined }),
  precedence: fc.option(fc.constantFrom(...PRECEDENCES), { nil: undefined }),
  texts: words,
});

describe("a message while it is written", () => {
  test("is kept and read back, and equal messages are kept as equal texts", () => {
    fc.assert(
      fc.property(message, (written) => {
        const kept = keptText(written);
        expect(writtenOf(kept)).toEqual(kept === "" ? { channel: undefined, precedence: undefined, texts: {} } : written);
        const turned = Object.fromEntries(Object.entries(written.texts).toReversed());
        expect(keptText({ ...written, texts: turned })).toBe(kept);
      }),
    );
  });

  test("is nothing where the text is of nobody's making", () => {
    for (const text of ["", "{", "[]", "7", "null", '{"texts":7}', '{"precedence":"LOUD","channel":4,"texts":{"en":4}}'])
      expect(writtenOf(text)).toEqual({ channel: undefined, precedence: undefined, texts: {} });
    expect(asideOf('{"a":1}')).toEqual([]);
  });

  test("lies aside whole, and a code word as it stands in the list does not", () => {
    const own: Written = { channel: "hotline", precedence: "PRIORITY", texts: { en: "Two boats." } };
    expect(asideOf(keptAside([own, { ...own, channel: undefined }]))).toEqual([own, { ...own, channel: undefined }]);
    expect(isWorthKeeping({ ...own, texts: { en: CODE_WORDS[0]!.text["en"]!, zh: CODE_WORDS[0]!.text["zh"]! } })).toBe(false);
    expect(isWorthKeeping({ ...own, texts: { en: `${CODE_WORDS[0]!.text["en"]!} And more.` } })).toBe(true);
    expect(isWorthKeeping({ ...own, texts: { en: "  " } })).toBe(false);
  });

  test("keeps what was typed while it was being sent", () => {
    const said: Written = { channel: "hotline", precedence: "FLASH", texts: { en: "First", zh: "一" } };
    expect(restOf({ ...said, texts: { en: "First and more", zh: "一" } }, said).texts).toEqual({ en: "and more", zh: "" });
    expect(restOf({ ...said, texts: { en: "Another one" } }, said).texts).toEqual({ en: "Another one" });
  });
});
