import { expect, test } from "vitest";
import { documents } from "../../../tools/make-acts-doc.ts";

test.each(documents())("$path has the tables that the code gives (to update: node tools/make-acts-doc.ts)", ({ found, expected }) => {
  expect(found).toBe(expected);
  expect(found).toContain("<!-- table: ");
});
