import { askNode } from "../acting/node-client.ts";
import { ANSWER_MS } from "./limits.ts";
import type { StartedParty } from "./lines.ts";

/** A link by which one person signs in once, at the console of a node that runs here. It opens in the language that its party writes
 *  in, unless somebody chose another one there. */
export async function signInLink({ dir, language }: StartedParty, post: string): Promise<string> {
  const link = new URL((await askNode(dir, (client) => client.signInLink(post), { withinMs: ANSWER_MS })).url);
  link.searchParams.set("language", language);
  return link.href;
}
