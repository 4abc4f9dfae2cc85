import { AttachmentKept, AttachmentParams, LineParams, Problem } from "@openline/api";
import { limits, parseDigest } from "@openline/core";
import type { Api } from "./api.ts";
import { lineOf } from "./lookup.ts";
import { Asked, REFUSED, problemOf } from "./problems.ts";
import type { Served } from "./served.ts";

const BYTES = "application/octet-stream";

/** What a stranger sent is handed over as bytes to be saved, and nothing that shows it may take it for a page. */
const AS_BYTES = {
  "content-type": BYTES,
  "content-disposition": "attachment",
  "x-content-type-options": "nosniff",
  "content-security-policy": "sandbox; default-src 'none'",
};

/** Attachments go in before the act that names them, and out when they are whole. */
export function attachmentRoutes(api: Api, served: Served): void {
  api.addContentTypeParser(BYTES, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  const kept = {
    operationId: "attach",
    summary: "keep an attachment, so that an act may name it",
    tags: ["line"],
    consumes: [BYTES],
    params: LineParams,
    response: { 201: AttachmentKept, "4xx": Problem, "5xx": Problem },
  };
  api.post("/api/v1/lines/:line/attachments", { bodyLimit: limits.objectBytesMax, schema: kept }, async (request, reply) => {
    const line = lineOf(served, request.params.line);
    if (!(request.body instanceof Uint8Array)) throw new Asked("bad-request", `an attachment comes as ${BYTES}`);
    const result = await line.node.attach(new Uint8Array(request.body));
    if (!result.ok) return reply.status(REFUSED).send(problemOf(result.refusal));
    return reply.status(201).send({ object: result.value.object, size: result.value.size });
  });

  const given = {
    operationId: "attachment",
    summary: "an attachment that is whole here, as bytes",
    tags: ["line"],
    params: AttachmentParams,
    response: { 200: { description: "its bytes", content: { [BYTES]: { schema: {} } } }, "4xx": Problem },
  };
  api.get("/api/v1/lines/:line/attachments/:object", { schema: given }, async (request, reply) => {
    const line = lineOf(served, request.params.line);
    const bytes = await line.node.attachment(parseDigest(request.params.object));
    if (bytes === undefined) throw new Asked("not-found", "this attachment is not whole here");
    return reply.headers(AS_BYTES).send(Buffer.from(bytes));
  });
}
