import { ActPlaced, LineParams, Problem, SubmitAct } from "@openline/api";
import { logLabel } from "@openline/core";
import type { Api } from "./api.ts";
import { bytesOf, lineOf, trackOfLog } from "./lookup.ts";
import { REFUSED, problemOf } from "./problems.ts";
import type { Served } from "./served.ts";

/** An act that posts have signed goes in by the first door of its node. */
export function actRoutes(api: Api, served: Served): void {
  const schema = {
    operationId: "submit",
    summary: "place a signed act; the answer comes when it is durable",
    tags: ["line"],
    params: LineParams,
    body: SubmitAct,
    response: { 201: ActPlaced, "4xx": Problem, "5xx": Problem },
  };
  api.post("/api/v1/lines/:line/acts", { schema }, async (request, reply) => {
    const line = lineOf(served, request.params.line);
    const { act, disclosure } = request.body;
    const result = await line.node.submit(bytesOf("act", act), disclosure === undefined ? undefined : bytesOf("disclosure", disclosure));
    if (!result.ok) return reply.status(REFUSED).send(problemOf(result.refusal));
    const { log, index, leaf } = result.value;
    return reply.status(201).send({ log: logLabel(line.node.record, trackOfLog(line, log)), index, leaf });
  });
}
