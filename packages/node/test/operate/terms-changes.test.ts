import { expect, test } from "vitest";
import { decodeTerms, parseUnixSeconds, type Terms } from "@openline/core";
import { readYaml } from "../../src/operate/exercise-yaml.ts";
import { termsChanges } from "../../src/operate/terms-changes.ts";
import { termsDraft, termsOf } from "../../src/operate/terms-yaml.ts";

const drafted = termsDraft({
  mode: "live",
  languages: ["en", "zh"],
  parties: ["north", "south"],
  channels: ["hotline", "attache"],
  from: parseUnixSeconds(1_767_225_600),
});
const terms: Terms = decodeTerms(termsOf(readYaml(Buffer.from(drafted)), null));
const paths = (after: Terms): readonly string[] => termsChanges(terms, after).map(({ path }) => path);

test("the same terms differ nowhere", () => expect(termsChanges(terms, terms)).toEqual([]));

test("a clock that changes, comes or goes stands under its channel, with both sides", () => {
  const [first, ...others] = terms.channels;
  const held = { ...first!.clocks.held, FLASH: 120 };
  const { ROUTINE: gone, ...answer } = first!.clocks.answer;
  expect(gone).toBeDefined();
  const changed = { ...first!, clocks: { ...first!.clocks, held, answer, callRequest: null } };
  expect(termsChanges(terms, { ...terms, channels: [changed, ...others] })).toEqual([
    { path: "channels.hotline.clocks.held.FLASH", before: "PT5M", after: "PT2M" },
    { path: "channels.hotline.clocks.answer.ROUTINE", before: "P5D", after: undefined },
    { path: "channels.hotline.clocks.callRequest", before: "P2D", after: "null" },
  ]);
});

test("a channel that goes or comes, another order, a list and a text in one language each stand where they are", () => {
  const [first, second] = terms.channels;
  expect(paths({ ...terms, channels: [first!] })).toEqual(["channels.attache"]);
  expect(termsChanges(terms, { ...terms, channels: [second!, first!] })).toEqual([
    { path: "channels", before: "hotline, attache", after: "attache, hotline" },
  ]);
  expect(paths({ ...terms, forms: terms.forms.slice(1) })).toEqual(["forms"]);
  expect(paths({ ...terms, title: { ...terms.title, zh: "新线路" } })).toEqual(["title.zh"]);
  expect(paths({ ...terms, rates: null })).toEqual(["rates"]);
});
