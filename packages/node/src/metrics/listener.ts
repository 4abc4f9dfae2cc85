import Fastify from "fastify";
import { OpenlineError } from "@openline/core";
import { unreadyOf } from "../http/readiness.ts";
import type { Served } from "../http/served.ts";
import { Metrics } from "./metrics.ts";

/** Where something listens; port 0: any free one. */
export interface ListenAt {
  readonly host: string;
  readonly port: number;
}

/** Serves `/metrics`, `/livez` and `/readyz` and nothing else, on a listener of its own: whoever watches machines needs no way to
 *  the acts. Throws `OpenlineError` `usage` where the address cannot be listened on. */
export async function listenForMetrics(served: Served, at: ListenAt): Promise<{ readonly port: number; close(): Promise<void> }> {
  const metrics = new Metrics(served);
  const server = Fastify({ bodyLimit: 1024, requestTimeout: 10_000 });
  server.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  server.get("/livez", () => ({ live: true }));
  server.get("/readyz", async (_request, reply) => {
    const unready = await unreadyOf(served);
    return reply.status(unready.length === 0 ? 200 : 503).send({ ready: unready.length === 0, unready });
  });
  try {
    await server.listen({ host: at.host, port: at.port });
  } catch (cause) {
    throw new OpenlineError("usage", `metrics: ${at.host}:${at.port} cannot be listened on`, { cause });
  }
  const address = server.server.address();
  return { port: typeof address === "object" && address !== null ? address.port : at.port, close: () => server.close() };
}
