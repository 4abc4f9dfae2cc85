import { assert, limits } from "@openline/core";
import { Alias, Composer, type Document, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter } from "yaml";
import { type Node, type Pair, Parser, type Scalar, type YAMLError, type YAMLMap } from "yaml";
import type { Where } from "./exercise-types.ts";

/** A YAML value with its place in the file. `source` is a scalar as written, without quotes. */
export type Yaml = YamlScalar | YamlList | YamlMap;
export interface YamlScalar {
  readonly kind: "scalar";
  readonly where: Where;
  readonly value: string | number | boolean | null;
  readonly source: string;
}
export interface YamlList {
  readonly kind: "list";
  readonly where: Where;
  readonly items: readonly Yaml[];
}
export interface YamlMap {
  readonly kind: "map";
  readonly where: Where;
  readonly entries: ReadonlyMap<string, { readonly where: Where; readonly value: Yaml }>;
}

/** Why a file cannot be read, and where. It never leaves `readExercise`. */
export class ExerciseError extends Error {
  override readonly name = "ExerciseError";
  readonly where: Where;
  constructor(where: Where, message: string) {
    super(message.replaceAll(/\s+/g, " "));
    this.where = where;
  }
}

/** Aliases may not make more of the file than a file of the largest size could say outright. */
const VALUES_MAX = 2_000_000;
const START: Where = { line: 1, column: 1 };

/** The one document of a YAML 1.2 file, core schema: dates stay strings. Throws `ExerciseError`. */
export function readYaml(input: string | Uint8Array): Yaml {
  const text = textOf(input);
  const counter = new LineCounter();
  const whereOf: WhereOf = (offset) => {
    const { line, col } = counter.linePos(offset);
    return line === 0 ? START : { line, column: col };
  };
  const document = composed(text, counter, whereOf);
  const [problem] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (problem !== undefined) throw new ExerciseError(whereOf(problem.pos[0]), wordsOf(problem));
  if (document.directives?.yaml.explicit === true && document.directives.yaml.version !== "1.2")
    throw new ExerciseError(START, `YAML ${document.directives.yaml.version} declared, 1.2 expected`);
  if (document.contents === null) throw new ExerciseError(START, "the file is empty");
  return new Converter(whereOf).convert(document.contents, 0);
}

function textOf(input: string | Uint8Array): string {
  const bytes = typeof input === "string" ? Buffer.byteLength(input) : input.length;
  if (bytes > limits.exerciseBytesMax)
    throw new ExerciseError(START, `the file has ${bytes} bytes; at most ${limits.exerciseBytesMax} are read`);
  if (typeof input === "string") {
    if (!input.isWellFormed()) throw new ExerciseError(START, "the file is not UTF-8 text");
    return input.startsWith("\uFEFF") ? input.slice(1) : input;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(input);
  } catch {
    throw new ExerciseError(START, "the file is not UTF-8 text");
  }
}

const tooDeep = (where: Where): ExerciseError => new ExerciseError(where, `nested deeper than ${limits.yamlDepthMax}`);

const wordsOf = (problem: YAMLError): string =>
  problem.code === "TAG_RESOLVE_FAILED"
    ? `unknown tag ${problem.message.replace("Unresolved tag: ", "")}`
    : `not YAML 1.2: ${problem.message}`;

type WhereOf = (offset: number) => Where;

/** The one document of a text, with the errors that the package found. */
function composed(text: string, counter: LineCounter, whereOf: WhereOf): Document.Parsed {
  // Doubled keys are found by the converter: the package compares each key with all before it.
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    strict: true,
    stringKeys: true,
    uniqueKeys: false,
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: "error",
  });
  const [document, second] = composer.compose(tokens(text, counter, whereOf), true, text.length);
  if (second !== undefined) throw new ExerciseError(whereOf(second.range[0]), "a second document begins here; a file has one");
  assert(document !== undefined, "a document is asked for, also of an empty text");
  return document;
}

/** What the composer makes nodes of. The composer goes down by recursion and knows no limit of its own, so what is nested too deeply
 *  ends here, where the package's parser keeps a stack of what is open. */
function* tokens(text: string, counter: LineCounter, whereOf: WhereOf): Generator<Parameters<Composer["next"]>[0]> {
  counter.addNewLine(0);
  const parser = new Parser(counter.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > limits.yamlDepthMax + BESIDE) throw tooDeep(whereOf(parser.offset));
  }
  yield* parser.end();
}

/** On the parser's stack besides the collections that hold a value: the document, the value, and what ends. The converter counts exactly. */
const BESIDE = 4;

/** Turns the package's nodes into `Yaml`. An alias shares the value of its anchor, and counts with its whole size. */
class Converter {
  readonly #whereOf: WhereOf;
  readonly #anchors = new Map<string, { readonly value: Yaml; readonly size: number }>();
  #size = 0;

  constructor(whereOf: WhereOf) {
    this.#whereOf = whereOf;
  }

  convert(node: Node | null | undefined, depth: number, fallback: Where = START): Yaml {
    const where = node?.range ? this.#whereOf(node.range[0]) : fallback;
    if (depth > limits.yamlDepthMax) throw tooDeep(where);
    const before = this.#size;
    this.#count(1, where);
    if (isAlias(node)) return this.#alias(node, where);
    const value = this.#value(node, depth, where);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, { value, size: this.#size - before });
    return value;
  }

  #value(node: Node | null | undefined, depth: number, where: Where): Yaml {
    if (node === null || node === undefined) return { kind: "scalar", where, value: null, source: "" };
    if (isMap(node)) return this.#map(node, depth, where);
    if (isSeq(node)) return { kind: "list", where, items: node.items.map((item) => this.convert(nodeOf(item), depth + 1, where)) };
    if (isScalar(node)) return scalar(node, where);
    throw new ExerciseError(where, "a value of this kind is not part of the format");
  }

  #map(node: YAMLMap, depth: number, where: Where): YamlMap {
    const entries = new Map<string, { where: Where; value: Yaml }>();
    for (const pair of node.items) {
      const { key, at } = this.#key(pair, where);
      if (entries.has(key)) throw new ExerciseError(at, `the key "${key}" stands twice in one map`);
      entries.set(key, { where: at, value: this.convert(nodeOf(pair.value), depth + 1, at) });
    }
    return { kind: "map", where, entries };
  }

  #key(pair: Pair, fallback: Where): { key: string; at: Where } {
    const node = nodeOf(pair.key);
    const at = node?.range ? this.#whereOf(node.range[0]) : fallback;
    if (!isScalar(node) || typeof node.value !== "string") throw new ExerciseError(at, "a key must be a text");
    return { key: node.value, at };
  }

  #alias(node: Alias, where: Where): Yaml {
    const found = this.#anchors.get(node.source);
    if (found === undefined) throw new ExerciseError(where, `the alias *${node.source} names no value before it`);
    this.#count(found.size, where);
    return { ...found.value, where };
  }

  #count(values: number, where: Where): void {
    this.#size += values;
    if (this.#size > VALUES_MAX) throw new ExerciseError(where, `more than ${VALUES_MAX} values, aliases written out`);
  }
}

/** The package types the inside of collections as `unknown`; a parsed document holds nodes or nothing there. */
function nodeOf(value: unknown): Node | null {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value : null;
}

function scalar(node: Scalar, where: Where): YamlScalar {
  const { value } = node;
  const source = node.source ?? String(value);
  if (value === null || typeof value === "boolean") return { kind: "scalar", where, value, source };
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new ExerciseError(where, `${source} is no number that can be signed`);
    return { kind: "scalar", where, value, source };
  }
  if (typeof value !== "string" || !value.isWellFormed()) throw new ExerciseError(where, "a text with half a character");
  return { kind: "scalar", where, value, source };
}
