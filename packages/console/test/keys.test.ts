import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ACTS, KEYS, PREFIX, isLetter } from "../src/keys/table.ts";

test.each(ACTS)("the key of %s stands in the guide of the console", (act) => {
  const guide = readFileSync(new URL("../../../docs/operating/console.md", import.meta.url), "utf8");
  const keys = [...guide.matchAll(/^\| `([^|]+)` +\|/gm)].flatMap(([, cell = ""]) => cell.split(/` (?:to|or) `/));
  expect(keys).toContain(KEYS[act][0]);
  expect(keys).toContain(KEYS[act].at(-1));
});

test("no letter acts where it might be the second one of a place to go to", () => {
  expect(ACTS.flatMap((act): readonly string[] => KEYS[act])).not.toContain(PREFIX);
});

test.each([
  ["h", true],
  ["?", true],
  ["1", true],
  ["g h", true],
  ["F2", false],
  ["Alt+1", false],
  ["Ctrl+Enter", false],
  ["Escape", false],
])("%s types something: %s", (key, types) => expect(isLetter(key)).toBe(types));
