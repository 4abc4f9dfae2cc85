import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import Fastify, {
  type FastifyInstance,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from "fastify";
import type { FastifyBaseLogger } from "fastify";
import { accordRoutes } from "./accord.ts";
import { actRoutes } from "./acts.ts";
import { attachmentRoutes } from "./attachments.ts";
import { bearerRoutes } from "./bearers.ts";
import { closeInTime } from "./closing.ts";
import { debtRoutes } from "./debts.ts";
import { telephoneRoutes } from "./telephones.ts";
import { draftRoutes } from "./drafts.ts";
import { entryRoutes } from "./entries.ts";
import { eventRoutes } from "./events.ts";
import { evidenceRoutes } from "./evidence.ts";
import { healthRoutes } from "./health.ts";
import { historyRoutes } from "./history.ts";
import { keyRoutes } from "./keys.ts";
import { takeJson } from "./json-body.ts";
import { lineRoutes } from "./lines.ts";
import { serveOpenapi } from "./openapi.ts";
import { answerError } from "./problems.ts";
import type { Served } from "./served.ts";
import { stateRoutes } from "./states.ts";
import { unsentRoutes } from "./unsent.ts";

export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** The longest act with the longest body in base64url, twice over. */
const BODY_BYTES_MAX = 4_194_304;

/** The API of a node to its own people. One file for each group of routes; no rule lives in any of them. Not listening yet. */
export function apiOf(served: Served, more: (routes: Api) => void = () => undefined): Api {
  const api = Fastify({ bodyLimit: BODY_BYTES_MAX, requestTimeout: 30_000 })
    .withTypeProvider<TypeBoxTypeProvider>()
    .setValidatorCompiler(TypeBoxValidatorCompiler);
  takeJson(api);
  closeInTime(api);
  api.setErrorHandler((error: Error, _request, reply) => answerError(error, reply));
  api.setNotFoundHandler((_request, reply) => reply.status(404).send({ code: "not-found", detail: "no such route" }));
  // Registered as one, since the document describes what is registered after it.
  void api.register(async (routes: Api) => {
    await serveOpenapi(routes);
    healthRoutes(routes, served);
    eventRoutes(routes, served);
    lineRoutes(routes, served);
    accordRoutes(routes, served);
    keyRoutes(routes, served);
    actRoutes(routes, served);
    attachmentRoutes(routes, served);
    draftRoutes(routes, served);
    unsentRoutes(routes, served);
    stateRoutes(routes, served);
    historyRoutes(routes, served);
    entryRoutes(routes, served);
    evidenceRoutes(routes, served);
    debtRoutes(routes, served);
    bearerRoutes(routes, served);
    telephoneRoutes(routes, served);
    more(routes);
  });
  return api;
}
