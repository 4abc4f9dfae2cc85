import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { REFUSAL_CODES } from "../src/index.ts";

const root = new URL("../../../vectors/", import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));

/** Texts under the keys by which a vector says what is refused. */
function codesIn(value: unknown, key: string): readonly string[] {
  if (typeof value === "string") return ["code", "refusal", "expect", "findings"].includes(key) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => codesIn(item, key));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => codesIn(item, name));
}

const named = new Set(files.flatMap((name) => codesIn(JSON.parse(readFileSync(new URL(name, root), "utf8")), "")));

test.each(REFUSAL_CODES)("an invalid vector is refused as %s", (code) => {
  expect(named).toContain(code);
});
