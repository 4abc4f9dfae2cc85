import type { LineSummary } from "@openline/api";
import type { Language } from "@openline/core";
import { nameIn } from "../../frame/text.tsx";

/** A post and its party by name; the post is empty where a node spoke. */
export function postName(
  line: LineSummary,
  partyId: string,
  postId: string | null,
  language: Language,
): { readonly party: string; readonly post: string } {
  const party = line.parties.find(({ id }) => id === partyId);
  const post = party?.posts.find(({ id }) => id === postId);
  return {
    party: party === undefined ? partyId : nameIn(party.name, language).text,
    post: postId === null ? "" : post === undefined ? postId : nameIn(post.name, language).text,
  };
}
