import { type Language, fill } from "@openline/core";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export type Word = keyof typeof en;

/** Names of the parameters of a template, read by the compiler: a text that lacks one does not build. */
type NamesIn<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type Parameters<Key extends Word> = NamesIn<(typeof en)[Key]> extends never ? [] : [Readonly<Record<NamesIn<(typeof en)[Key]>, string>>];

/** Says something in one language. */
export type Say = <Key extends Word>(key: Key, ...parameters: Parameters<Key>) => string;

const CATALOGUES: Readonly<Record<Language, Readonly<Record<Word, string>>>> = { en, zh };

export const sayIn =
  (language: Language): Say =>
  (key, ...[parameters]) =>
    fill(CATALOGUES[language][key], parameters ?? {});

/** As `lang` of HTML names it. */
export const HTML_LANGUAGE: Readonly<Record<Language, string>> = { en: "en", zh: "zh-CN" };
