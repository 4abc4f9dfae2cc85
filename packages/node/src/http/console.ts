import { Problem, Session, SignIn } from "@openline/api";
import { OpenlineError, formatTime, parseUnixSeconds } from "@openline/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ListenAt } from "../metrics/listener.ts";
import { type Api, apiOf } from "./api.ts";
import { type Pages, consolePages, isPage, pageRoutes } from "./console-pages.ts";
import { KEY_REQUESTS_PATH } from "./keys.ts";
import type { Served } from "./served.ts";
import { type SignInDesk, tokenOf } from "./sign-in-desk.ts";
import { UNSENT_PATH } from "./unsent.ts";

const SESSION = "/api/v1/session";
const EVENTS = "/api/v1/events";
/** A stream outlives the request by which it was allowed. */
const CHECK_MS = 60_000;

/** The one style that the console's components put into the page themselves: how a finger moves on what can be pressed. A test
 *  computes it from the installed package. Source: CSP Level 3 §2.3.1, hash-source. */
const PRESSABLE_STYLE = "sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o=";

/** No HSTS: over plain HTTP it must not be sent (RFC 6797 §7.2). docs/decisions/0010-sessions-on-loopback.md. */
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; " +
    `style-src 'self' '${PRESSABLE_STYLE}'; ` +
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types openline-sw",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy":
    "microphone=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(), geolocation=()",
  "cache-control": "no-store",
};

/** The API for consoles: the same routes, for people who have signed in, on a loopback address under the party's own name. */
export async function listenForConsoles(
  served: Served,
  options: { readonly at: ListenAt; readonly party: string; readonly desk: SignInDesk },
): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const { at, party, desk } = options;
  if (!LOOPBACK.has(at.host)) throw new OpenlineError("usage", `console: ${at.host} is no loopback address; put a TLS proxy before it`);
  let host = "";
  const cookie = `__Host-openline-${party}`;
  const pages = await consolePages();
  const api = apiOf(served, (routes) => {
    sessionRoutes(routes, { desk, cookie });
    pageRoutes(routes, pages);
  });
  api.addHook("onRequest", async (request, reply) => {
    reply.headers(HEADERS);
    const problem = refusalOf(request, { host, desk, pages, secret: cookieOf(request, cookie) });
    if (problem !== undefined) return reply.status(problem.status).send({ code: problem.code, detail: problem.detail });
    if (pathOf(request) === EVENTS) checkAgain(reply, () => desk.session(cookieOf(request, cookie)) !== undefined);
  });
  api.addHook("preHandler", async (request, reply) => {
    const session = desk.session(cookieOf(request, cookie));
    if (!asksForAnotherPost(request, session?.post)) return undefined;
    return reply.status(403).send({ code: "not-authorised", detail: "a console asks and types for the post that is signed in there" });
  });
  try {
    await api.listen({ host: at.host, port: at.port });
  } catch (cause) {
    throw new OpenlineError("usage", `console: ${at.host}:${at.port} cannot be listened on`, { cause });
  }
  const address = api.server.address();
  host = `${party}.localhost:${typeof address === "object" && address !== null ? address.port : at.port}`;
  return { origin: `http://${host}`, close: () => api.close() };
}

/** A key is given to the post that signed in, and what is typed there is of that post: another's is not this console's to ask for. */
function asksForAnotherPost(request: FastifyRequest, post: string | undefined): boolean {
  const { method, routeOptions, params, query, body } = request;
  if (routeOptions.url === UNSENT_PATH) return postOf(query) !== post;
  if (routeOptions.url === `${UNSENT_PATH}/:post/:field`) return postOf(params) !== post;
  return routeOptions.url === KEY_REQUESTS_PATH && method === "POST" && postOf(body) !== post;
}

const postOf = (given: unknown): unknown => (typeof given === "object" && given !== null && "post" in given ? given.post : undefined);

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

interface Refused {
  readonly status: 401 | 403;
  readonly code: "wrong-origin" | "wrong-token" | "not-signed-in";
  readonly detail: string;
}

/** Whether a request comes from a page of this console and from somebody who has signed in. The first failure wins. */
function refusalOf(
  request: FastifyRequest,
  { host, desk, pages, secret }: { readonly host: string; readonly desk: SignInDesk; readonly pages: Pages; readonly secret: string },
): Refused | undefined {
  const { headers, method } = request;
  const site = headers["sec-fetch-site"];
  const reads = method === "GET" || method === "HEAD";
  // Another name that leads to this address is another site's (DNS rebinding).
  if (headers.host !== host) return { status: 403, code: "wrong-origin", detail: "this console has another name" };
  // A link elsewhere may lead here: what it opens holds nothing of any line, and asks for itself.
  const followed =
    reads && headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document" && isPage(pages, pathOf(request));
  if (site !== undefined && site !== "same-origin" && site !== "none" && !followed)
    return { status: 403, code: "wrong-origin", detail: "asked by a page of another site" };
  if (!reads && headers.origin !== `http://${host}`)
    return { status: 403, code: "wrong-origin", detail: "not asked by a page of this console" };
  if (method === "POST" && pathOf(request) === SESSION) return undefined;
  if (reads && isPage(pages, pathOf(request))) return undefined;
  if (desk.session(secret) === undefined) return { status: 401, code: "not-signed-in", detail: "sign in by a new link: openline sign-in" };
  const token = headers["x-openline-token"];
  if (!reads && !(typeof token === "string" && desk.isToken(secret, token)))
    return { status: 403, code: "wrong-token", detail: "x-openline-token is not that of this session" };
  return undefined;
}

const pathOf = ({ url }: FastifyRequest): string => url.split("?", 1)[0] ?? "";

function cookieOf({ headers }: FastifyRequest, name: string): string {
  const found = (headers.cookie ?? "").split(";").map((part) => part.trim().split("="));
  return found.find(([key]) => key === name)?.[1] ?? "";
}

function checkAgain({ raw }: FastifyReply, isSignedIn: () => boolean): void {
  const timer = setInterval(() => {
    if (!isSignedIn()) raw.destroy();
  }, CHECK_MS);
  raw.on("close", () => clearInterval(timer));
}

function sessionRoutes(api: Api, { desk, cookie }: { readonly desk: SignInDesk; readonly cookie: string }): void {
  const tags = ["node"];
  const set = (value: string, seconds: number): string =>
    `${cookie}=${value}; Path=/; Max-Age=${seconds}; Secure; HttpOnly; SameSite=Strict`;
  const view = (secret: string, { post, until }: { readonly post: string; readonly until: number }): Session => ({
    post,
    token: tokenOf(secret),
    until: formatTime(parseUnixSeconds(Math.floor(until / 1000))),
  });

  const signIn = { operationId: "signIn", summary: "sign in by a link", tags, body: SignIn, response: { 201: Session, "4xx": Problem } };
  api.post(SESSION, { schema: signIn }, async (request, reply) => {
    const made = await desk.signIn(request.body.secret);
    if (made === undefined) return reply.status(401).send({ code: "not-signed-in", detail: "this link was used, or is too old" });
    const seconds = Math.floor((made.until - Date.now()) / 1000);
    return reply.status(201).header("set-cookie", set(made.cookie, seconds)).send(view(made.cookie, made));
  });

  const own = { operationId: "session", summary: "who is signed in here", tags, response: { 200: Session, "4xx": Problem } };
  api.get(SESSION, { schema: own }, async (request, reply) => {
    const secret = cookieOf(request, cookie);
    const session = desk.session(secret);
    if (session === undefined) return reply.status(401).send({ code: "not-signed-in", detail: "the session has ended" });
    return reply.status(200).send(view(secret, session));
  });

  const out = { operationId: "signOut", summary: "sign out", tags, response: { 204: { description: "signed out" }, "4xx": Problem } };
  api.delete(SESSION, { schema: out }, async (request, reply) => {
    await desk.signOut(cookieOf(request, cookie));
    return reply.status(204).header("set-cookie", set("", 0)).send();
  });
}
