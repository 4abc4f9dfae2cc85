import type { LineSummary } from "@openline/api";
import { type Said as ToSay, formatTime, parseChannelNumber, parseLeafHash, parsePostId, parseUnixSeconds } from "@openline/core";
import type { Said } from "../node/entry.ts";

/** What is said in reply to an entry: on its channel, with its precedence, to the post that spoke. */
export function replyTo(
  line: LineSummary,
  entry: Said,
  { kind, post, facts }: { readonly kind: ToSay["kind"]; readonly post: string; readonly facts?: ToSay["facts"] },
): ToSay {
  const channel = line.channels.find(({ id }) => id === entry.channel)?.number ?? 0;
  const address = entry.from === null ? [] : [line.parties.length > 2 ? `${entry.party}/${entry.from}` : entry.from];
  return {
    kind,
    channel: parseChannelNumber(channel),
    precedence: entry.precedence ?? "ROUTINE",
    from: parsePostId(post),
    to: address,
    refs: [parseLeafHash(entry.leaf)],
    ...(facts === undefined ? {} : { facts }),
  };
}

const HOUR_S = 3600;
/** How far a holding reply by one key moves the time for an answer. */
const HOLDING_S = { FLASH: HOUR_S, IMMEDIATE: 4 * HOUR_S, PRIORITY: 24 * HOUR_S, ROUTINE: 120 * HOUR_S } as const;

/** The time that a holding reply by one key names: to the full minute, so that it can be read aloud. */
export function replyBy(entry: Said, now: number): { readonly seconds: ReturnType<typeof parseUnixSeconds>; readonly text: string } {
  const seconds = parseUnixSeconds(Math.ceil((now + HOLDING_S[entry.precedence ?? "ROUTINE"]) / 60) * 60);
  return { seconds, text: formatTime(seconds) };
}

/** What may still be said of an entry of another party. */
export function owedFor(line: LineSummary, entry: Said): { readonly acknowledge: boolean; readonly answer: boolean } {
  const theirs = entry.party !== line.party && entry.refusal === null && entry.channel !== null && entry.from !== null;
  return { acknowledge: theirs && entry.acknowledgement === null, answer: theirs && ANSWERED.has(entry.kind ?? "") };
}

/** Kinds that an officer answers in words. */
const ANSWERED: ReadonlySet<string> = new Set(["message", "answer", "clarify", "pre-agreed", "correction"]);
