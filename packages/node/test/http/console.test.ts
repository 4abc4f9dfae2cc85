import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { apiOf } from "../../src/http/api.ts";
import { listenForConsoles } from "../../src/http/console.ts";
import { SignInDesk } from "../../src/http/sign-in-desk.ts";
import { signInLinkRoutes } from "../../src/http/sign-in-links.ts";
import type { ServedLine } from "../../src/http/served.ts";
import { servedHere } from "./served-here.ts";
import { Line } from "../node/line.ts";

let now: number;
let desk: SignInDesk;
let served: ServedLine;
let origin: string;
let listening: Awaited<ReturnType<typeof listenForConsoles>>;

beforeEach(async () => {
  now = Date.now();
  desk = new SignInDesk(() => now);
  const line = await Line.open();
  const { node } = line.players[0]!;
  served = servedHere(node);
  const at = { host: "127.0.0.1", port: 0 };
  listening = await listenForConsoles({ lines: [served] }, { at, party: "north", desk });
  ({ origin } = listening);
});
afterEach(() => listening.close());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a browser would send, or what somebody makes it look like. */
function ask(method: string, path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Answer> {
  const { host, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const content = body === undefined ? {} : { "content-type": "application/json" };
    const sent = request({ host: "127.0.0.1", port, method, path, headers: { host, ...content, ...headers } }, (response) => {
      let text = "";
      response.on("data", (part: Buffer) => (text += part.toString()));
      response.on("end", () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: text === "" ? {} : (JSON.parse(text) as Answer["body"]) }),
      );
    });
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function signedIn(): Promise<{ cookie: string; token: string }> {
  const { secret } = desk.link("watch")!;
  const answer = await ask("POST", "/api/v1/session", { origin }, { secret });
  expect(answer.status).toBe(201);
  return { cookie: answer.headers["set-cookie"]![0]!.split(";")[0]!, token: answer.body["token"] as string };
}

const says = ({ status, body }: Answer) => [status, body["code"]];
const act = { act: "AA" };

describe("signing in", () => {
  test("a link gives one session, in a cookie that no script, no other site and no plain name can have", async () => {
    const { secret } = desk.link("watch")!;
    const first = await ask("POST", "/api/v1/session", { origin }, { secret });
    expect(first.headers["set-cookie"]).toEqual([
      expect.stringMatching(/^__Host-openline-north=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=4\d{4}; Secure; HttpOnly; SameSite=Strict$/),
    ]);
    expect(first.body).toEqual({ post: "watch", token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/), until: expect.any(String) });
    expect(says(await ask("POST", "/api/v1/session", { origin }, { secret }))).toEqual([401, "not-signed-in"]);
  });

  test("a link ends after ten minutes, a session after twelve hours, and at once when it is signed out", async () => {
    const { secret } = desk.link("watch")!;
    now += 600_000;
    expect(says(await ask("POST", "/api/v1/session", { origin }, { secret }))).toEqual([401, "not-signed-in"]);
    const { cookie, token } = await signedIn();
    expect((await ask("GET", "/api/v1/session", { cookie })).body).toMatchObject({ post: "watch", token });
    now += 43_200_000;
    expect(says(await ask("GET", "/api/v1/lines", { cookie }))).toEqual([401, "not-signed-in"]);
    const again = await signedIn();
    expect((await ask("DELETE", "/api/v1/session", { origin, cookie: again.cookie, "x-openline-token": again.token })).status).toBe(204);
    expect(says(await ask("GET", "/api/v1/lines", { cookie: again.cookie }))).toEqual([401, "not-signed-in"]);
  });

  test("it is signed out also where a type is named for a body that is empty; what has to say something may not be empty", async () => {
    const { cookie, token } = await signedIn();
    const headers = { origin, cookie, "x-openline-token": token, "content-type": "application/json" };
    expect(says(await ask("POST", "/api/v1/session", headers))).toEqual([400, "bad-request"]);
    expect((await ask("DELETE", "/api/v1/session", headers)).status).toBe(204);
    expect(says(await ask("GET", "/api/v1/lines", { cookie }))).toEqual([401, "not-signed-in"]);
  });

  test("links come from the control socket, for posts that are there, and no more than 64 wait", async () => {
    const api = apiOf({ lines: [served] }, (routes) => signInLinkRoutes(routes, { lines: [served] }, { desk, origin: () => origin }));
    const link = async (post: string) => {
      const answer = await api.inject({ method: "POST", url: "/api/v1/sign-in-links", payload: { post } });
      return { status: answer.statusCode, body: answer.json<Record<string, string>>() };
    };
    const { body } = await link("watch");
    expect(body["url"]).toMatch(/^http:\/\/north\.localhost:\d+\/sign-in#[A-Za-z0-9_-]{43}$/);
    expect((await ask("POST", "/api/v1/session", { origin }, { secret: body["url"]!.split("#")[1] })).status).toBe(201);
    expect((await link("nobody")).status).toBe(404);
    for (let i = 0; i < 64; i++) expect((await link("watch")).status).toBe(201);
    expect(await link("watch")).toMatchObject({ status: 429, body: { code: "too-many" } });
    const { cookie, token } = await signedInAfter();
    expect((await ask("POST", "/api/v1/sign-in-links", { origin, cookie, "x-openline-token": token }, { post: "watch" })).status).toBe(404);
    await api.close();
  });
  const signedInAfter = async () => {
    now += 600_000;
    return signedIn();
  };
});

describe("every request", () => {
  test("without a session nothing is read, and nothing else is told either", async () => {
    for (const path of ["/api/v1/lines", "/api/v1/events", "/api/v1/openapi.json", "/readyz", "/nothing"])
      expect([path, ...says(await ask("GET", path))]).toEqual([path, 401, "not-signed-in"]);
    expect(says(await ask("GET", "/api/v1/lines", { cookie: `__Host-openline-north=${"A".repeat(43)}` }))).toEqual([401, "not-signed-in"]);
  });

  test("what changes something needs the origin and the token of the session beside its cookie", async () => {
    const { cookie, token } = await signedIn();
    const other = await signedIn();
    const post = (headers: Record<string, string>) => ask("POST", "/api/v1/lines/north/acts", { cookie, ...headers }, act);
    expect(says(await post({}))).toEqual([403, "wrong-origin"]);
    expect(says(await post({ origin: "http://south.localhost:1", "x-openline-token": token }))).toEqual([403, "wrong-origin"]);
    expect(says(await post({ origin: "null", "x-openline-token": token }))).toEqual([403, "wrong-origin"]);
    expect(says(await post({ origin }))).toEqual([403, "wrong-token"]);
    expect(says(await post({ origin, "x-openline-token": other.token }))).toEqual([403, "wrong-token"]);
    // Let in: refused now by a rule of the line, since it is no act.
    expect((await post({ origin, "x-openline-token": token })).status).toBe(422);
  });

  test("a console asks for a key of the post that is signed in there, and of no other", async () => {
    const { cookie, token } = await signedIn();
    const asked = (post: string, more = "") => {
      const body = { post, key: "A".repeat(43), possession: "A".repeat(86) };
      return ask("POST", `/api/v1/lines/north/key-requests${more}`, { cookie, origin, "x-openline-token": token }, body);
    };
    for (const more of ["#x", ";x", "/"]) expect((await asked("leader", more)).status).not.toBe(201);
    for (const more of ["", "?x=1", "?"]) expect(says(await asked("leader", more))).toEqual([403, "not-authorised"]);
    // Let in: refused now, since nobody holds that key.
    expect(says(await asked("watch"))).toEqual([422, "wrong-signature"]);
  });

  test("a console reads and keeps what is typed for the post that is signed in there, and for no other", async () => {
    const { cookie, token } = await signedIn();
    const headers = { cookie, origin, "x-openline-token": token };
    const keep = (post: string) => ask("POST", `/api/v1/lines/north/unsent/${post}/send%20en`, headers, { base: 0, text: "half a word" });
    expect(says(await keep("minister"))).toEqual([403, "not-authorised"]);
    expect(says(await keep("m%69nister"))).toEqual([403, "not-authorised"]);
    expect((await keep("watch")).status).toBe(201);
    expect(says(await ask("GET", "/api/v1/lines/north/unsent/minister/send%20en", headers))).toEqual([403, "not-authorised"]);
    expect((await ask("GET", "/api/v1/lines/north/unsent/watch/send%20en", headers)).body["text"]).toBe("half a word");
    const list = (query: string) => ask("GET", `/api/v1/lines/north/unsent${query}`, headers);
    for (const query of ["", "?post=minister"]) expect([query, ...says(await list(query))]).toEqual([query, 403, "not-authorised"]);
    expect((await list("?post=watch")).status).toBe(200);
  });

  test("a page of another site and another name for this address are refused, though the cookie came with them", async () => {
    const { cookie } = await signedIn();
    expect((await ask("GET", "/api/v1/lines", { cookie, "sec-fetch-site": "same-origin" })).status).toBe(200);
    for (const site of ["cross-site", "same-site"])
      expect(says(await ask("GET", "/api/v1/lines", { cookie, "sec-fetch-site": site }))).toEqual([403, "wrong-origin"]);
    expect(says(await ask("GET", "/api/v1/lines", { cookie, host: "rebound.example" }))).toEqual([403, "wrong-origin"]);
    const { secret } = desk.link("watch")!;
    expect(says(await ask("POST", "/api/v1/session", { origin: "http://evil.example" }, { secret }))).toEqual([403, "wrong-origin"]);
  });

  test("every answer carries the content policy, refused or not", async () => {
    const { cookie } = await signedIn();
    for (const headers of [{ cookie }, { cookie: "" }]) {
      const answer = await ask("GET", "/api/v1/lines", headers);
      expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
      expect(answer.headers["content-security-policy"]).toContain("require-trusted-types-for 'script'");
      expect(answer.headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
      });
      expect(answer.headers["strict-transport-security"]).toBeUndefined();
    }
  });

  test("consoles are served on loopback only", async () => {
    const at = { host: "0.0.0.0", port: 0 };
    await expect(listenForConsoles({ lines: [served] }, { at, party: "north", desk })).rejects.toMatchObject({ code: "usage" });
  });
});
