import {
  Draft as DraftView,
  DraftParams,
  DraftProblem,
  DraftQuery,
  DraftSummary,
  Drafts as DraftList,
  DraftsQuery,
  LineParams,
  NewDraft,
  PlaceDraft,
  Problem,
  RecallDraft,
  ReturnDraft,
  SaveDraft,
  SeeDraft,
  SignDraft,
  WithdrawDraft,
} from "@openline/api";
import { formatTime, parseKid } from "@openline/core";
import type { FastifyReply } from "fastify";
import { type Draft, isOver, standing, stateOf } from "../drafts/draft.ts";
import type { Content } from "../drafts/draft-place.ts";
import type { Done, NotDone } from "../drafts/draft-done.ts";
import type { Api } from "./api.ts";
import { draftSummary, draftView, nowOf } from "./draft-views.ts";
import { bytesOf, lineOf } from "./lookup.ts";
import { pageOf } from "./page.ts";
import { Asked, REFUSED } from "./problems.ts";
import type { Served } from "./served.ts";

const tags = ["draft"];
const failed = { 409: DraftProblem, "4xx": Problem, "5xx": Problem };
const PATH = "/api/v1/lines/:line/drafts";
const ONE = `${PATH}/:draft`;

/** Drafts of a party's own people. Its own node keeps them; they never cross the line. */
export function draftRoutes(api: Api, served: Served): void {
  reading(api, served);
  writing(api, served);
  signing(api, served);
  leaving(api, served);
}

function reading(api: Api, served: Served): void {
  const list = {
    operationId: "drafts",
    summary: "drafts that are not over, or those of one state",
    tags,
    params: LineParams,
    querystring: DraftsQuery,
    response: { 200: DraftList, "4xx": Problem, "5xx": Problem },
  };
  api.get(PATH, { schema: list }, async (request) => {
    const line = lineOf(served, request.params.line);
    const { state, ...paging } = request.query;
    const wanted = (await line.drafts.all()).filter((draft) => (state === undefined ? !isOver(draft) : stateOf(draft) === state));
    const { items, next } = pageOf(wanted, ({ number }) => String(number).padStart(10, "0"), paging);
    return { at: formatTime(nowOf(line)), drafts: items.map((draft) => draftSummary(line, draft)), next };
  });

  const one = {
    operationId: "draft",
    summary: "a draft, with the bytes of one version",
    tags,
    params: DraftParams,
    querystring: DraftQuery,
    response: { 200: DraftView, "4xx": Problem, "5xx": Problem },
  };
  api.get(ONE, { schema: one }, async (request) => {
    const line = lineOf(served, request.params.line);
    const draft = await line.drafts.get(request.params.draft);
    if (draft === undefined) throw new Asked("not-found", `no draft ${request.params.draft}`);
    const version = request.query.version ?? standing(draft).number;
    const content = await line.drafts.content(draft, version);
    if (content === undefined) throw new Asked("not-found", `draft ${draft.number} has no version ${version}`);
    return draftView(line, draft, { version, content });
  });
}

function writing(api: Api, served: Served): void {
  const response = { 201: DraftSummary, ...failed };
  const made = { operationId: "newDraft", summary: "keep a new draft", tags, params: LineParams, body: NewDraft, response };
  api.post(PATH, { schema: made }, async (request, reply) => {
    const line = lineOf(served, request.params.line);
    return answer(reply, await line.drafts.create(contentOf(request.body)), (draft) => draftSummary(line, draft));
  });

  const saved = {
    operationId: "saveDraft",
    summary: "keep a new version of a draft; one made from a version that no longer stands is kept beside",
    tags,
    params: DraftParams,
    body: SaveDraft,
    response,
  };
  api.post(`${ONE}/versions`, { schema: saved }, async (request, reply) => {
    const line = lineOf(served, request.params.line);
    const done = await line.drafts.save(request.params.draft, request.body.base, contentOf(request.body));
    return answer(reply, done, (draft) => draftSummary(line, draft));
  });
}

function signing(api: Api, served: Served): void {
  const base = { tags, params: DraftParams };
  const signed = { ...base, operationId: "signDraft", summary: "its author signs it: from then on it waits for release", body: SignDraft };
  api.post(`${ONE}/signature`, { schema: { ...signed, response: { 201: DraftSummary, ...failed } } }, async (request, reply) => {
    const line = lineOf(served, request.params.line);
    const { version, act } = request.body;
    return answer(reply, await line.drafts.sign(request.params.draft, version, bytesOf("act", act)), (draft) => draftSummary(line, draft));
  });

  const response = { 201: DraftSummary, ...failed };
  const released = {
    ...base,
    operationId: "releaseDraft",
    summary: "a second person signs it: it is placed at once, or after the time in which it can be recalled",
    body: SignDraft,
    response,
  };
  api.post(`${ONE}/release`, { schema: released }, async (request, reply) => {
    const line = lineOf(served, request.params.line);
    const { version, act } = request.body;
    return answer(reply, await line.drafts.release(request.params.draft, version, bytesOf("act", act)), (draft) =>
      draftSummary(line, draft),
    );
  });

  const placed = { ...base, operationId: "placeDraft", summary: "let go of what has been signed", body: PlaceDraft, response };
  api.post(`${ONE}/placing`, { schema: placed }, async (request, reply) => {
    const line = lineOf(served, request.params.line);
    return answer(reply, await line.drafts.place(request.params.draft, request.body.version), (draft) => draftSummary(line, draft));
  });

  const recalled = {
    ...base,
    operationId: "recallDraft",
    summary: "take back what was let go of and is not placed",
    body: RecallDraft,
    response,
  };
  api.post(`${ONE}/recall`, { schema: recalled }, async (request, reply) => {
    const line = lineOf(served, request.params.line);
    return answer(reply, await line.drafts.recall(request.params.draft, request.body.version), (draft) => draftSummary(line, draft));
  });
}

function leaving(api: Api, served: Served): void {
  const base = { tags, params: DraftParams, response: { 201: DraftSummary, ...failed } };
  const back = { ...base, operationId: "returnDraft", summary: "return it with a remark: it is not released", body: ReturnDraft };
  api.post(`${ONE}/return`, { schema: back }, async (request, reply) => {
    const line = lineOf(served, request.params.line);
    const { version, remark } = request.body;
    return answer(reply, await line.drafts.giveBack(request.params.draft, version, remark), (draft) => draftSummary(line, draft));
  });

  const withdrawn = { ...base, operationId: "withdrawDraft", summary: "withdraw it: nobody goes on with it", body: WithdrawDraft };
  api.post(`${ONE}/withdrawal`, { schema: withdrawn }, async (request, reply) => {
    const line = lineOf(served, request.params.line);
    return answer(reply, await line.drafts.withdraw(request.params.draft, request.body.version), (draft) => draftSummary(line, draft));
  });

  const seen = {
    ...base,
    operationId: "seeDraft",
    summary: "note what a person saw last, to show them what has changed since",
    body: SeeDraft,
  };
  api.post(`${ONE}/sight`, { schema: seen }, async (request, reply) => {
    const line = lineOf(served, request.params.line);
    const { version, kid } = request.body;
    return answer(reply, await line.drafts.see(request.params.draft, version, parseKid(kid)), (draft) => draftSummary(line, draft));
  });
}

function contentOf({ payload, disclosure }: NewDraft): Content {
  return { payload: bytesOf("payload", payload), disclosure: disclosure === undefined ? undefined : bytesOf("disclosure", disclosure) };
}

const STATUS: Readonly<Partial<Record<NotDone["code"], 404 | 409 | 429 | 503>>> = {
  "not-found": 404,
  "draft-behind": 409,
  "draft-state": 409,
  "too-many": 429,
  unavailable: 503,
};

async function answer(reply: FastifyReply, done: Done<Draft>, view: (draft: Draft) => DraftSummary): Promise<void> {
  if (done.ok) return void (await reply.status(201).send(view(done.value)));
  const { code, detail, version, kept } = done.refusal;
  const status = STATUS[code] ?? REFUSED;
  await reply.status(status).send(status === 409 ? { code, detail, version, kept: kept ?? null } : { code, detail });
}
