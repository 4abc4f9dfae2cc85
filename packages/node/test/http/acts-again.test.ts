import { expect, test } from "vitest";
import { parseActId, prepareSaid, secondsOf, signAct } from "@openline/core";
import { nativeSuite } from "@openline/node";
import { handOf } from "../../src/operate/line-setup.ts";
import { message } from "../node/line.ts";
import { base64, client, eachAtTheirDesks, line, problemOf, seed, size } from "./desks.ts";

eachAtTheirDesks();

test("the same act again is placed once and has the same answer; another act under its id has none", async () => {
  const { accord, party } = line.node(0).options;
  const by = { suite: nativeSuite, random: line.chance.bytes, line: accord.line, party: party.key, now: line.now, logTime: 0 };
  const actOf = (text: string, actId?: string) => {
    const said = { ...message(), ...(actId === undefined ? {} : { actId: parseActId(actId) }) };
    const { payload, disclosure } = prepareSaid(by, said, new Map([["text", new Map([["en", text]])]]));
    const hands = [{ ...handOf(nativeSuite, seed("watch")), role: "author" as const }];
    const signed = signAct(payload, { accordDigest: party.accordDigest, time: secondsOf(line.now), hands });
    return { act: base64(signed), disclosure: base64(disclosure!) };
  };
  const id = "00112233445566778899aabbccddeeff";
  const act = actOf("Its answer was lost.", id);
  const placed = await client.submit("north", act);
  const before = size();
  expect(await client.submit("north", act)).toEqual(placed);
  expect(size()).toBe(before);
  expect(await problemOf(client.submit("north", actOf("Other words.", id)))).toEqual([422, "replayed"]);
  // The words that came with it are those of the act: others are refused, placed or not.
  expect(await problemOf(client.submit("north", { ...act, disclosure: actOf("Other words.").disclosure }))).toEqual([
    422,
    expect.any(String),
  ]);
});
