import { type Language, fill } from "@openline/core";
import type { en } from "./en.ts";

export type Word = keyof typeof en;

/** Names of the parameters of a template, read by the compiler: a text that lacks one does not build. */
type NamesIn<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type Parameters<Key extends Word> = NamesIn<(typeof en)[Key]> extends never ? [] : [Readonly<Record<NamesIn<(typeof en)[Key]>, string>>];

/** Says something in one language. */
export type Say = <Key extends Word>(key: Key, ...parameters: Parameters<Key>) => string;

type Words = Readonly<Record<Word, string>>;

const load: Readonly<Record<Language, () => Promise<Words>>> = {
  en: async () => (await import("./en.ts")).en,
  zh: async () => (await import("./zh.ts")).zh,
};
const loaded: Map<Language, Words> = new Map();

/** Nothing is said in a language before its words are here: a console loads those it needs first, and the others after its first screen. */
export async function loadWords(language: Language): Promise<void> {
  loaded.set(language, await load[language]());
}

export function sayIn(language: Language): Say {
  const words = loaded.get(language);
  if (words === undefined) throw new RangeError(`the words of ${language} are not here`);
  return (key, ...[parameters]) => fill(words[key], parameters ?? {});
}

/** What each calls itself. */
export const LANGUAGE_NAME: Readonly<Record<Language, string>> = { en: "English", zh: "中文" };

/** As `lang` of HTML names it. */
export const HTML_LANGUAGE: Readonly<Record<Language, string>> = { en: "en", zh: "zh-CN" };
