import { AskLink, Problem, SignInLink } from "@openline/api";
import { formatTime, parseUnixSeconds } from "@openline/core";
import type { Api } from "./api.ts";
import { hasPost } from "./lookup.ts";
import { Asked } from "./problems.ts";
import type { Served } from "./served.ts";
import type { SignInDesk } from "./sign-in-desk.ts";

/** Where people sign in, and with what. */
export interface SignInPlace {
  readonly desk: SignInDesk;
  /** `http://<party>.localhost:PORT`; undefined: there is no console. */
  readonly origin: () => string | undefined;
}

/** Whoever can open the control socket may let others in: the node's own account. */
export function signInLinkRoutes(api: Api, served: Served, { desk, origin }: SignInPlace): void {
  const schema = {
    operationId: "signInLink",
    summary: "a link by which one person signs in once",
    tags: ["node"],
    body: AskLink,
    response: { 201: SignInLink, "4xx": Problem },
  };
  api.post("/api/v1/sign-in-links", { schema }, async (request, reply) => {
    const { post } = request.body;
    const at = origin();
    if (at === undefined) throw new Asked("not-found", "this node has no console; start it with openline up --console");
    if (!served.lines.some((line) => hasPost(line, post))) throw new Asked("not-found", `no post "${post}" here`);
    const link = desk.link(post);
    if (link === undefined) return reply.status(429).send({ code: "too-many", detail: "too many links wait; they end after 10 minutes" });
    // After the mark a browser sends nothing to anybody: the secret is in no log and no referrer.
    const until = formatTime(parseUnixSeconds(Math.floor(link.until / 1000)));
    return reply.status(201).send({ url: `${at}/sign-in#${link.secret}`, post, until });
  });
}
