import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { filesOf, firstScreenBytes, textOf } from "./first-screen.ts";

const KILOBYTE = 1000;
const BUDGET = { js: 160 * KILOBYTE, css: 15 * KILOBYTE } as const;

test.each(["js", "css"] as const)("all %s of the first screen keeps within its budget, compressed", (kind) => {
  const bytes = firstScreenBytes(kind);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(BUDGET[kind]);
});

test("the page runs no script and sets no style of its own", () => {
  const html = textOf("index.html");
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(html).not.toMatch(/<style| style=|\bon[a-z]+=/);
});

test("nothing that is built names another place to fetch from", () => {
  // Names that are only names: of kinds of element, of a page that explains an error, and of nowhere, to read an address against.
  const names = /^https?:\/\/(www\.w3\.org\/|react\.dev\/errors\/|example\.com$)/;
  const found = [...filesOf("js"), ...filesOf("css")].flatMap((name) => textOf(name).match(/https?:\/\/[A-Za-z0-9./_-]+/g) ?? []);
  expect(found.filter((address) => !names.test(address))).toEqual([]);
});

test("the policy that the node sends lets in the one style of the components, and that is what it is", () => {
  const [, style = ""] = /textContent=`\s*(@layer[^`]*?)\s*`\.trim\(\)/.exec(filesOf("js").map(textOf).join("")) ?? [];
  const [, attribute = ""] = /(data-react-aria-pressable)/.exec(filesOf("js").map(textOf).join("")) ?? [];
  const text = style.replace(/\$\{[^}]*\}/, attribute);
  expect(text).toContain("touch-action");
  const hash = `sha256-${createHash("sha256").update(text).digest("base64")}`;
  expect(readFileSync(new URL("../../node/src/http/console.ts", import.meta.url), "utf8")).toContain(`"${hash}"`);
});
