import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nativeSuite } from "../../../node/src/crypto/native-suite.ts";
import { type ReadBackCheck, checkReadBack, fromHex, readBackCode, spell } from "../../src/index.ts";

interface Vector<Input, Expected> {
  readonly comment: string;
  readonly input: Input;
  readonly expect: Expected;
}
const vectors = <Input, Expected>(name: string): readonly Vector<Input, Expected>[] =>
  JSON.parse(readFileSync(new URL(`../../../../vectors/read-back/${name}.json`, import.meta.url), "utf8")).cases;

interface Spoken {
  readonly code: string;
  readonly en: readonly string[];
  readonly zh: readonly string[];
}

test.each(vectors<{ payload: string }, Spoken>("codes"))("code: $comment", ({ input, expect: expected }) => {
  const code = readBackCode(nativeSuite, fromHex(input.payload));
  expect({ code, en: spell(code, "en"), zh: spell(code, "zh") }).toEqual(expected);
});

test.each(vectors<{ text: string }, ReadBackCheck>("checks"))("check: $comment", ({ input, expect: expected }) => {
  expect(checkReadBack(input.text)).toEqual(expected);
});

describe("what is misheard is found, in its group", () => {
  const code = fc.uint8Array({ maxLength: 80 }).map((payload) => readBackCode(nativeSuite, payload));

  test("a code is right", () => {
    fc.assert(
      fc.property(code, (right) => {
        expect(checkReadBack(right)).toEqual({ ok: true, code: right });
      }),
    );
  });

  test("one wrong figure", () => {
    fc.assert(
      fc.property(code, fc.nat(29), fc.integer({ min: 1, max: 9 }), (right, at, by) => {
        const figures = Array.from(right.replaceAll(" ", ""));
        figures[at] = String((Number(figures[at]) + by) % 10);
        expect(checkReadBack(figures.join(""))).toEqual({ ok: false, why: "check", groups: [Math.floor(at / 5) + 1] });
      }),
    );
  });

  test("two neighbours exchanged in a group", () => {
    fc.assert(
      fc.property(code, fc.nat(5), fc.nat(3), (right, group, at) => {
        const figures = Array.from(right.replaceAll(" ", ""));
        const first = group * 5 + at;
        fc.pre(figures[first] !== figures[first + 1]);
        [figures[first], figures[first + 1]] = [figures[first + 1] ?? "", figures[first] ?? ""];
        expect(checkReadBack(figures.join(""))).toEqual({ ok: false, why: "check", groups: [group + 1] });
      }),
    );
  });

  test("a group said in another's place", () => {
    fc.assert(
      fc.property(code, fc.nat(5), fc.nat(5), (right, from, to) => {
        fc.pre(from !== to);
        const groups = right.split(" ");
        groups[to] = groups[from] ?? "";
        expect(checkReadBack(groups.join(" "))).toEqual({ ok: false, why: "check", groups: [to + 1] });
      }),
    );
  });

  test("any text is read without failing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(checkReadBack(text).ok).toBe(false);
      }),
    );
  });
});
