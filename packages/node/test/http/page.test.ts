import { expect, test } from "vitest";
import fc from "fast-check";
import { pageOf } from "../../src/http/page.ts";
import { Asked } from "../../src/http/problems.ts";

const keys = fc.uniqueArray(fc.string({ maxLength: 12 }), { maxLength: 40 });

test("the pages of a list are the list, each item once and in order of its key, whatever the size of a page", () => {
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 7 }), (items, limit) => {
      const found: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page = pageOf(items, (item) => `k${item}`, cursor === undefined ? { limit } : { limit, cursor });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        found.push(...page.items);
        cursor = page.next;
      }
      expect(found).toEqual(items.toSorted((a, b) => (a < b ? -1 : 1)));
    }),
  );
});

test.each(["=", "AB=", "AB", "é"])("a cursor that no page gave is refused: %s", (cursor) => {
  expect(() => pageOf(["a"], (item) => item, { cursor })).toThrow(Asked);
});
