import { toHex } from "../encoding/bytes.ts";
import type { Facts } from "../entry/facts.ts";
import { type FactName, FACTS, READINGS } from "../entry/kinds.ts";
import { REFUSAL_CODES } from "../errors.ts";
import { formById } from "../forms/registry.ts";
import { catalogueOf } from "./catalogues.ts";
import type { Language } from "./language.ts";
import { type Line, joined, remarked } from "./line.ts";
import { timeText } from "./moment.ts";
import { fill } from "./template.ts";
import { visibleLine } from "./visible.ts";

/** The state-bearing facts of an act in words, in the order of their numbers. `unsure` is said first of all, by `renderAct`. */
export function renderFacts(facts: Facts, language: Language): readonly Line[] {
  const { facts: names } = catalogueOf(language);
  return FACT_NAMES.flatMap((name) => {
    const text = name === "unsure" ? undefined : factText(facts, name, language);
    return text === undefined ? [] : [{ label: names[name], text }];
  });
}

const FACT_NAMES: readonly FactName[] = Object.keys(FACTS).map(parseFact);
function parseFact(name: string): FactName {
  return name as FactName;
}

/** `undefined`: the act does not say. */
function factText(facts: Facts, name: FactName, language: Language): string | undefined {
  const { labels, sentences } = catalogueOf(language);
  switch (name) {
    case "unsure":
    case "wantsAnswer": {
      const value = facts[name];
      return value === undefined ? undefined : value ? labels.yes : labels.no;
    }
    case "replyBy":
    case "effective":
    case "review":
    case "slot":
    case "until":
    case "saidAt": {
      const value = facts[name];
      return value === undefined ? undefined : timeText(value);
    }
    case "windows":
      return facts.windows
        ?.map(({ from, to }) => fill(sentences.window, { from: timeText(from), to: timeText(to) }))
        .join(language === "zh" ? "；" : "; ");
    case "closed":
      return facts.closed === undefined ? undefined : fill(sentences.head, { ...facts.closed, size: String(facts.closed.size) });
    case "key":
    case "possession":
      return bytesText(facts[name], language);
    case "number":
      return facts.number === undefined ? undefined : String(facts.number);
    case "scope":
      return facts.scope === undefined
        ? undefined
        : joined(
            facts.scope.map((id) => formName(id, language)),
            language,
          );
    case "posts":
      return facts.posts === undefined ? undefined : joined(facts.posts.map(visibleLine), language);
    case "addresses":
    case "pins":
      return facts[name] === undefined ? undefined : joined(facts[name].map(visibleLine), language);
    case "form":
    case "code":
    case "reading":
    case "purpose":
    case "outcome":
    case "codeWord":
    case "person":
    case "kid":
    case "incarnation":
    case "origin":
    case "digest": {
      const value = facts[name];
      return value === undefined ? undefined : codeText(name, value, language);
    }
  }
}

/** A code with its words; of a code that is not known, the code alone. */
function codeText(name: FactName, value: string, language: Language): string {
  const { refusals, readings, sentences, outcomes } = catalogueOf(language);
  const shown = visibleLine(value);
  if (name === "form") return formName(value, language);
  if (name === "code") {
    const code = REFUSAL_CODES.find((item) => item === value);
    return code === undefined ? shown : `${code}: ${refusals[code]}`;
  }
  if (name === "reading") {
    const reading = READINGS.find((item) => item === value);
    return reading === undefined ? shown : readings[reading];
  }
  if (name === "purpose" && value === "node") return sentences.node;
  if (name === "purpose" && value === "directory") return sentences.directory;
  if (name === "outcome" && value === "took-place") return outcomes["took-place"];
  return shown;
}

/** The title of a shipped form with its id; of any other form its id. */
export function formName(id: string, language: Language): string {
  const title = formById(id)?.title[language];
  return title === undefined ? visibleLine(id) : remarked(title, [id], language);
}

/** A key of 32 bytes whole; of longer ones how long they are and how they begin. */
export function bytesText(bytes: Uint8Array | undefined, language: Language): string | undefined {
  if (bytes === undefined) return undefined;
  if (bytes.length <= 32) return toHex(bytes);
  return fill(catalogueOf(language).sentences.bytes, { count: String(bytes.length), start: toHex(bytes.subarray(0, 16)) });
}
