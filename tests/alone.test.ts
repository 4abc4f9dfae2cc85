import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, expect, test } from "vitest";
import { openlineHere } from "../packages/cli/test/run-here.ts";
import { openline, startNode, stopNodes, workFolder } from "./support/openline.ts";

/** A line that one party keeps alone: set up by its own ceremony, run as its own process, shown and checked like any other. */
const dir = workFolder();
const north = join(dir, "north");
const key = join(dir, "watch.key");
const keys = (name: string): string => join(`${north}-keys`, name);

const must = async (...args: readonly string[]): Promise<string> => {
  const ran = await openlineHere(args);
  expect([args, ran.code, ran.err.replaceAll(/^openline: keys are written WITHOUT protection.*\n/gm, "")]).toEqual([args, 0, ""]);
  return ran.out;
};
const json = <T>(text: string): T => JSON.parse(text) as T;

beforeAll(async () => {
  for (const party of ["north", "south"]) writeFileSync(join(dir, `${party}.yaml`), await must("init", "--draft", party));
  await must("init", "--dir", north, "--party", join(dir, "north.yaml"), "--plain-keys", "--alone", "south");
  const terms = join(dir, "terms.yaml");
  writeFileSync(terms, await must("accord", "draft", "--dir", north, "--channel", "hotline", "--from", "2026-01-01"));
  await must("accord", "propose", "--dir", north, "--terms", terms);
  const { digits } = json<{ digits: string }>(await must("accord", "digest", "--dir", north, "--json"));
  await must("accord", "confirm", "--dir", north, "--digits", digits);
  for (const holder of ["root-1.key", "root-2.key"]) await must("accord", "sign", "--dir", north, "--key", keys(holder));
  const done = await must("accord", "confirm", "--dir", north);
  expect(done).toContain("kept by north alone: whatever it says of south is its own account");
  expect(done).toContain("The accord is in force here.");
  const watch = ["--post", "duty-officer", "--person", "First", "--until", "2099-12-31T06:00:00Z", "--out", key, "--plain-keys"];
  await must("post", "assign", "--dir", north, "--directory-key", keys("directory-1.key"), ...watch);
}, 120_000);
afterEach(stopNodes);

interface State {
  readonly channels: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly our_account: boolean;
    readonly standing: { readonly value: string; readonly by: readonly string[] };
    readonly debtors: Readonly<Record<string, { readonly verdict: string }>>;
  }[];
}

test("own acts are entered, served and answered as observed, and every state says whose account it is", async () => {
  const node = await startNode(["--dir", north]);
  const act = async (...args: readonly string[]): Promise<string> => {
    const ran = await openline([...args, "--dir", north, "--key", key, "--json"]);
    expect(ran.err).toBe("");
    const { log, index } = json<{ log: string; index: number }>(ran.out);
    return `${log}/${index}`;
  };
  const asked = await act("send", "--channel", "hotline", "--precedence", "FLASH", "--text", "Is the line open?", "--wants-answer");
  await act("serve", asked, "--way", "note verbale", "--at", new Date(Date.now() - 1000).toISOString().replace(/\.\d+Z$/, "Z"));
  const owed = json<State>((await openline(["status", "--dir", north, "--json"])).out).channels[0]!;
  expect(owed).toMatchObject({ id: "hotline", verdict: "unproven", our_account: true });
  await act("observe", asked, "--outcome", "answer", "--way", "radio", "--text", "They say it is.");
  // What they said is answered as theirs, though it stands in our own log.
  const heard = await act("observe", "--channel", "hotline", "--outcome", "message", "--way", "radio", "--text", "They ask who speaks.");
  await act("answer", heard, "--text", "The duty officer.");
  await act("observe", "--channel", "hotline", "--outcome", "suspend", "--way", "press", "--text", "They say it is suspended.");
  const now = json<State>((await openline(["status", "--dir", north, "--json"])).out).channels[0]!;
  expect(now).toMatchObject({ our_account: true, standing: { value: "suspended", by: ["south"] } });
  const text = (await openline(["status", "--dir", north])).out;
  expect(text).toContain("Our account");
  expect(text).toContain("Suspended by south since");
  expect((await openline(["status", "--dir", north, "--language", "zh"])).out).toContain("仅为我方记录");
  expect(await node.stop()).toBe(0);
  // Nobody is there to ask, and nothing of a restart makes a new incarnation.
  const again = await startNode(["--dir", north]);
  expect((await act("note", "--channel", "hotline", "--text", "Still here.")).startsWith("north/")).toBe(true);
  expect(await again.stop()).toBe(0);

  const out = join(dir, "export");
  await must("record", "export", "--dir", north, out);
  const verified = await must("record", "verify", out);
  expect(verified).toContain("verified: every byte");
  expect(verified).not.toContain("north@");
  const pack = join(dir, "pack");
  await must("evidence", "make", "--dir", north, "--entry", asked, "-o", pack);
  expect(await must("evidence", "verify", pack)).toContain(`that anybody else held entry ${asked}`);
}, 180_000);

test("what belongs to a line of two is refused with its code", async () => {
  const south = join(dir, "south");
  await must("init", "--dir", south, "--party", join(dir, "south.yaml"), "--plain-keys");
  const other = join(dir, "other");
  const fresh = await openlineHere(["init", "--dir", other, "--party", join(dir, "north.yaml"), "--plain-keys", "--alone", "north"]);
  expect(fresh).toMatchObject({ code: 2, err: expect.stringContaining("name the other one") as string });
  await must("init", "--dir", other, "--party", join(dir, "north.yaml"), "--plain-keys", "--alone", "south");
  const file = await openlineHere(["accord", "import", "--dir", other, join(south, "out", "south.party")]);
  expect(file).toMatchObject({ code: 1, err: expect.stringContaining("wrong-party") as string });
  const terms = join(dir, "three.yaml");
  writeFileSync(terms, (await must("accord", "draft", "--dir", other, "--channel", "hotline")).replaceAll("south", "east"));
  const named = await openlineHere(["accord", "propose", "--dir", other, "--terms", terms]);
  expect(named).toMatchObject({ code: 1, err: expect.stringContaining("wrong-accord") as string });
  const both = await openlineHere(["init", "--dir", other, "--party", join(dir, "north.yaml"), "--plain-keys"]);
  expect(both).toMatchObject({ code: 2, err: expect.stringContaining("kept alone") as string });
}, 120_000);
