import type { NodeClient } from "@openline/api";
import { askNode } from "../acting/node-client.ts";
import { ANSWER_MS } from "./limits.ts";
import type { StartedParty } from "./lines.ts";

/** A link by which one person signs in once, at the console of a node that runs here. It opens in the language that its party writes
 *  in, unless somebody chose another one there. Undefined where the party has no such post. */
export async function signInLink({ dir, language }: StartedParty, post: string): Promise<string | undefined> {
  // Its schemas take a while to load, and every command reads this file.
  const { ApiProblem } = await import("@openline/api");
  const ask = (client: NodeClient): Promise<string | undefined> =>
    client.signInLink(post).then(
      ({ url }) => url,
      (error: unknown) => {
        if (error instanceof ApiProblem && NO_SUCH_POST.has(error.status)) return undefined;
        throw error;
      },
    );
  const url = await askNode(dir, ask, { withinMs: ANSWER_MS });
  if (url === undefined) return undefined;
  const link = new URL(url);
  link.searchParams.set("language", language);
  return link.href;
}

/** No post has that name, or none may have it. */
const NO_SUCH_POST: ReadonlySet<number> = new Set([404, 400]);
