import { type Language, visibleLine } from "@openline/core";

/** Words of a body that say most of what an act says, the first that it has. */
const TELLING = ["title", "characterisation", "reason", "ground", "text"] as const;
const SHOWN_MAX = 80;

/** The first words of an entry in this language, or in whichever comes first, kept to one line; empty: none, or not held. */
export function firstWords(entry: Readonly<Record<string, unknown>>, language?: Language): string {
  const body = fieldsOf(entry["body"]);
  const texts = TELLING.map((word) => textsOf(body?.[word])).find((found) => found.length > 0) ?? [];
  const [, first] = texts.find(([tag]) => tag === language) ?? texts[0] ?? ["", ""];
  const text = visibleLine(first);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX - 1)}…` : text;
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === "object" && value !== null ? { ...value } : undefined;
const textsOf = (word: unknown): readonly (readonly [tag: string, text: string])[] =>
  Object.entries(fieldsOf(word) ?? {}).flatMap(([tag, text]) => (typeof text === "string" ? [[tag, text] as const] : []));
