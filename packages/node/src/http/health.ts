import { Liveness, Readiness } from "@openline/api";
import type { Api } from "./api.ts";
import { unreadyOf } from "./readiness.ts";
import type { Served } from "./served.ts";

/** For whatever starts, stops and watches this process. */
export function healthRoutes(api: Api, served: Served): void {
  const tags = ["node"];
  const live = { operationId: "livez", summary: "this process answers", tags, response: { 200: Liveness } };
  api.get("/livez", { schema: live }, () => ({ live: true }) as const);

  const ready = {
    operationId: "readyz",
    summary: "this node can sign, store and keep time",
    tags,
    response: { 200: Readiness, 503: Readiness },
  };
  api.get("/readyz", { schema: ready }, async (_request, reply) => {
    const unready = await unreadyOf(served);
    return reply.status(unready.length === 0 ? 200 : 503).send({ ready: unready.length === 0, unready: [...unready] });
  });
}
