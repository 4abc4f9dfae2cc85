import type { Transport } from "@openline/api";

/** Longer than any answer of a node on the same machine takes. */
const ANSWER_MS = 10_000;

/** Requests of this console to its own node, with the token of its session as it is now. `refused`: the node does not take it for that of
 *  the session; whether there is another one, with which the same is asked once more. */
export function transportOf(token: () => string, refused: () => Promise<boolean>): Transport {
  const ask: Transport = async ({ method, path, body }) => {
    const response = await fetch(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": typeof body === "string" ? "application/json" : "application/octet-stream" }),
        "x-openline-token": token(),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : new Uint8Array(body) }),
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return { status: response.status, body: await response.text() };
  };
  return async (request) => {
    const answer = await ask(request);
    const isRefused = answer.status === 401 || answer.status === 403;
    return isRefused && (await refused()) ? ask(request) : answer;
  };
}
