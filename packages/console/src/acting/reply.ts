import type { LineSummary } from "@openline/api";
import { type Said as ToSay, isAcknowledged, parseChannelNumber, parseLeafHash, parsePostId, replyAddress } from "@openline/core";
import type { Said } from "../node/entry.ts";

/** What is said in reply to an entry: on its channel, with its precedence, to the post that spoke. */
export function replyTo(
  line: LineSummary,
  entry: Said,
  { kind, post, facts }: { readonly kind: ToSay["kind"]; readonly post: string; readonly facts?: ToSay["facts"] },
): ToSay {
  const channel = line.channels.find(({ id }) => id === entry.channel)?.number ?? 0;
  const address = entry.from === null ? [] : [replyAddress({ parties: line.parties.length, party: entry.party, post: entry.from })];
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

/** What may still be said of an entry of another party. */
export function owedFor(line: LineSummary, entry: Said): { readonly acknowledge: boolean; readonly answer: boolean } {
  const theirs = entry.party !== line.party && entry.refusal === null && entry.channel !== null && entry.from !== null;
  const answer = theirs && entry.kind !== undefined && isAcknowledged(entry.kind);
  return { acknowledge: answer && entry.acknowledgement === null, answer };
}
