import { expect, test } from "vitest";
import { COMMON_WORDS, KINDS, KIND_NAMES, LANGUAGES } from "../../src/index.ts";
import {
  type Catalogue,
  BODY_WORDS,
  FINDING_PARAMETERS,
  MISFIT_PARAMETERS,
  PRINCIPAL_PARAMETERS,
  REASON_PARAMETERS,
  SENTENCE_PARAMETERS,
  TRACK_STEPS,
} from "../../src/words/catalogue.ts";
import { catalogueOf } from "../../src/words/catalogues.ts";
import { parametersOf } from "../../src/words/template.ts";

const entries = (catalogue: Catalogue): readonly (readonly [string, string, string])[] =>
  Object.entries(catalogue).flatMap(([section, words]: [string, Readonly<Record<string, string>>]) =>
    Object.entries(words).map(([key, text]) => [section, key, text] as const),
  );

const PARAMETERS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  misfits: MISFIT_PARAMETERS,
  findings: FINDING_PARAMETERS,
  reasons: REASON_PARAMETERS,
  principals: PRINCIPAL_PARAMETERS,
  sentences: SENTENCE_PARAMETERS,
  amendmentSteps: Object.fromEntries(Object.keys(catalogueOf("en").amendmentSteps).map((step) => [step, ["by"]])),
};

test("both languages have the same keys", () => {
  const keys = LANGUAGES.map((language) => entries(catalogueOf(language)).map(([section, key]) => `${section}.${key}`));
  expect(keys[0]).toEqual(keys[1]);
});

test.each(LANGUAGES)("%s: no text is empty, padded or of several lines", (language) => {
  for (const [section, key, text] of entries(catalogueOf(language)))
    expect([section, key, text.length > 0 && text.trim() === text && !text.includes("\n")]).toEqual([section, key, true]);
});

test("Chinese says everything itself: no key, no English word", () => {
  for (const [section, key, text] of entries(catalogueOf("zh"))) {
    expect(text, `${section}.${key}`).not.toBe(key);
    const rest = text.replaceAll(/\{[A-Za-z]+\}/g, "").replaceAll(/^[RPOZ](?=级$)/g, "");
    expect(rest, `${section}.${key}`).not.toMatch(/[A-Za-z]/);
    expect(rest, `${section}.${key}`).not.toMatch(/[,;:?!()]/);
  }
});

test("English sentences are not their codes", () => {
  const { refusals, faults, reasons, sentences } = catalogueOf("en");
  for (const section of [refusals, faults, reasons, sentences])
    for (const [key, text] of Object.entries(section)) expect(text).not.toBe(key);
  for (const text of [...Object.values(refusals), ...Object.values(faults), ...Object.values(reasons)]) expect(text).toMatch(/\.$/);
});

test.each(LANGUAGES)("%s: each template has exactly the parameters it is given", (language) => {
  for (const [section, key, text] of entries(catalogueOf(language)))
    expect([section, key, [...parametersOf(text)].sort()]).toEqual([section, key, [...(PARAMETERS[section]?.[key] ?? [])].sort()]);
});

test.each(LANGUAGES)("%s: two kinds of act, refusals or facts never share a name", (language) => {
  const { kinds, refusals, facts, verdicts, track, bodyWords } = catalogueOf(language);
  for (const section of [kinds, refusals, facts, verdicts, track, bodyWords]) {
    const texts = Object.values(section);
    expect(new Set(texts).size).toBe(texts.length);
  }
});

test("the words of product.md §2 stand as they are", () => {
  const { track, verdicts, precedences } = catalogueOf("en");
  expect(TRACK_STEPS.map((step) => track[step])).toEqual(["released", "left", "held", "acknowledged", "answered"]);
  expect(verdicts["not-in-force"]).toBe("not in force");
  expect(Object.values(precedences)).toEqual(["ROUTINE (R)", "PRIORITY (P)", "IMMEDIATE (O)", "FLASH (Z)"]);
  expect(catalogueOf("zh").kinds["holding-reply"]).toBe("收悉待复");
});

test("every word of every body has a name", () => {
  const words = KIND_NAMES.flatMap((kind) => Object.keys(KINDS[kind].words ?? {}));
  expect(new Set([...words, ...Object.keys(COMMON_WORDS)])).toEqual(new Set(BODY_WORDS));
});
