import { AskKey, KeyParams, KeyRequest, KeyRequests, KeyStanding, LineParams, Problem } from "@openline/api";
import { formatTime, kidOf, parseDateSeconds, parseKid, possessionMessage, secondsOf } from "@openline/core";
import type { Api } from "./api.ts";
import { bytesOf, hasPost, lineOf } from "./lookup.ts";
import { REFUSED, Asked, problemOf } from "./problems.ts";
import type { Served, ServedLine } from "./served.ts";

export const KEY_REQUESTS_PATH = "/api/v1/lines/:line/key-requests";

/** Keys that a console made and does not give out: asked for here, given by the directory, and looked up in the record. */
export function keyRoutes(api: Api, served: Served): void {
  const tags = ["line"];
  const ask = {
    operationId: "askKey",
    summary: "ask that a key made in a console be given a post",
    tags,
    params: LineParams,
    body: AskKey,
    response: { 201: KeyRequest, "4xx": Problem },
  };
  api.post(KEY_REQUESTS_PATH, { schema: ask }, async (request, reply) => {
    const line = lineOf(served, request.params.line);
    const { post, key, possession } = request.body;
    if (!hasPost(line, post)) throw new Asked("not-found", `no post "${post}" here`);
    const { suite, world } = line.node.options;
    const bytes = bytesOf("key", key);
    if (bytes.length !== 32) throw new Asked("bad-request", "key: 32 bytes expected");
    const message = possessionMessage(line.accord.line, line.party.key, bytes);
    if (!suite.verifyEd25519(bytes, message, bytesOf("possession", possession)))
      return reply.status(REFUSED).send(problemOf({ code: "wrong-signature", detail: "the key did not sign for this line and party" }));
    const asked: KeyRequest = { kid: kidOf(suite, bytes), post, key, possession, asked: formatTime(secondsOf(world.clock.now())) };
    if (!line.keyDesk.ask(asked)) return reply.status(429).send({ code: "too-many", detail: "too many keys wait for the directory" });
    return reply.status(201).send(asked);
  });

  const waiting = {
    operationId: "keyRequests",
    summary: "keys that wait for the directory",
    tags,
    params: LineParams,
    response: { 200: KeyRequests, "4xx": Problem },
  };
  api.get(KEY_REQUESTS_PATH, { schema: waiting }, (request) => {
    const line = lineOf(served, request.params.line);
    for (const { kid } of line.keyDesk.waiting) if (standingOf(line, kid) !== undefined) line.keyDesk.done(kid);
    return { requests: [...line.keyDesk.waiting] };
  });

  const standing = {
    operationId: "keyStanding",
    summary: "what the record has of a key",
    tags,
    params: KeyParams,
    response: { 200: KeyStanding, "4xx": Problem },
  };
  api.get("/api/v1/lines/:line/keys/:kid", { schema: standing }, (request) => {
    const line = lineOf(served, request.params.line);
    const { kid } = request.params;
    return standingOf(line, kid) ?? waitingOf(line, kid) ?? { kid, standing: "unknown" as const, posts: [], until: null };
  });
}

function standingOf({ node }: ServedLine, kid: string): KeyStanding | undefined {
  const key = node.record.logs.get(node.own.log)?.ring.keys.get(parseKid(kid));
  if (key === undefined) return undefined;
  const now = secondsOf(node.options.world.clock.now());
  const standing = key.revokedAt !== null ? "revoked" : key.until !== null && key.until < now ? "ended" : "in-force";
  return { kid, standing, posts: [...key.posts], until: key.until === null ? null : formatTime(parseDateSeconds(key.until)) };
}

function waitingOf({ keyDesk }: ServedLine, kid: string): KeyStanding | undefined {
  const found = keyDesk.waiting.find((request) => request.kid === kid);
  return found === undefined ? undefined : { kid, standing: "waiting", posts: [found.post], until: null };
}
