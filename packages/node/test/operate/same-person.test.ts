import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenlineError, parseTime } from "@openline/core";
import { afterAll, expect, test } from "vitest";
import { giveWatchKey, saltOfPerson } from "../../src/operate/index.ts";

/** Two keys of one officer: under one commitment, so that the rule of two persons sees one. */

const dir = mkdtempSync(join(tmpdir(), "openline-"));
afterAll(() => rmSync(dir, { recursive: true }));

const unlocker = () => Promise.reject(new OpenlineError("locked", "no key of this folder is locked"));
const commitment = async (name: string, person: string, salt?: Uint8Array): Promise<unknown> => {
  const key = {
    key: new Uint8Array(32),
    possession: new Uint8Array(64),
    posts: ["duty-officer"],
    until: parseTime("2026-12-01T06:00:00Z"),
  };
  const { facts } = await giveWatchKey("north", { ...key, person, salt, out: join(dir, name), protect: { by: "none" } });
  return facts?.["person"];
};
const saltOf = (name: string, person: string, party = "north"): Promise<Uint8Array> =>
  saltOfPerson(join(dir, name), { party, person }, unlocker);

test("the second key of an officer stands under the first one's commitment where the directory says so, and only then", async () => {
  const first = await commitment("first", "A. Officer");
  const salt = await saltOf("first", "A. Officer");
  expect(await commitment("second", "A. Officer", salt)).toEqual(first);
  expect(await commitment("third", "A. Officer")).not.toEqual(first);
  // Names are compared as they are committed to, in NFC.
  await commitment("accent", "Jose\u0301");
  expect(await saltOf("accent", "José")).toEqual(await saltOf("accent", "Jose\u0301"));
});

test("a file of another person or another party is no help", async () => {
  await commitment("theirs", "B. Officer");
  await expect(saltOf("theirs", "A. Officer")).rejects.toMatchObject({ code: "usage", message: expect.stringContaining("another person") });
  await expect(saltOf("theirs", "B. Officer", "south")).rejects.toMatchObject({ code: "usage" });
});
