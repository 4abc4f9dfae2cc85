import type { Language } from "./language.ts";

/** One line of something rendered: a label in the reader's language and a text, of which `lang` is the language if it is
 *  not the reader's. Only texts that people wrote hold line feeds. */
export interface Line {
  readonly label: string;
  readonly text: string;
  readonly lang?: string;
}

const COLON: Readonly<Record<Language, string>> = { en: ": ", zh: "：" };

/** Lines as plain text. Further lines of one text begin with a bar, so that no text can look like another line. */
export function renderText(lines: readonly Line[], language: Language): string {
  return lines.map(({ label, text }) => `${label}${COLON[language]}${text.replaceAll("\n", "\n  | ")}`).join("\n");
}

/** Items in one line. */
export const joined = (items: readonly string[], language: Language): string => items.join(language === "zh" ? "；" : "; ");

/** A remark behind a label: `Text (Chinese)`, `正文（中文）`. */
export const remarked = (label: string, remarks: readonly string[], language: Language): string =>
  language === "zh" ? `${label}（${remarks.join("，")}）` : `${label} (${remarks.join(", ")})`;
