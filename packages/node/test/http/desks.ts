import { afterEach, beforeEach, expect } from "vitest";
import { ApiProblem, type Draft, NodeClient } from "@openline/api";
import { type Kid, type Role, type SaidLater, kidOf, parseChannelNumber, prepareSaid, secondsOf, signAct } from "@openline/core";
import { Node, nativeSuite } from "@openline/node";
import { type Api, apiOf } from "../../src/http/api.ts";
import { handOf } from "../../src/operate/line-setup.ts";
import { RECALL_SECONDS } from "../../src/drafts/leaving.ts";
import type { ServedLine } from "../../src/http/served.ts";
import { servedHere } from "./served-here.ts";
import { Line, message } from "../node/line.ts";

/** Two real nodes. People of north write, sign and release, each with a key of their own and nothing but the API. */
export let line: Line;
export let api: Api;
export let client: NodeClient;
export let served: ServedLine;

export const LEADERS = parseChannelNumber(2);

export const open = (node: Node): void => {
  served = servedHere(node);
  api = apiOf({ lines: [served] });
  client = new NodeClient(async ({ method, path, body }) => {
    const payload = body === undefined ? {} : { payload: Buffer.from(body), headers: { "content-type": "application/json" } };
    const reply = await api.inject({ method, url: path, ...payload });
    return { status: reply.statusCode, body: reply.body };
  });
};

/** Each test of the file that calls this has a line of its own. */
export function eachAtTheirDesks(): void {
  beforeEach(async () => {
    line = await Line.open();
    await line.connect();
    await line.settle();
    await line.assign();
    await line.settle();
    open(line.node(0));
  });
  afterEach(() => api.close());
}

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64url"));
export const seed = (post: "watch" | "minister"): Uint8Array => line.players[0]!.secrets.watch.get(post)!;
export const kid = (post: "watch" | "minister"): Kid => kidOf(nativeSuite, nativeSuite.ed25519Public(seed(post)));

/** What a person's own machine makes of what they typed. */
export function content(text: string, said: Partial<SaidLater> = {}): { payload: string; disclosure: string } {
  const { accord, party } = line.node(0).options;
  const by = { suite: nativeSuite, random: line.chance.bytes, line: accord.line, party: party.key, now: line.now, logTime: 0 };
  const whole = { ...message(), channel: LEADERS, ...said };
  const { payload, disclosure } = prepareSaid(by, whole, new Map([["text", new Map([["en", text]])]]));
  return { payload: base64(payload), disclosure: base64(disclosure!) };
}

/** A person signs exactly the bytes that they were shown. */
export function signature({ shown }: Draft, role: Role, key: Uint8Array = seed(role === "author" ? "watch" : "minister")): string {
  const { accordDigest } = line.node(0).options.party;
  const hands = [{ ...handOf(nativeSuite, key), role }];
  return base64(signAct(bytes(shown.payload), { accordDigest, time: secondsOf(line.now), hands }));
}

export async function waiting(text = "Release me.", said: Partial<SaidLater> = {}): Promise<Draft> {
  const { draft } = await client.newDraft("north", content(text, said));
  const made = await client.draft("north", draft);
  await client.signDraft("north", draft, { version: made.version, act: signature(made, "author") });
  return client.draft("north", draft);
}

export async function problemOf(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiProblem)) throw new Error(`a problem expected, not ${String(error)}`);
  return [error.status, error.problem.code];
}

/** The time for a recall is over, and the node is told so. */
export async function afterRecall(): Promise<void> {
  line.wait(RECALL_SECONDS + 1);
  await served.drafts.sendDue();
}

export async function placedAs(number: number): Promise<{ readonly log: string; readonly index: number; readonly leaf: string }> {
  const { state, placed } = await client.draft("north", number);
  expect(state).toBe("placed");
  return placed!;
}

export const size = (): number => line.node(0).own.frontier.size;
