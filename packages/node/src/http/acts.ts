import { ActPlaced, LineParams, Problem, SubmitAct } from "@openline/api";
import { type Refusal, type Result, decodeAct, decodeEntry, equalBytes, logLabel, ok, parseActId, refusable } from "@openline/core";
import type { Receipt } from "../author.ts";
import { receiptOf } from "../drafts/draft-signature.ts";
import type { Api } from "./api.ts";
import { bytesOf, lineOf, trackOfLog } from "./lookup.ts";
import { REFUSED, problemOf } from "./problems.ts";
import type { Served, ServedLine } from "./served.ts";

/** An act that posts have signed goes in by the first door of its node. */
export function actRoutes(api: Api, served: Served): void {
  const schema = {
    operationId: "submit",
    summary: "place a signed act; the answer comes when it is durable, and is the same for the same act again",
    tags: ["line"],
    params: LineParams,
    body: SubmitAct,
    response: { 201: ActPlaced, "4xx": Problem, "5xx": Problem },
  };
  api.post("/api/v1/lines/:line/acts", { schema }, async (request, reply) => {
    const line = lineOf(served, request.params.line);
    const { act, disclosure } = request.body;
    const bytes = bytesOf("act", act);
    const submitted = await line.node.submit(bytes, disclosure === undefined ? undefined : bytesOf("disclosure", disclosure));
    const result = submitted.ok ? submitted : await placedBefore(line, submitted.refusal, bytes);
    if (!result.ok) return reply.status(REFUSED).send(problemOf(result.refusal));
    const { log, index, leaf } = result.value;
    return reply.status(201).send({ log: logLabel(line.node.record, trackOfLog(line, log)), index, leaf });
  });
}

/** Whoever got no answer sends the same bytes again: they stand where they were placed, and are placed once. */
async function placedBefore({ node, store }: ServedLine, refusal: Refusal, act: Uint8Array): Promise<Result<Receipt>> {
  const read = refusal.code === "replayed" ? refusable(() => parseActId(decodeAct(act).header.actId)) : undefined;
  const receipt = read?.ok === true ? receiptOf(node, read.value) : undefined;
  const stored = receipt === undefined ? undefined : await store.byLeaf(receipt.leaf);
  if (receipt === undefined || stored === undefined) return { ok: false, refusal };
  return equalBytes(decodeEntry(stored.entry).act.bytes, act) ? ok(receipt) : { ok: false, refusal };
}
