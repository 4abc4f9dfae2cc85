import type { Transport } from "@openline/api";

/** Longer than any answer of a node on the same machine takes. */
const ANSWER_MS = 10_000;

/** Requests of this console to its own node, with the token of its session. `refused`: the node does not take it for that of the session. */
export function transportOf(token: string, refused: () => void): Transport {
  return async ({ method, path, body }) => {
    const response = await fetch(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": typeof body === "string" ? "application/json" : "application/octet-stream" }),
        "x-openline-token": token,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : new Uint8Array(body) }),
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (response.status === 401 || response.status === 403) refused();
    return { status: response.status, body: await response.text() };
  };
}
