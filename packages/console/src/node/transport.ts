import type { Transport } from "@openline/api";

/** Longer than any answer of a node on the same machine takes. */
const ANSWER_MS = 10_000;

/** Requests of this console to its own node, with the token of its session as it is now. `refused`: the node does not take it for that of
 *  the session. Where there is another one after that, the same is asked once more with it. */
export function transportOf(token: () => string, refused: () => Promise<void>): Transport {
  const askWith = async (held: string, { method, path, body }: Parameters<Transport>[0]): ReturnType<Transport> => {
    const response = await fetch(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": typeof body === "string" ? "application/json" : "application/octet-stream" }),
        "x-openline-token": held,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : new Uint8Array(body) }),
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return { status: response.status, body: await response.text() };
  };
  return async (request) => {
    const held = token();
    const answer = await askWith(held, request);
    if (answer.status !== 401 && answer.status !== 403) return answer;
    await refused();
    return token() === held ? answer : askWith(token(), request);
  };
}
