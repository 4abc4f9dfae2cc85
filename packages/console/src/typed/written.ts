import { PRECEDENCES, type Precedence } from "@openline/core";

/** A message or a form while it is written: kept as one text, so that words never stand under another precedence or channel than they were
 *  written for. */
export interface Written {
  /** Undefined: nobody has chosen. */
  readonly channel: string | undefined;
  readonly precedence: Precedence | undefined;
  /** What was typed, by language or field; none is empty. */
  readonly words: Readonly<Record<string, string>>;
}

const NOTHING: Written = { channel: undefined, precedence: undefined, words: {} };

/** Equal for equal ones; empty where nothing is written and nothing chosen. */
export function keptText({ channel, precedence, words }: Written): string {
  const written = Object.entries(words).filter(([, text]) => text !== "");
  if (channel === undefined && precedence === undefined && written.length === 0) return "";
  return JSON.stringify({ channel, precedence, words: Object.fromEntries(written.toSorted(([a], [b]) => (a < b ? -1 : 1))) });
}

/** What a kept text says. A text that no page wrote says nothing. */
export const writtenOf = (kept: string): Written => readWritten(parsed(kept));

/** Several that are kept as one list. */
export function listOf(kept: string): readonly Written[] {
  const value = parsed(kept);
  return Array.isArray(value) ? value.map(readWritten) : [];
}

export const keptList = (list: readonly Written[]): string =>
  list.length === 0 ? "" : JSON.stringify(list.map((item): unknown => JSON.parse(keptText(item))));

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
  const given = "words" in value && typeof value.words === "object" && value.words !== null ? Object.entries(value.words) : [];
  return { channel, precedence, words: Object.fromEntries(given.filter((pair): pair is [string, string] => typeof pair[1] === "string")) };
}
