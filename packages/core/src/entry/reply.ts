import { type UnixSeconds, parseUnixSeconds } from "../ids.ts";
import type { KindName, Precedence } from "./kinds.ts";

/** Whom a reply addresses: the post that spoke, with its party where a line has more than two. `post`: as its party names it.
 *  Source: docs/spec/acts.md §2. */
export const replyAddress = (of: { readonly parties: number; readonly party: string; readonly post: string }): string =>
  of.parties > 2 ? `${of.party}/${of.post}` : of.post;

const HOUR_S = 3600;
const HOLDING_S: Readonly<Record<Precedence, number>> = {
  FLASH: HOUR_S,
  IMMEDIATE: 4 * HOUR_S,
  PRIORITY: 24 * HOUR_S,
  ROUTINE: 120 * HOUR_S,
};

/** When a reply follows, where nobody who sends a holding reply names a time: whole minutes, so that it can be read aloud. POSIX
 *  seconds. The accord may bound it further (`holdingReplyMax`). */
export const holdingReplyBy = (precedence: Precedence, now: number): UnixSeconds =>
  parseUnixSeconds(Math.ceil((now + HOLDING_S[precedence]) / 60) * 60);

/** Acts by which one party replies to another. */
const REPLIES: ReadonlySet<KindName> = new Set([
  "acknowledge",
  "answer",
  "holding-reply",
  "decline",
  "test-answer",
  "call-accept",
  "call-decline",
  "ring-answer",
]);

/** Whether an act of this kind would reply to nobody but its own party. It settles nothing, so nobody makes one here; a record that holds one
 *  holds it without harm. What was observed stands in the log of whoever observed it, and is the other party's. Source: docs/spec/state.md §5. */
export const repliesToItself = (
  kind: KindName,
  of: { readonly party: unknown; readonly about: readonly { readonly party: unknown; readonly kind: unknown }[] },
): boolean => REPLIES.has(kind) && of.about.length > 0 && of.about.every((entry) => entry.party === of.party && entry.kind !== "observed");
