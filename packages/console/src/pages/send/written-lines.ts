import type { LineSummary } from "@openline/api";
import { type Language, catalogueOf } from "@openline/core";
import { nameIn } from "../../frame/text.tsx";
import { keptText, writtenOf } from "../../typed/written.ts";
import { asideOf } from "./own-words.ts";

/** A message as people read it, a line for each part. */
export function linesOf(kept: string, { line, language }: { readonly line: LineSummary; readonly language: Language }): string {
  const { channel, precedence, words } = writtenOf(kept);
  const named = line.channels.find(({ id }) => id === channel);
  return [
    ...(named === undefined ? [] : [nameIn(named.name, language).text]),
    ...(precedence === undefined ? [] : [catalogueOf(language).precedences[precedence]]),
    ...Object.values(words),
  ].join("\n");
}

/** Those that lie aside, as people read them. */
export const asideLines = (kept: string, on: Parameters<typeof linesOf>[1]): string =>
  asideOf(kept)
    .map((item) => linesOf(keptText(item), on))
    .join("\n\n");
