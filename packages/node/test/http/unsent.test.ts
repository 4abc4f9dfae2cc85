import { expect, test } from "vitest";
import { UNSENT_CHARS_MAX } from "@openline/api";
import { UnsentTexts } from "../../src/drafts/unsent-texts.ts";
import { client, eachAtTheirDesks, line, problemOf, served, size } from "./desks.ts";

eachAtTheirDesks();

const AT = { post: "watch", field: "send en" };

test("what is typed is kept under its post and field, and outlives the process", async () => {
  expect(await client.unsent("north", AT)).toEqual({ ...AT, version: 0, saved: null, text: "" });
  const first = await client.keepUnsent("north", AT, { base: 0, text: "We see a ship <b>on fire" });
  expect(first).toEqual({ ...AT, version: 1, saved: expect.stringMatching(/Z$/), text: "We see a ship <b>on fire" });
  const before = size();
  const second = await client.keepUnsent("north", AT, { base: 1, text: "We see a ship on fire 火" });
  await client.keepUnsent("north", { ...AT, field: "reply south:3" }, { base: 0, text: "y" });
  expect(size()).toBe(before);
  const { options } = line.node(0);
  const afterwards = new UnsentTexts(options.store, options.world.clock, () => undefined);
  expect((await afterwards.get(AT)).text).toBe(second.text);
  expect((await afterwards.all()).map(({ field, version }) => [field, version])).toEqual([
    ["send en", 2],
    ["reply south:3", 3],
  ]);
});

test("a text made from one that no longer stands is refused, and what stands is left as it is", async () => {
  await client.keepUnsent("north", AT, { base: 0, text: "one console" });
  expect(await problemOf(client.keepUnsent("north", AT, { base: 0, text: "another console" }))).toEqual([409, "unsent-behind"]);
  expect((await client.unsent("north", AT)).text).toBe("one console");
  // The same text again is no other text, whatever it was made from.
  expect((await client.keepUnsent("north", AT, { base: 0, text: "one console" })).version).toBe(1);
  // What was emptied and typed anew never has a version that another console has seen.
  await client.keepUnsent("north", AT, { base: 1, text: "" });
  expect(await client.keepUnsent("north", AT, { base: 2, text: "one console" })).toMatchObject({ version: 3 });
  expect(await problemOf(client.keepUnsent("north", AT, { base: 1, text: "late" }))).toEqual([409, "unsent-behind"]);
});

test("of two saves at once that were made from one text, one stands and the other is refused", async () => {
  const found = await Promise.allSettled(["a", "b"].map((text) => client.keepUnsent("north", AT, { base: 0, text })));
  expect(found.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect((await client.unsent("north", AT)).text).toBe("a");
});

test("the list says what is unsent, of one post or of all, in pages", async () => {
  for (const field of ["send en", "send zh", "form", "emptied"])
    await client.keepUnsent("north", { ...AT, field }, { base: 0, text: field });
  await client.keepUnsent("north", { ...AT, field: "emptied" }, { base: 4, text: "" });
  await client.keepUnsent("north", { post: "minister", field: "remark 3" }, { base: 0, text: "not like this" });
  const all = await client.allUnsent("north");
  expect(all.map(({ post, field }) => `${post} ${field}`)).toEqual(["minister remark 3", "watch form", "watch send en", "watch send zh"]);
  expect((await client.allUnsent("north", { post: "minister" })).map(({ field }) => field)).toEqual(["remark 3"]);
  const { unsent, next } = await client.unsentList("north", { limit: 2 });
  expect(unsent).toEqual(all.slice(0, 2));
  expect((await client.unsentList("north", { limit: 2, cursor: next! })).unsent).toEqual(all.slice(2));
});

test("fields that were emptied make room, and those that were not are never forgotten", async () => {
  const { unsent } = served;
  for (let i = 0; i < 256; i++) expect((await unsent.keep({ ...AT, field: `f${i}` }, 0, `text ${i}`)).ok).toBe(true);
  expect(await unsent.keep({ ...AT, field: "one more" }, 0, "x")).toMatchObject({ ok: false, refusal: { code: "too-many" } });
  expect((await unsent.keep({ ...AT, field: "f7" }, 8, "")).ok).toBe(true);
  expect((await unsent.keep({ ...AT, field: "one more" }, 0, "x")).ok).toBe(true);
  expect((await unsent.all()).map(({ field }) => field)).not.toContain("f7");
  expect(await unsent.get({ ...AT, field: "f0" })).toMatchObject({ version: 1, text: "text 0" });
});

test("the longest text is kept whole; one above it, half a character, another post and another's field are refused", async () => {
  const long = "火".repeat(UNSENT_CHARS_MAX);
  expect((await client.keepUnsent("north", AT, { base: 0, text: long })).text).toBe(long);
  const { store, world } = line.node(0).options;
  expect((await new UnsentTexts(store, world.clock, () => undefined).get(AT)).text).toBe(long);
  expect(await problemOf(client.keepUnsent("north", AT, { base: 1, text: `${long}x` }))).toEqual([400, "bad-request"]);
  expect(await problemOf(client.keepUnsent("north", AT, { base: 1, text: "\ud83d" }))).toEqual([400, "bad-request"]);
  expect(await problemOf(client.keepUnsent("north", { ...AT, post: "nobody" }, { base: 0, text: "x" }))).toEqual([404, "not-found"]);
  expect(await problemOf(client.keepUnsent("north", { ...AT, field: "<b>" }, { base: 0, text: "x" }))).toEqual([400, "bad-request"]);
  expect(await problemOf(client.unsent("north", { ...AT, post: "nobody" }))).toEqual([404, "not-found"]);
});
