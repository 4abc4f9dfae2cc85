import { ApiProblem, NodeClient, type Transport } from "@openline/api";
import { kidOf, parseDigest, parsePostId, parseUnixMillis, parseUnixSeconds, possessionMessage, secondsOf } from "@openline/core";
import { nativeSuite } from "@openline/node";
import { expect, test } from "vitest";
import { apiOf } from "../../src/http/api.ts";
import type { ServedLine } from "../../src/http/served.ts";
import { handOf, submitDraft } from "../../src/operate/line-setup.ts";
import { servedHere } from "./served-here.ts";
import { Line } from "../node/line.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

async function served(): Promise<{
  line: Line;
  client: NodeClient;
  one: ServedLine;
  ask: (seed: Uint8Array) => { key: string; possession: string };
}> {
  const line = await Line.open();
  const { node } = line.players[0]!;
  const { accord, party } = node.options;
  const one = servedHere(node);
  const api = apiOf({ lines: [one] });
  const transport: Transport = async ({ method, path, body }) => {
    const answer = await api.inject({
      method,
      url: path,
      ...(typeof body === "string" ? { body, headers: { "content-type": "application/json" } } : {}),
    });
    return { status: answer.statusCode, body: answer.body };
  };
  const ask = (seed: Uint8Array) => {
    const key = nativeSuite.ed25519Public(seed);
    return { key: text(key), possession: text(nativeSuite.signEd25519(seed, possessionMessage(accord.line, party.key, key))) };
  };
  return { line, client: new NodeClient(transport), one, ask };
}

async function codeOf(asked: Promise<unknown>): Promise<string> {
  return asked.then(
    () => "done",
    (error: unknown) => (error instanceof ApiProblem ? error.problem.code : String(error)),
  );
}

test("a key waits until the directory gives it a post, signs until its shift ends, and is known all along", async () => {
  const { line, client, one, ask } = await served();
  const seed = new Uint8Array(32).fill(7);
  const kid = kidOf(nativeSuite, nativeSuite.ed25519Public(seed));
  const standing = async (): Promise<string> => (await client.keyStanding(one.accord.line, kid)).standing;
  expect(await standing()).toBe("unknown");
  await client.askKey(one.accord.line, { post: "watch", ...ask(seed) });
  expect(await standing()).toBe("waiting");
  expect((await client.keyRequests(one.accord.line)).requests.map((item) => [item.kid, item.post])).toEqual([[kid, "watch"]]);

  const key = nativeSuite.ed25519Public(seed);
  const possession = nativeSuite.signEd25519(seed, possessionMessage(one.accord.line, one.party.key, key));
  const until = parseUnixSeconds(secondsOf(line.now) + 60);
  const person = parseDigest("ab".repeat(32));
  const facts = { key, posts: [parsePostId("watch")], person, until, possession };
  const hand = { ...handOf(nativeSuite, line.players[0]!.secrets.directory[0]!), role: "author" as const };
  expect(await submitDraft(one.node, { kind: "post-assign", facts }, [hand])).toMatchObject({ ok: true });
  expect(await standing()).toBe("in-force");
  expect((await client.keyRequests(one.accord.line)).requests).toEqual([]);
  line.now = parseUnixMillis(line.now + 120_000);
  expect(await standing()).toBe("ended");
});

test("what is no key of this line, no post, or one too many is refused", async () => {
  const { client, one, ask } = await served();
  const { line } = one.accord;
  const own = ask(new Uint8Array(32).fill(1));
  const other = ask(new Uint8Array(32).fill(2));
  expect(await codeOf(client.askKey(line, { post: "watch", key: own.key, possession: other.possession }))).toBe("wrong-signature");
  expect(await codeOf(client.askKey(line, { post: "nobody", ...own }))).toBe("not-found");
  expect(await codeOf(client.askKey(line, { post: "watch", ...own, key: own.key.slice(0, 20) }))).toBe("bad-request");
  for (let i = 0; i < 64; i++) await client.askKey(line, { post: "watch", ...ask(new Uint8Array(32).fill(100 + i)) });
  expect(await codeOf(client.askKey(line, { post: "watch", ...own }))).toBe("too-many");
  // One that waits may ask again.
  expect(await codeOf(client.askKey(line, { post: "watch", ...ask(new Uint8Array(32).fill(100)) }))).toBe("done");
});
