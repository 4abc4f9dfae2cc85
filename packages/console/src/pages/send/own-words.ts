import { type Written, listOf } from "../../typed/written.ts";
import { CODE_WORDS } from "./code-words.ts";

/** Somebody's own words: more than a code word as it stands in the list. */
export const isOwnWords = ({ words }: Written): boolean =>
  Object.values(words).some((text) => text.trim() !== "" && !CODE_WORDS.some((word) => Object.values(word.text).includes(text)));

/** Messages that lie aside, the last put there last. */
export const asideOf = (kept: string): readonly Written[] => listOf(kept).filter(isOwnWords);

/** What of a message was not in the one that was said: it was typed while that was on its way. */
export function restOf(now: Written, said: Written): Written {
  const rest = Object.entries(now.words).map(([lang, text]): [string, string] => [lang, restOfText(text, said.words[lang] ?? "")]);
  return { ...now, words: Object.fromEntries(rest) };
}

/** The same of one text. */
export const restOfText = (now: string, said: string): string => (now.startsWith(said) ? now.slice(said.length).trimStart() : now);
