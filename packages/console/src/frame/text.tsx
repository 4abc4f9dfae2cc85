import { type Language, dtg, parseDateOrTime, visible, visibleLine } from "@openline/core";
import type { ReactNode } from "react";
import { HTML_LANGUAGE } from "../words/say.ts";

/** A code, a time, a digest: it keeps its own direction inside any sentence. */
export function Code({ children }: { readonly children: string }): ReactNode {
  return (
    <bdi dir="ltr" className="code">
      {visibleLine(children)}
    </bdi>
  );
}

/** A date-time group, with the exact time for machines. */
export function Dtg({ at }: { readonly at: string }): ReactNode {
  return (
    <time dateTime={at}>
      <Code>{dtg(parseDateOrTime(at))}</Code>
    </time>
  );
}

/** A time as a date-time group, inside a sentence. */
export const dtgText = (at: string): string => dtg(parseDateOrTime(at));

/** A text that people wrote, in the language they say it is in. What hides or reorders text stands there by its number. */
export function Written({ text, lang }: { readonly text: string; readonly lang: string | undefined }): ReactNode {
  return (
    <p className="written" dir="auto" {...langOf(lang)}>
      {visible(text)}
    </p>
  );
}

/** Its first words, inside a line. */
export const WrittenShort = ({ text, lang }: { readonly text: string; readonly lang: string | undefined }): ReactNode => (
  <bdi dir="auto" {...langOf(lang)}>
    {shortly(text)}
  </bdi>
);

const langOf = (lang: string | undefined): { readonly lang?: string } =>
  lang === undefined || !LANGUAGE.test(lang) ? {} : { lang: htmlLanguage(lang) };

/** A word of a form stands under its own name, which is no language. */
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9-]+)?$/;

const SHORT_MAX = 120;

/** The first words of a text where the whole of it is one key away; what is left out shows as `…`. */
export const shortly = (text: string): string => visibleLine(cut(text, SHORT_MAX));

/** No letter is cut in half. `max`: UTF-16 units. */
export const cut = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max).replace(/[\uD800-\uDBFF]$/, "")}…`;

/** The name of something in the reader's language, else in English, else in any; `lang` where it is not the reader's. */
export function nameIn(
  names: Readonly<Record<string, string>>,
  language: Language,
): { readonly text: string; readonly lang: string | undefined } {
  const found = [language, "en", ...Object.keys(names)].find((key) => names[key] !== undefined) ?? "";
  return { text: visibleLine(names[found] ?? ""), lang: found === language ? undefined : htmlLanguage(found) };
}

/** A language tag that nobody here knows is still a tag; what is none is left out by the browser. */
const htmlLanguage = (code: string): string => (code === "en" || code === "zh" ? HTML_LANGUAGE[code] : code);
