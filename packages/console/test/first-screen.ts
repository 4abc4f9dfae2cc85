import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** What `npm run build` has made. */
const pages = new URL("../dist/pages/", import.meta.url);

export type Kind = "js" | "css";

/** All of one kind that the first screen loads, bytes as gzip leaves them. Every style counts, wherever it is used. */
export function firstScreenBytes(kind: Kind): number {
  const files = kind === "js" ? firstScripts() : filesOf(kind);
  const words = kind === "js" ? filesOf(kind).filter((name) => WORDS.test(name)) : [];
  return files.map(packed).reduce((a, b) => a + b, 0) + Math.max(0, ...words.map(packed));
}

/** The words of one language: the first screen asks for those of its own before it is drawn. */
const WORDS = /^assets\/(?:en|zh)-/;
const packed = (name: string): number => gzipSync(textOf(name), { level: 9 }).length;

export const filesOf = (kind: Kind): readonly string[] =>
  readdirSync(pages, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(`.${kind}`));
export const textOf = (name: string): string => readFileSync(new URL(name, pages), "utf8");

/** What the page loads before anything is asked for: its script, and whatever that imports at once. */
function firstScripts(): readonly string[] {
  const [, entry = ""] = /<script[^>]*\bsrc="\/([^"]+)"/.exec(textOf("index.html")) ?? [];
  const found = new Set([entry]);
  for (const name of found)
    for (const [, other = ""] of textOf(name).matchAll(/\bimport(?:[^"'()]*from)?\s*["']\.\/([^"']+)["']/g)) found.add(`assets/${other}`);
  return [...found];
}
