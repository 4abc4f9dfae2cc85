import type { ApiProblem, NodeClient } from "@openline/api";
import { REFUSAL_CODES, type RefusalCode } from "@openline/core";
import { controlOf } from "@openline/node/operate";
import { EXIT, Ended, refused } from "../exit.ts";

/** The node that runs in a folder. What it refuses ends the command with 1, a request it cannot understand with 2, and no node at
 *  all with 4; so does one that has not answered everything within `withinMs`, where that is given. */
export async function askNode<T>(
  dir: string,
  ask: (client: NodeClient) => Promise<T>,
  { withinMs }: { readonly withinMs?: number } = {},
): Promise<T> {
  const signal = withinMs === undefined ? undefined : AbortSignal.timeout(withinMs);
  const transport = await controlOf(dir, signal);
  const none = (): Ended => new Ended(EXIT.unavailable, `no node runs in ${dir}; start it with: openline up --dir ${dir}`);
  if (transport === undefined) throw none();
  // Its schemas take a while to load, and only a command that talks to a node needs them.
  const api = await import("@openline/api");
  try {
    return await ask(new api.NodeClient(transport));
  } catch (error) {
    if (error instanceof api.ApiProblem) throw endOfProblem(error);
    if (signal?.aborted === true) throw new NodeSilent(dir);
    // A node that was killed has left the name of its socket behind.
    if (error instanceof Error && "code" in error && (error.code === "ECONNREFUSED" || error.code === "ENOENT")) throw none();
    if (error instanceof Error && "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE")) throw unanswered(dir);
    throw error;
  }
}

/** A process is there and takes questions, and answers none of them in time. */
export class NodeSilent extends Ended {
  constructor(dir: string) {
    super(EXIT.unavailable, `the node in ${dir} does not answer`);
  }
}

/** It was killed, or its disk failed, between question and answer. */
const unanswered = (dir: string): Ended =>
  new Ended(
    EXIT.unavailable,
    `the node in ${dir} ended before it had answered: an act may have been placed or not; start it, and look with openline show before you say it again`,
  );

function endOfProblem({ status, problem: { code, detail } }: ApiProblem): Ended {
  const refusal = REFUSAL_CODES.find((known): known is RefusalCode => known === code);
  if (status === 422 && refusal !== undefined) return refused({ code: refusal, detail });
  // A draft that has moved on: its people look at it again.
  if (status === 409) return new Ended(EXIT.refused, `refused: ${code}: ${detail}`);
  return new Ended(status >= 400 && status < 500 ? EXIT.usage : EXIT.unavailable, `${code}: ${detail}`);
}
