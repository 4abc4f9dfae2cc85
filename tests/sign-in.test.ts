import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, openProfile } from "./support/browser.ts";
import { openline, startNode, workFolder } from "./support/openline.ts";

/** The two parties of an exercise side by side on one machine, each with its own consoles, and a real browser. */
const dir = workFolder();
const parties = ["jpn", "chn"] as const;
const origins = new Map<string, string>();

beforeAll(async () => {
  const played = await openline(["exercise", "run", "exercises/notice-2025-12-06.yaml", "--dir", dir, "--fresh"]);
  expect([played.code, played.err]).toEqual([0, ""]);
  for (const party of parties) {
    const node = await startNode(["--dir", join(dir, party), "--clock", "2025-12-06T09:00:00Z", "--console", "127.0.0.1:0"]);
    origins.set(party, /^consoles at (\S+)$/m.exec(node.printed())?.[1] ?? "");
  }
});

async function linkOf(party: string): Promise<string> {
  const lines = await openline(["sign-in", "--dir", join(dir, party), "--post", "nobody"]);
  expect([lines.code, lines.err]).toEqual([2, expect.stringContaining("no post")]);
  const { code, out, err } = await openline(["sign-in", "--dir", join(dir, party), "--post", "duty-officer", "--json"]);
  expect([code, err]).toEqual([0, ""]);
  return (JSON.parse(out) as { url: string }).url;
}

/** What a page of a console does. It runs in the browser. */
const ask = async ({ method, path, body, token }: { method: string; path: string; body?: unknown; token?: string }) => {
  const response = await fetch(path, {
    method,
    headers: { "content-type": "application/json", ...(token === undefined ? {} : { "x-openline-token": token }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};

describe.skipIf(chromiumPath === undefined)("consoles in Chromium", () => {
  test("a link signs in once, the cookie stays with its party, and another party's page gets nothing", async () => {
    const { context } = await openProfile();
    const page = await context.newPage();
    const url = await linkOf("jpn");
    const [origin, secret] = [new URL(url).origin, new URL(url).hash.slice(1)];
    // Not the link itself: the screen it leads to would use it up.
    await page.goto(`${origin}/`);
    expect(origin).toBe(origins.get("jpn"));
    const signedIn = await page.evaluate(ask, { method: "POST", path: "/api/v1/session", body: { secret } });
    expect(signedIn).toMatchObject({ status: 201, body: { post: "duty-officer" } });
    expect((await page.evaluate(ask, { method: "POST", path: "/api/v1/session", body: { secret } })).status).toBe(401);

    expect((await page.evaluate(ask, { method: "GET", path: "/api/v1/lines" })).status).toBe(200);
    const act = { method: "POST", path: "/api/v1/lines/jpn/acts", body: { act: "AA" } };
    expect((await page.evaluate(ask, act)).body["code"]).toBe("wrong-token");
    expect((await page.evaluate(ask, { ...act, token: signedIn.body["token"]! })).status).toBe(422);

    const cookies = await context.cookies(origin);
    expect(cookies).toMatchObject([{ name: "__Host-openline-jpn", httpOnly: true, secure: true, sameSite: "Strict", path: "/" }]);
    expect(await page.evaluate<unknown>("document.cookie")).toBe("");

    const other = await context.newPage();
    await other.goto(`${origins.get("chn")}/`);
    expect((await other.evaluate(ask, { method: "GET", path: "/api/v1/lines" })).status).toBe(401);
    // Its own policy keeps a page from asking elsewhere; without one, the answer cannot be read.
    const reached = await other.evaluate(
      (path) =>
        fetch(path, { credentials: "include" }).then(
          () => true,
          () => false,
        ),
      `${origin}/api/v1/lines`,
    );
    expect(reached).toBe(false);
  });
});
