import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PRECEDENCES } from "@openline/core";
import { CODE_WORDS } from "../src/pages/send/code-words.ts";
import { asideOf, isOwnWords, restOf } from "../src/pages/send/own-words.ts";
import { type Written, keptList, keptText, writtenOf } from "../src/typed/written.ts";

const words = fc.dictionary(fc.constantFrom("en", "zh", "__proto__", "constructor"), fc.string({ minLength: 1, unit: "grapheme" }), {
  noNullPrototype: true,
});
const message = fc.record({
  channel: fc.option(fc.string(), { nil: undefined }),
  precedence: fc.option(fc.constantFrom(...PRECEDENCES), { nil: undefined }),
  words,
});

describe("a message while it is written", () => {
  test("is kept and read back, and equal messages are kept as equal words", () => {
    fc.assert(
      fc.property(message, (written) => {
        const kept = keptText(written);
        expect(writtenOf(kept)).toEqual(kept === "" ? { channel: undefined, precedence: undefined, words: {} } : written);
        const turned = Object.fromEntries(Object.entries(written.words).toReversed());
        expect(keptText({ ...written, words: turned })).toBe(kept);
      }),
    );
  });

  test("is nothing where the text is of nobody's making", () => {
    for (const text of ["", "{", "[]", "7", "null", '{"words":7}', '{"precedence":"LOUD","channel":4,"words":{"en":4}}'])
      expect(writtenOf(text)).toEqual({ channel: undefined, precedence: undefined, words: {} });
    expect(asideOf('{"a":1}')).toEqual([]);
  });

  test("lies aside whole, and a code word as it stands in the list does not", () => {
    const own: Written = { channel: "hotline", precedence: "PRIORITY", words: { en: "Two boats." } };
    expect(asideOf(keptList([own, { ...own, channel: undefined }]))).toEqual([own, { ...own, channel: undefined }]);
    expect(isOwnWords({ ...own, words: { en: CODE_WORDS[0]!.text["en"]!, zh: CODE_WORDS[0]!.text["zh"]! } })).toBe(false);
    expect(isOwnWords({ ...own, words: { en: `${CODE_WORDS[0]!.text["en"]!} And more.` } })).toBe(true);
    expect(isOwnWords({ ...own, words: { en: "  " } })).toBe(false);
  });

  test("keeps what was typed while it was being sent", () => {
    const said: Written = { channel: "hotline", precedence: "FLASH", words: { en: "First", zh: "一" } };
    expect(restOf({ ...said, words: { en: "First and more", zh: "一" } }, said).words).toEqual({ en: "and more", zh: "" });
    expect(restOf({ ...said, words: { en: "Another one" } }, said).words).toEqual({ en: "Another one" });
  });
});
