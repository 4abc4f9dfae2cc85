import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Cbor,
  MISFIT_CODES,
  type WrongValue,
  completeness,
  encode,
  type FieldType,
  FORM_LANGUAGES,
  formById,
  type FormLanguage,
  mergeFields,
  misfitText,
  parseTime,
  readField,
  renderFinding,
  renderForm,
  renderText,
  shippedForms,
} from "../src/index.ts";

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
interface Case<Expect> {
  comment: string;
  form: string;
  fields: { [key: string]: Json };
  placedAt: string;
  start?: string;
  accordLeadTimeS?: number;
  expect: Expect;
}

function casesOf<Expect>(name: string): Case<Expect>[] {
  const url = new URL(`../../../vectors/forms/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, "utf8")) as { cases: Case<Expect>[] }).cases;
}

function cborOf(value: Json): Cbor {
  if (Array.isArray(value)) return value.map(cborOf);
  return typeof value === "object" && value !== null ? fieldsOf(value) : value;
}
const fieldsOf = (fields: { [key: string]: Json }): Map<string, Cbor> =>
  new Map(Object.entries(fields).map(([key, value]) => [key, cborOf(value)]));

interface Finding {
  status: string;
  missing: string[];
  late: { leadTimeS: number; givenS: number } | null;
  wrong: string[];
}

test.each(["live-training-short-notice", "other-forms"].flatMap((name) => casesOf<Finding>(name)))("$form: $comment", (vector) => {
  const { placedAt, start, accordLeadTimeS } = vector;
  const finding = completeness(formById(vector.form), fieldsOf(vector.fields), {
    placedAt: parseTime(placedAt),
    ...(start === undefined ? {} : { start: parseTime(start) }),
    ...(accordLeadTimeS === undefined ? {} : { accordLeadTimeS }),
  });
  expect({ ...finding, wrong: finding.wrong.map(({ key }) => key) }).toEqual(vector.expect);
});

test.each(casesOf<Record<FormLanguage, string[]>>("render"))("rendering: $comment", ({ form, fields, expect: lines }) => {
  for (const language of FORM_LANGUAGES) expect(renderForm(formById(form), fieldsOf(fields), language)).toEqual(lines[language]);
});

test.each(casesOf<{ wrong: WrongValue[]; sentences: Record<FormLanguage, string[]> }>("misfits"))("misfit: $comment", (vector) => {
  const form = formById(vector.form);
  const { wrong } = completeness(form, fieldsOf(vector.fields), { placedAt: parseTime(vector.placedAt) });
  expect(wrong).toEqual(vector.expect.wrong);
  for (const language of FORM_LANGUAGES)
    expect(wrong.map((value) => misfitText(form, value, language))).toEqual(vector.expect.sentences[language]);
});

test("every reason for a wrong value has a vector", () => {
  const seen = casesOf<{ wrong: WrongValue[] }>("misfits").flatMap(({ expect: { wrong } }) => wrong.map(({ code }) => code));
  expect([...new Set(seen)].sort()).toEqual([...MISFIT_CODES].sort());
});

test.each(["", "  ", "\u00a0", "\u200b", "\u3164", "\u2800", "\u202e", "\u115f \ufeff", "\n"])(
  "text that nobody sees says nothing: %j",
  (text) => {
    const form = formById("live-training-short-notice");
    const finding = completeness(form, fieldsOf({ "aircraft-count": 4, area: text }), { placedAt: parseTime("2026-10-31T22:00:00Z") });
    expect(finding.missing).toContain("area");
  },
);

test("a finding is said line by line, in both languages", () => {
  const form = formById("live-training-short-notice");
  const fields = fieldsOf({ "aircraft-count": "many", start: "2026-11-01T00:00:00Z" });
  const finding = completeness(form, fields, { placedAt: parseTime("2026-10-31T22:00:00Z"), accordLeadTimeS: 86_400 });
  const said = (language: FormLanguage, of = finding): string => renderText(renderFinding(form, of, language), language);
  const [english, chinese] = [said("en"), said("zh")];
  expect(english).toMatch(/^Form: incomplete; it is sent all the same/);
  for (const key of finding.missing) expect(english).toContain(form!.fields.find((field) => field.key === key)!.label.en);
  expect(english).toContain("a whole number, 0 or more, expected");
  expect(chinese).toContain("表格：不完整");
  expect(said("en", { ...finding, late: { leadTimeS: 86_400, givenS: 7200 } })).toMatch(
    /\nLate: 02:00:00 before the start, where the form asks for 1 day$/,
  );
  expect(said("en", { ...finding, late: { leadTimeS: 86_400, givenS: -1 } })).toMatch(
    /\nLate: not before the start, where the form asks for 1 day$/,
  );
  expect(
    renderText(renderFinding(undefined, completeness(undefined, fields, { placedAt: parseTime("2026-10-31T22:00:00Z") }), "en"), "en"),
  ).toBe("Form: not checked; no form of this name is held");
});

test("an update adds to its notification and overrides it", () => {
  const base = fieldsOf({ unit: "task group", area: "" });
  const merged = mergeFields(base, fieldsOf({ area: "north of 25N", remarks: "second call" }));
  expect([...merged]).toEqual([
    ["unit", "task group"],
    ["area", "north of 25N"],
    ["remarks", "second call"],
  ]);
  expect(base.get("area")).toBe("");
});

function codesOf(type: FieldType): readonly { code: string; label: Record<string, string> }[] {
  if (type.type === "list") return codesOf(type.of);
  return type.type === "code" ? type.codes : [];
}

test("the shipped forms are seventeen, each key and code once, with words in every language", () => {
  expect(shippedForms).toHaveLength(17);
  expect(new Set(shippedForms.map(({ id }) => id)).size).toBe(17);
  for (const form of shippedForms) {
    const keys = form.fields.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(key).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    if (form.startKey !== undefined) expect(keys).toContain(form.startKey);
    for (const language of FORM_LANGUAGES) {
      expect(form.title[language]).not.toBe("");
      for (const { label, value } of form.fields) {
        expect(label[language]).not.toBe("");
        for (const { code, label: word } of codesOf(value)) expect([code, word[language]]).not.toContain("");
      }
    }
  }
});

test("live training has exactly four safety fields", () => {
  const form = formById("live-training-short-notice");
  expect(form?.fields.filter(({ requiredForSafety }) => requiredForSafety).map(({ key }) => key)).toEqual([
    "area",
    "aircraft-count",
    "aircraft-type",
    "navigation-warning",
  ]);
});

test("whatever a body carries is judged and rendered, one line for each field", () => {
  const value = fc.letrec<{ value: Cbor }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.maxSafeInteger(),
      fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
      fc.constantFrom<Cbor>(true, false, null, "PT1H", "2025-12-06T06:00:00Z", "1.5", "fighter"),
      fc.uint8Array({ maxLength: 4 }),
      fc.array(tie("value"), { maxLength: 3 }),
      fc
        .array(fc.tuple(fc.constantFrom("type", "coordinates", "centre", "radius", "a"), tie("value")), { maxLength: 3 })
        .map((pairs) => new Map(pairs)),
    ),
  })).value;
  const placedAt = parseTime("2025-12-06T05:10:00Z");
  fc.assert(
    fc.property(fc.constantFrom(...shippedForms), fc.array(value, { minLength: 25, maxLength: 25 }), (form, values) => {
      const fields = new Map(form.fields.map(({ key }, i): [string, Cbor] => [key, values[i] ?? null]));
      encode(fields);
      const { missing, status } = completeness(form, fields, { placedAt });
      expect(status === "complete").toBe(missing.length === 0);
      for (const language of FORM_LANGUAGES)
        for (const line of renderForm(form, fields, language)) expect(line).not.toMatch(/[\n\r\u2028\u2029]/);
    }),
    { numRuns: 500 },
  );
});

const liveTraining = formById("live-training-short-notice")!;
const typeOf = (key: string): FieldType => liveTraining.fields.find((field) => field.key === key)!.value;

test.each<[key: string, typed: string, value: Cbor | undefined]>([
  ["unit", "  a task group ", "a task group"],
  ["unit", " \n ", undefined],
  ["aircraft-count", "12", 12],
  ["aircraft-count", "-12", "-12"],
  ["aircraft-count", "a dozen", "a dozen"],
  ["start", "2025-12-06T06:00:00Z", "2025-12-06T06:00:00Z"],
  ["aircraft-type", "fighter\n\nan old one\n", ["fighter", "an old one"]],
  ["area", "124.9, 37.1", ["124.9", "37.1"]],
  [
    "area",
    "124.9, 37.1\n125, 37\n-125.5，37",
    [
      ["124.9", "37.1"],
      ["125", "37"],
      ["-125.5", "37"],
    ],
  ],
  [
    "area",
    "124.9, 37.1 radius 5000",
    new Map<string, Cbor>([
      ["centre", ["124.9", "37.1"]],
      ["radius", "5000"],
    ]),
  ],
  ["area", "south of the island, below 3000 m", "south of the island, below 3000 m"],
  ["area", "124.9, 37.1\nand the rest", "124.9, 37.1\nand the rest"],
])("typed for %s: %j is %j", (key, typed, value) => expect(readField(typeOf(key), typed)).toEqual(value));

test("whatever is typed for any field of any form is kept, and can be said", () => {
  const fields = shippedForms.flatMap((form) => form.fields);
  fc.assert(
    fc.property(fc.constantFrom(...fields), fc.oneof(fc.string(), fc.stringMatching(/^[-0-9., \n]{0,40}$/)), ({ value: type }, typed) => {
      const value = readField(type, typed);
      expect(value === undefined).toBe(typed.trim() === "");
      if (value !== undefined) encode(value);
    }),
  );
});
