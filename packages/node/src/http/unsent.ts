import { KeepUnsent, LineParams, Problem, Unsent, UnsentList, UnsentParams, UnsentQuery } from "@openline/api";
import { formatTime } from "@openline/core";
import type { TypedAt, UnsentText } from "../drafts/unsent-texts.ts";
import type { Api } from "./api.ts";
import { hasPost, lineOf } from "./lookup.ts";
import { pageOf } from "./page.ts";
import { Asked } from "./problems.ts";
import type { Served, ServedLine } from "./served.ts";

export const UNSENT_PATH = "/api/v1/lines/:line/unsent";
const failed = { "4xx": Problem, "5xx": Problem };

/** What a party's own people have typed and not said. Its own node keeps it; it never crosses the line. */
export function unsentRoutes(api: Api, served: Served): void {
  const tags = ["draft"];
  const list = {
    operationId: "unsentList",
    summary: "fields in which something was typed and not said",
    tags,
    params: LineParams,
    querystring: UnsentQuery,
    response: { 200: UnsentList, ...failed },
  };
  api.get(UNSENT_PATH, { schema: list }, async (request) => {
    const { post, ...paging } = request.query;
    const wanted = (await lineOf(served, request.params.line).unsent.all()).filter((item) => post === undefined || item.post === post);
    const { items, next } = pageOf(wanted, (item) => `${item.post} ${item.field}`, paging);
    return {
      unsent: items.map((item) => ({ post: item.post, field: item.field, version: item.version, saved: formatTime(item.saved) })),
      next,
    };
  });

  const one = {
    operationId: "unsent",
    summary: "what stands in one field",
    tags,
    params: UnsentParams,
    response: { 200: Unsent, ...failed },
  };
  api.get(`${UNSENT_PATH}/:post/:field`, { schema: one }, async (request) => {
    const { line, at } = placeOf(served, request.params);
    return viewOf(at, await line.unsent.get(at));
  });

  const keep = {
    operationId: "keepUnsent",
    summary: "keep what was typed, made from the version that stands",
    tags,
    params: UnsentParams,
    body: KeepUnsent,
    response: { 201: Unsent, ...failed },
  };
  api.post(`${UNSENT_PATH}/:post/:field`, { schema: keep }, async (request, reply) => {
    const { line, at } = placeOf(served, request.params);
    const { base, text } = request.body;
    if (!text.isWellFormed()) throw new Asked("bad-request", "text: half a character");
    const done = await line.unsent.keep(at, base, text);
    if (done.ok) return reply.status(201).send(viewOf(at, done.value));
    const { code, detail } = done.refusal;
    return reply.status(code === "too-many" ? 429 : 409).send({ code, detail });
  });
}

function placeOf(served: Served, { line: name, post, field }: UnsentParams): { readonly line: ServedLine; readonly at: TypedAt } {
  const line = lineOf(served, name);
  if (!hasPost(line, post)) throw new Asked("not-found", `no post "${post}" here`);
  return { line, at: { post, field } };
}

const viewOf = (at: TypedAt, { version, saved, text }: UnsentText): Unsent => ({
  ...at,
  version,
  saved: saved === null ? null : formatTime(saved),
  text,
});
