/** Writes the tables of docs/spec/acts.md, refusals.md and limits.md from the code, between `<!-- table: name -->` and
 *  `<!-- end of table -->`, so that text and code cannot disagree. Run: `node tools/make-acts-doc.ts`.
 *  packages/core/test/acts-doc.test.ts fails while they do. */
import { readFileSync, writeFileSync } from "node:fs";
import { COMMON_FACTS, COMMON_WORDS, FACTS, FACT_SHAPES, KINDS, KIND_NAMES, type FactName } from "../packages/core/src/entry/kinds.ts";
import { FAULT_CODES, REFUSAL_CODES } from "../packages/core/src/errors.ts";
import { limits } from "../packages/core/src/limits.ts";
import { en } from "../packages/core/src/words/en.ts";
import { enFaults, enRefusals } from "../packages/core/src/words/en-refusals.ts";

const root = new URL("../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

/** A document as it is and as the code says it must be. */
export function documents(): readonly { readonly path: string; readonly found: string; readonly expected: string }[] {
  const tables = new Map(Object.entries(TABLES).map(([name, make]) => [name, make()]));
  return ["docs/spec/acts.md", "docs/spec/refusals.md", "docs/spec/limits.md"].map((path) => {
    const found = read(path);
    const expected = found.replaceAll(
      /(<!-- table: ([a-z-]+) -->\n)[\s\S]*?(<!-- end of table -->)/g,
      (_, start: string, name: string, end: string) => {
        const table = tables.get(name);
        if (table === undefined) throw new Error(`${path}: no table is called ${name}`);
        return `${start}\n${table}\n\n${end}`;
      },
    );
    return { path, found, expected };
  });
}

type Row = readonly string[];

const TABLES: Readonly<Record<string, () => string>> = {
  kinds: () =>
    markdown([
      ["no.", "kind", "people read", "signed by", "stands on", "facts", "refers to", "words", "besides"],
      ...KIND_NAMES.map((name): Row => {
        const spec = KINDS[name];
        const facts = [...(spec.required ?? []).map((fact) => `**${fact}**`), ...(spec.facts ?? [])];
        return [
          String(spec.code),
          code(name),
          en.kinds[name],
          SIGNED_BY[spec.by],
          spec.on,
          facts.join(", "),
          refersTo(name),
          wordsOf(name),
          besides(name),
        ];
      }),
    ]),
  facts: () => {
    const notes = comments("packages/core/src/entry/kinds.ts", /^ {2}(\w+): \d+, \/\/ (.+)$/gm);
    const shapes = Object.entries(FACTS).map(([name, number]) => ({ name, number, shape: FACT_SHAPES[name as FactName] }));
    return markdown([
      ["no.", "fact", "shape", "people read", "what it says"],
      ...shapes.map(({ name, number, shape }): Row => [
        String(number),
        code(name),
        code(shape),
        en.facts[name as FactName],
        said(notes.get(name) ?? ""),
      ]),
    ]);
  },
  common: () => `Every kind may carry the facts ${list(COMMON_FACTS)} and the words ${list(Object.keys(COMMON_WORDS))}.`,
  refusals: () => {
    const source = read("packages/core/src/errors.ts");
    const notes = comments("packages/core/src/errors.ts", /^ {2}"([a-z-]+)", \/\/ (.+)$/gm);
    const groups = source
      .slice(source.indexOf("REFUSAL_CODES"), source.indexOf("] as const"))
      .split(/^ {2}\/\/ /gm)
      .slice(1);
    const group = new Map(
      groups.flatMap((part) => [...part.matchAll(/^ {2}"([a-z-]+)"/gm)].map(([, name = ""]) => [name, part.split("\n")[0] ?? ""])),
    );
    return markdown([
      ["code", "about", "what it is", "what an operator is told"],
      ...REFUSAL_CODES.map((name): Row => [code(name), group.get(name) ?? "", notes.get(name) ?? "", enRefusals[name]]),
    ]);
  },
  faults: () => {
    const notes = comments("packages/core/src/errors.ts", /^ {2}"([a-z-]+)", \/\/ (.+)$/gm);
    return markdown([
      ["code", "what it is", "what an operator is told"],
      ...FAULT_CODES.map((name): Row => [code(name), notes.get(name) ?? "", enFaults[name]]),
    ]);
  },
  limits: () => {
    const notes = comments("packages/core/src/limits.ts", / {2}\/\*\* ((?:(?!\*\/)[\s\S])+) \*\/\n {2}(\w+): /g, true);
    return markdown([
      ["limit", "value", "what it bounds, and why"],
      ...Object.entries(limits).map(([name, value]): Row => [
        code(name),
        String(value).replaceAll(/\B(?=(\d{3})+$)/g, ","),
        notes.get(name) ?? "",
      ]),
    ]);
  },
};

const SIGNED_BY = { post: "post", node: "node", directory: "directory", "directory-two": "directory, two" } as const;

function refersTo(name: (typeof KIND_NAMES)[number]): string {
  const { refers, mustRefer } = KINDS[name];
  if (refers === undefined) return "";
  const kinds = refers === "any" ? "any entry" : refers.join(", ");
  return mustRefer === true ? `**${kinds}**` : kinds;
}

const wordsOf = (name: (typeof KIND_NAMES)[number]): string =>
  Object.entries(KINDS[name].words ?? {})
    .map(([word, shape]) => `${word}: ${shape}`)
    .join(", ");

/** What only accord/authorise.ts says of a kind. */
function besides(name: (typeof KIND_NAMES)[number]): string {
  const control = KINDS[name].control === true ? ["control act"] : [];
  const alone = kindsIn("WATCH_ALONE").has(name) ? ["watch alone"] : [];
  const always = kindsIn("ALWAYS_CARRIED").has(name) ? ["always carried"] : [];
  return [...control, ...alone, ...always].join(", ");
}

function kindsIn(set: string): ReadonlySet<string> {
  const found = new RegExp(`${set}: ReadonlySet<KindName> = new Set\\(\\[([^\\]]+)\\]\\)`).exec(
    read("packages/core/src/accord/authorise.ts"),
  );
  if (found?.[1] === undefined) throw new Error(`accord/authorise.ts has no set ${set}`);
  return new Set([...found[1].matchAll(/"([a-z-]+)"/g)].map(([, name = ""]) => name));
}

/** Comments beside the lines of a table in the code, by key. `before`: the comment stands before its key. */
function comments(path: string, pattern: RegExp, before = false): ReadonlyMap<string, string> {
  return new Map(
    [...read(path).matchAll(pattern)].map(([, first = "", second = ""]): [string, string] => {
      const [key, comment] = before ? [second, first] : [first, second];
      return [key, comment.replaceAll(/\s*\n\s*\* */g, " ")];
    }),
  );
}

/** The shape has a column of its own. */
const said = (note: string): string => note.replace(/^(flag|seconds|text|\d+ bytes)(: |$)/, "");

const code = (text: string): string => `\`${text}\``;
const list = (names: readonly string[]): string => names.map(code).join(", ");

/** A table as the formatter leaves it: every cell padded to its column. */
function markdown(rows: readonly Row[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: Row): string => `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body.map(line)].join("\n");
}

if (import.meta.main) for (const { path, expected } of documents()) writeFileSync(new URL(path, root), expected);
