import { type KindName, type LeafHash, type Result, parseUnixSeconds } from "@openline/core";
import { beforeAll, expect, test } from "vitest";
import type { Receipt } from "../../src/author.ts";
import { Line, START_S } from "./line.ts";

/** A node places no reply of its own people to their own words. */
let line: Line;
let ours: LeafHash;
let theirs: LeafHash;

const leafOf = (said: Result<Receipt>): LeafHash => {
  if (!said.ok) throw new Error(`${said.refusal.code}: ${said.refusal.detail}`);
  return said.value.leaf;
};

beforeAll(async () => {
  line = await Line.open();
  await line.connect();
  await line.assign();
  await line.settle();
  ours = leafOf(await line.submit(0, { precedence: "FLASH" }));
  theirs = leafOf(await line.submit(1, { precedence: "FLASH" }));
  await line.settle();
});

const reply = (kind: KindName, refs: readonly LeafHash[]): Promise<Result<Receipt>> => {
  const facts = kind === "holding-reply" ? { facts: { replyBy: parseUnixSeconds(START_S + 3600) } } : {};
  return line.submit(0, { kind, refs, ...facts });
};

const REPLIES = ["acknowledge", "answer", "holding-reply", "decline", "test-answer", "call-accept", "call-decline", "ring-answer"] as const;

test.each(REPLIES)("%s of an own act is refused, and of another party's is placed", async (kind) => {
  expect(await reply(kind, [ours])).toMatchObject({ ok: false, refusal: { code: "wrong-reference" } });
  expect(await reply(kind, [theirs])).toMatchObject({ ok: true });
  expect(await reply(kind, [ours, theirs])).toMatchObject({ ok: true });
});

test("what adds to an own act is no reply to it, and an answer that refers to nothing is placed", async () => {
  for (const kind of ["correction", "translation", "withdraw-request", "call-counter"] as const)
    expect(await reply(kind, [ours])).toMatchObject({ ok: true });
  expect(await reply("answer", [])).toMatchObject({ ok: true });
});
