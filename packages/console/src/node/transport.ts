import type { Transport } from "@openline/api";

/** Longer than any answer of a node on the same machine takes. */
const ANSWER_MS = 10_000;

/** Requests of this console to its own node. `token` is that of the session, once there is one. */
export function transportOf(token: () => string | undefined): Transport {
  return async ({ method, path, body }) => {
    const held = token();
    const response = await fetch(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": typeof body === "string" ? "application/json" : "application/octet-stream" }),
        ...(held === undefined ? {} : { "x-openline-token": held }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : new Uint8Array(body) }),
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return { status: response.status, body: await response.text() };
  };
}
