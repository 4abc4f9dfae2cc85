import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parametersOf } from "@openline/core";
import { en } from "../src/words/en.ts";
import { zh } from "../src/words/zh.ts";
import { START_WORDS, type StartWord } from "../src/start/words.ts";
import { type Word, loadWords, sayIn } from "../src/words/say.ts";

const src = new URL("../src/", import.meta.url);
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
const sourceOf = (name: string): string => readFileSync(new URL(name, src), "utf8");
const words = Object.keys(en) as Word[];

describe("catalogues", () => {
  test.each(words)("%s takes the same parameters in both languages", (word) => {
    expect(new Set(parametersOf(zh[word]))).toEqual(new Set(parametersOf(en[word])));
    expect(zh[word].trim()).not.toBe("");
  });

  test("the start page's words take the same parameters in both languages, and each is said", () => {
    const source = files
      .filter((name) => name.startsWith("start/") && !name.endsWith("words.ts"))
      .map(sourceOf)
      .join("\n");
    for (const word of Object.keys(START_WORDS.en) as StartWord[]) {
      expect([word, new Set(parametersOf(START_WORDS.zh[word]))]).toEqual([word, new Set(parametersOf(START_WORDS.en[word]))]);
      expect(source).toContain(`"${word}"`);
    }
  });

  test("every word is said somewhere", () => {
    const source = files
      .filter((name) => !name.startsWith("words/en") && !name.startsWith("words/zh"))
      .map(sourceOf)
      .join("\n");
    const built = [...source.matchAll(/say\(`([a-z]+\.)\$\{/gi)].map(([, start]) => start ?? "");
    expect(words.filter((word) => !source.includes(`"${word}"`) && !built.some((start) => word.startsWith(start)))).toEqual([]);
  });

  test("no component says a word of its own", () => {
    const literal = /(?<!=)>\s*[A-Za-z\p{Script=Han}][^<>{}=;()]*</gu;
    const found = files
      .filter((name) => name.endsWith(".tsx"))
      .flatMap((name) => [...sourceOf(name).matchAll(literal)].map(([text]) => `${name}: ${text}`));
    expect(found.filter((text) => !/> *(Z|O|P|R) *</.test(text))).toEqual([]);
  });

  test("a parameter stands where its template says", async () => {
    await loadWords("zh");
    expect(sayIn("zh")("debt.left", { left: "00:07:41" })).toBe("尚余00:07:41");
  });
});
