import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fromHex } from "@openline/core";
import { nativeSuite as suite, verifyEd25519Aside } from "../src/index.ts";

interface Case {
  readonly input: { readonly publicKey: string; readonly message: string; readonly signature: string };
  readonly expect: boolean;
}
const file = readFileSync(new URL("../../../vectors/crypto/ed25519-verify.json", import.meta.url), "utf8");
const { cases } = JSON.parse(file) as { readonly cases: readonly Case[] };

test("the thread says of every vector what the suite says, all asked at once", async () => {
  const asked = cases.map(({ input }) => verifyEd25519Aside(fromHex(input.publicKey), fromHex(input.message), fromHex(input.signature)));
  expect(await Promise.all(asked)).toEqual(cases.map((item) => item.expect));
});

test("each of many answers is that of its own question", async () => {
  const seed = new Uint8Array(32).fill(9);
  const key = suite.ed25519Public(seed);
  const asked = Array.from({ length: 300 }, (_, i) => {
    const message = new Uint8Array(i).fill(i);
    const signature = suite.signEd25519(seed, message);
    if (i % 3 === 0) signature[i % 64] = (signature[i % 64] ?? 0) ^ 1;
    return verifyEd25519Aside(key, message, signature);
  });
  expect(await Promise.all(asked)).toEqual(asked.map((_, i) => i % 3 !== 0));
});
