import { EvidenceQuery, LineParams, Problem } from "@openline/api";
import { type Choice, OpenlineError, makePack, parseLogId, parsePartyId } from "@openline/core";
import { recordSource } from "../operate/record-source.ts";
import type { Api } from "./api.ts";
import { lineOf } from "./lookup.ts";
import { Asked } from "./problems.ts";
import type { Served } from "./served.ts";

/** Evidence for somebody who has nothing of ours: made by the node, checked by anybody, offline. */
export function evidenceRoutes(api: Api, served: Served): void {
  const schema = {
    operationId: "evidence",
    summary: "an evidence pack of some entries, as a file",
    tags: ["line"],
    params: LineParams,
    querystring: EvidenceQuery,
    response: {
      200: { description: "the pack", content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } } },
      "4xx": Problem,
    },
  };
  api.get("/api/v1/lines/:line/evidence", { schema }, async (request, reply) => {
    const line = lineOf(served, request.params.line);
    const { suite } = line.node.options;
    const pack = packOf(suite, await recordSource(suite, line), request.query.entry.split(",").map(choiceOf));
    return reply
      .header("content-disposition", 'attachment; filename="openline-evidence.pack"')
      .type("application/octet-stream")
      .send(Buffer.from(pack));
  });
}

/** An entry that nobody has signed a head over yet is in no pack: it is not found, and will be. */
function packOf(...[suite, source, choices]: Parameters<typeof makePack>): Uint8Array {
  try {
    return makePack(suite, source, choices);
  } catch (error) {
    if (error instanceof OpenlineError && error.code === "usage") throw new Asked("not-found", error.message);
    throw error;
  }
}

function choiceOf(text: string): Choice {
  const [log = "", index = ""] = text.split(":");
  const [party = "", incarnation] = log.split("@");
  return { party: parsePartyId(party), index: Number(index), ...(incarnation === undefined ? {} : { log: parseLogId(incarnation) }) };
}
