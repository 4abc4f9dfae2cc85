import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { accord, at, copied, describeParty, done, json, ownFolder, refused, untilProposed } from "./ceremony-here.ts";
import { openlineHere as openline } from "./run-here.ts";

/** A party's own folder and keys, before anybody has agreed to anything; and what each command says of itself. */

ownFolder();
beforeAll(async () => {
  await untilProposed();
  await describeParty("west");
}, 60_000);

describe("init", () => {
  test("again with the same description changes nothing, with another it keeps the keys, and after terms it is refused", async () => {
    copied("init", "made/c/north", "proposed/c/north");
    const made = at("init/made/c/north");
    const again = ["init", "--dir", made, "--party", at("north.yaml"), "--plain-keys", "--json"];
    expect(json<{ what: string }>(await done(again)).what).toBe("unchanged");
    writeFileSync(at("north2.yaml"), readFileSync(at("north.yaml"), "utf8").replace("addresses: []", 'addresses: ["north.example:4433"]'));
    const before = json<readonly { root: unknown }[]>(await done(["party", "show", "--dir", made, "--json"]));
    expect(json<{ what: string }>(await done(["init", "--dir", made, "--party", at("north2.yaml"), "--json"])).what).toBe("redescribed");
    const after = json<readonly { root: unknown; addresses: readonly string[] }[]>(await done(["party", "show", "--dir", made, "--json"]));
    expect(after[0]).toMatchObject({ root: before[0]?.root, addresses: ["north.example:4433"] });
    await refused(["init", "--dir", at("init/proposed/c/north"), "--party", at("north2.yaml")], 2, "terms have been exchanged");
  });

  test.each<[string, (name: string) => readonly string[], number, RegExp | string]>([
    ["without a folder", () => ["init", "--party", at("north.yaml")], 2, "needs --dir and --party"],
    ["with an id that is none", () => ["init", "--draft", "North"], 2, "party id"],
    [
      "with a description that is not there",
      (name) => ["init", "--dir", at(name), "--party", at("none.yaml")],
      2,
      "no file that can be read",
    ],
    [
      "in a folder that holds something",
      () => ["init", "--dir", at(), "--party", at("west.yaml"), "--plain-keys"],
      2,
      "an empty folder is needed",
    ],
    [
      "with people's keys in the node's folder",
      (name) => ["init", "--dir", at(name), "--party", at("west.yaml"), "--keys", at(name), "--plain-keys"],
      2,
      "do not belong",
    ],
    [
      "without a passphrase and without a terminal",
      (name) => ["init", "--dir", at(name), "--party", at("west.yaml")],
      1,
      "locked: node of west needs a passphrase",
    ],
    [
      "with a passphrase that is too short",
      (name) => ["init", "--dir", at(name), "--party", at("west.yaml"), "--passphrase-file", at("short.pass")],
      2,
      "at least 12 characters",
    ],
    [
      "with a passphrase file that others may read",
      (name) => ["init", "--dir", at(name), "--party", at("west.yaml"), "--passphrase-file", at("open.pass")],
      1,
      "exposed",
    ],
    [
      "with an address that is none",
      (name) => ["init", "--dir", at(name), "--party", at("bad-address.yaml"), "--plain-keys"],
      2,
      "addresses",
    ],
  ])("%s", async (_, args, code, words) => {
    writeFileSync(at("short.pass"), "too short\n", { mode: 0o600 });
    writeFileSync(at("open.pass"), "long enough to be one\n");
    chmodSync(at("open.pass"), 0o644);
    writeFileSync(at("bad-address.yaml"), readFileSync(at("west.yaml"), "utf8").replace("addresses: []", 'addresses: ["west"]'));
    const name = `init-${_.replaceAll(/[^a-z]/g, "-")}`;
    await refused(args(name), code, words);
    expect(existsSync(at(name, "ceremony", "west.party"))).toBe(false);
  });

  test("a folder that others may enter is not used", async () => {
    copied("exposed", "made/c/north");
    chmodSync(at("exposed/made/c/north"), 0o750);
    await refused(accord("show", "exposed/made/c/north"), 1, "exposed: .*mode 750");
    await refused(accord("show", "nowhere"), 4, "not-a-folder");
  });
});

describe("every command of the ceremony explains itself", () => {
  const verbs = ["draft", "show", "digest", "propose", "import", "accept", "confirm", "sign"].map((verb) => `accord ${verb}`);
  const keys = ["show", "person", "protect", "make", "add", "revoke"].map((verb) => `key ${verb}`);
  test.each(["init", "party show", "post assign", ...verbs, ...keys])("openline %s --help", async (words) => {
    const ran = await openline([...words.split(" "), "--help"]);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain("Usage: openline");
  });
});
