import { type UnixSeconds, parseUnixSeconds } from "@openline/core";
import { type Draft, headerOf, isOver } from "./draft.ts";

/** What is not urgent waits this long inside the party before it is placed, and can be recalled. Nothing that was placed can be unsaid. */
export const RECALL_SECONDS = 10;
/** A start that comes later than this after it was due places nothing by itself: a person decides whether it should still be said. */
const RESUME_SECONDS = 120;

/** The last second in which what is let go of now can be recalled; null: it is placed at once. */
export function recallableUntil(draft: Draft, now: UnixSeconds): UnixSeconds | null {
  const { precedence } = headerOf(draft);
  return precedence === "FLASH" || precedence === "IMMEDIATE" ? null : parseUnixSeconds(now + RECALL_SECONDS);
}

/** Its last second for a recall is over. */
export const isDue = (draft: Draft, now: UnixSeconds): boolean => !isOver(draft) && draft.leaving !== null && now > draft.leaving;

/** A draft as a start finds it: what was leaving when the process ended can be recalled anew for as long, or waits for a person. */
export function asFound(draft: Draft, now: UnixSeconds): Draft {
  if (isOver(draft) || draft.leaving === null) return draft;
  if (now > draft.leaving + RESUME_SECONDS) return { ...draft, leaving: null };
  return { ...draft, leaving: parseUnixSeconds(Math.max(draft.leaving, now + RECALL_SECONDS)) };
}
