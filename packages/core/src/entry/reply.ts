import { type UnixSeconds, parseUnixSeconds } from "../ids.ts";
import type { Precedence } from "./kinds.ts";

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
