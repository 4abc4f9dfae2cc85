import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

/** What `npm run build` has made. */
const pages = new URL("../dist/pages/", import.meta.url);
const KILOBYTE = 1000;
const BUDGET = { js: 160 * KILOBYTE, css: 15 * KILOBYTE } as const;

const filesOf = (ending: string): readonly string[] =>
  readdirSync(pages, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(`.${ending}`));
const textOf = (name: string): string => readFileSync(new URL(name, pages), "utf8");

/** What the page loads before anything is asked for: its script, and whatever that imports at once. */
function firstScripts(): readonly string[] {
  const [, entry = ""] = /<script[^>]*\bsrc="\/([^"]+)"/.exec(textOf("index.html")) ?? [];
  const found = new Set([entry]);
  for (const name of found)
    for (const [, other = ""] of textOf(name).matchAll(/\bimport(?:[^"'()]*from)?\s*["']\.\/([^"']+)["']/g)) found.add(`assets/${other}`);
  return [...found];
}

test.each(["js", "css"] as const)("all %s of the first screen keeps within its budget, compressed", (kind) => {
  const files = kind === "js" ? firstScripts() : filesOf(kind);
  expect(files.length).toBeGreaterThan(0);
  const bytes = files.map((name) => gzipSync(textOf(name), { level: 9 }).length).reduce((a, b) => a + b, 0);
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
