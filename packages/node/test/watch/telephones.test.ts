import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readTelephones } from "../../src/watch/telephones.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "openline-"));
});
afterEach(() => rmSync(dir, { recursive: true }));
const write = (text: string): void => writeFileSync(join(dir, "telephones.yaml"), text);

test("without the file there is no list; with it the order is its own", async () => {
  expect(await readTelephones(dir)).toEqual([]);
  write(
    '- who: { en: "Them", zh: "对方" }\n  number: "+86 (10) 5550-0100, 7#"\n  note: { en: "any hour" }\n- who: { en: Us }\n  number: ext. 4\n',
  );
  expect(await readTelephones(dir)).toEqual([
    { who: { en: "Them", zh: "对方" }, number: "+86 (10) 5550-0100, 7#", note: { en: "any hour" } },
    { who: { en: "Us" }, number: "ext. 4", note: {} },
  ]);
});

test.each([
  ["who: x", /list expected/],
  ['- who: { en: "A" }', /number/],
  ["- number: 110", /who/],
  ['- who: { fr: "A" }\n  number: "110"', /fr/],
  ['- who: { en: "A" }\n  number: "1\\u202e10"', /number/],
  ['- who: { en: "A" }\n  number: "javascript:alert(1)"', /number/],
  ['- who: { en: "A" }\n  number: "1"', /number/],
  ['- who: { en: "A" }\n  number: "110"\n  colour: red', /colour/],
  [Array.from({ length: 101 }, () => '- { who: { en: "A" }, number: "110" }').join("\n"), /more than 100/],
])("%s is refused at the start", async (text, why) => {
  write(text);
  await expect(readTelephones(dir)).rejects.toMatchObject({ code: "usage", message: expect.stringMatching(why) as unknown });
});
