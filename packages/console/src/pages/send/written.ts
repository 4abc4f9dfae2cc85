import { PRECEDENCES, type Precedence } from "@openline/core";
import { CODE_WORDS } from "./code-words.ts";

/** A message while it is written: kept as one text, so that words never stand under another precedence or channel than they were written for. */
export interface Written {
  /** Undefined: nobody has chosen. */
  readonly channel: string | undefined;
  readonly precedence: Precedence | undefined;
  /** By language; none is empty. */
  readonly texts: Readonly<Record<string, string>>;
}

const NOTHING: Written = { channel: undefined, precedence: undefined, texts: {} };

/** Equal for equal messages; empty where nothing is written and nothing chosen. */
export function keptText({ channel, precedence, texts }: Written): string {
  const written = Object.entries(texts).filter(([, text]) => text !== "");
  if (channel === undefined && precedence === undefined && written.length === 0) return "";
  return JSON.stringify({ channel, precedence, texts: Object.fromEntries(written.toSorted(([a], [b]) => (a < b ? -1 : 1))) });
}

/** A text that this page did not write is no message. */
export const writtenOf = (kept: string): Written => readWritten(parsed(kept));

/** Those that lie aside, the last put there last. */
export function asideOf(kept: string): readonly Written[] {
  const value = parsed(kept);
  return Array.isArray(value) ? value.map(readWritten).filter(isWorthKeeping) : [];
}

export const keptAside = (aside: readonly Written[]): string =>
  aside.length === 0 ? "" : JSON.stringify(aside.map((item): unknown => JSON.parse(keptText(item))));

/** Somebody's own words: more than a code word as it stands in the list. */
export const isWorthKeeping = ({ texts }: Written): boolean =>
  Object.values(texts).some((text) => text.trim() !== "" && !CODE_WORDS.some((word) => Object.values(word.text).includes(text)));

/** What of a message was not in the one that was said: it was typed while that was on its way. */
export function restOf(now: Written, said: Written): Written {
  const rest = Object.entries(now.texts).map(([lang, text]): [string, string] => {
    const before = said.texts[lang] ?? "";
    return [lang, text.startsWith(before) ? text.slice(before.length).trimStart() : text];
  });
  return { ...now, texts: Object.fromEntries(rest) };
}

function parsed(kept: string): unknown {
  try {
    return JSON.parse(kept);
  } catch {
    return undefined;
  }
}

function readWritten(value: unknown): Written {
  if (typeof value !== "object" || value === null) return NOTHING;
  const channel = "channel" in value && typeof value.channel === "string" ? value.channel : undefined;
  const precedence = "precedence" in value ? PRECEDENCES.find((item) => item === value.precedence) : undefined;
  const given = "texts" in value && typeof value.texts === "object" && value.texts !== null ? Object.entries(value.texts) : [];
  return { channel, precedence, texts: Object.fromEntries(given.filter((pair): pair is [string, string] => typeof pair[1] === "string")) };
}
