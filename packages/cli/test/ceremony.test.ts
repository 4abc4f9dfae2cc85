import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { decodeQR } from "qr/decode.js";
import { beforeAll, describe, expect, test } from "vitest";
import {
  accord,
  at,
  copied,
  describeParty,
  digitsOf,
  done,
  init,
  json,
  north,
  ownFolder,
  refused,
  south,
  stepOf,
  untilProposed,
} from "./ceremony-here.ts";
import { openlineHere as openline } from "./run-here.ts";

/** Two parties set up a line between two folders, as docs/operating/ceremony.md tells them, and everything that goes wrong on
 *  the way. Keys are plain where nothing is said about their protection, because a passphrase takes its time on purpose. */

ownFolder();

/** Each stage of the ceremony is kept, for what can go wrong at it. */
beforeAll(async () => {
  await untilProposed();
  await done(accord("accept", south));
  for (const folder of [north, south]) await done(accord("confirm", folder, "--digits", await digitsOf(north)));
  copied("confirmed", north, south);
  for (const folder of [north, south])
    for (const holder of ["root-1", "root-3"]) await done(accord("sign", folder, "--key", at(`${folder}-keys/${holder}.key`)));
  copied("signed", north, south);
  await done(accord("import", north, at(south, "out/south.signatures"), at(south, "out/south-to-north.contribution")));
  await done(accord("import", south, at(north, "out/north.signatures"), at(north, "out/north-to-south.contribution")));
  for (const folder of [north, south]) await done(accord("confirm", folder));
}, 120_000);

describe("a line of two", () => {
  test("both hold the same accord and nothing of the ceremony is left to do", async () => {
    expect(readFileSync(at(north, "accord.cbor")).equals(readFileSync(at(south, "accord.cbor")))).toBe(true);
    for (const folder of [north, south]) {
      expect(await stepOf(folder)).toBe("");
      expect(json<{ inForce: boolean }>(await done(accord("show", folder, "--json"))).inForce).toBe(true);
    }
  });

  test("each step says whose turn it is", async () => {
    expect(await stepOf("made/c/north")).toBe("party-file all, terms all");
    expect(await stepOf("met/c/north")).toBe("terms all");
    expect(await stepOf("proposed/c/south")).toBe("accept south");
    expect(await stepOf("proposed/c/north")).toBe("compare all");
    expect(await stepOf("confirmed/c/north")).toBe("sign north, signatures south, contribution south");
    expect(await stepOf("signed/c/north")).toBe("signatures south, contribution south");
    const words = (await done(accord("show", "signed/c/north"))).out;
    expect(words).toContain("Waiting for south:");
    expect(words).toContain("south-to-north.contribution");
    expect(words).toContain("out/north.signatures");
  });

  test("files of people's keys lie outside the node's folder, and all files are their owner's alone", () => {
    expect(readdirSync(at(north)).toSorted()).toEqual(["accord.cbor", "ceremony", "line.yaml", "node.keys", "out", "party"]);
    expect(readdirSync(at("c/north-keys"))).toHaveLength(7);
    for (const name of ["", "-keys", "-second"]) expect(statSync(at(`c/north${name}`)).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(at(north, "out"))) expect(statSync(at(north, "out", name)).mode & 0o777).toBe(0o600);
  });

  test("the digits are 16 groups of 5, and the picture holds the same 80", async () => {
    const shown = (await done(accord("digest", "proposed/c/north"))).out;
    const digits = await digitsOf("proposed/c/north");
    expect(digits).toMatch(/^(\d{5} ){15}\d{5}$/);
    expect(shown.match(/\b\d{5}\b/g)?.join(" ")).toBe(digits);
    expect(decodeQR(pixelsOf(shown.split("\n").filter((line) => /^[█▀▄ ]{20,}$/.test(line))))).toBe(digits.replaceAll(" ", ""));
  });

  test("doing a step again changes nothing", async () => {
    copied("again", "signed/c/north");
    const folder = "again/signed/c/north";
    const ran = await done(accord("import", folder, at(south, "out/south.party"), at(north, "out/line.terms")));
    expect(ran.out).toContain("here already: party of south");
    expect(ran.out).toContain("here already: terms");
    await done(accord("sign", folder, "--key", at("again/signed/c/north-keys/root-1.key")));
    expect(readFileSync(at(folder, "out/north.signatures")).equals(readFileSync(at(north, "out/north.signatures")))).toBe(true);
    await done(accord("confirm", north));
  });

  test("a root holder signs on a machine of their own", async () => {
    copied("away", "confirmed/c/north");
    const folder = "away/confirmed/c/north";
    const digits = await digitsOf(folder);
    const key = at("away/confirmed/c/north-keys/root-2.key");
    const args = ["accord", "sign", "--accord", at(folder, "out/line.accord"), "--key", key, "--out", at("away/two.signature")];
    await refused(
      [...args, "--digits", digits.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))],
      1,
      "wrong-accord: the digits differ",
    );
    expect(existsSync(at("away/two.signature"))).toBe(false);
    await done([...args, "--digits", digits]);
    expect((await done(accord("import", folder, at("away/two.signature")))).out).toContain("signed by our root holders (1 of 2)");
    expect(existsSync(at(folder, "out/north.signatures"))).toBe(false);
    await done(accord("sign", folder, "--key", at("away/confirmed/c/north-keys/root-1.key")));
    const offered = at(folder, "out/north.signatures");
    await done(accord("import", "confirmed/c/south", offered));
    rmSync(offered);
    await done(accord("import", folder, at("away/two.signature")));
    expect(existsSync(offered)).toBe(true);
  });

  test("terms read on the other side are what will be signed", async () => {
    const shown = (await done(accord("show", "proposed/c/south", "--terms"))).out;
    writeFileSync(at("shown.yaml"), shown);
    copied("reread", "met/c/south");
    await done(accord("propose", "reread/met/c/south", "--terms", at("shown.yaml")));
    expect(readFileSync(at("reread/met/c/south/out/line.terms")).equals(readFileSync(at(north, "out/line.terms")))).toBe(true);
  });
});

/** Two rows of modules in each character. */
function pixelsOf(lines: readonly string[]): { width: number; height: number; data: Uint8ClampedArray } {
  const [scale, border] = [4, 4];
  const width = (lines[0]?.length ?? 0) + 2 * border;
  const height = lines.length * 2 + 2 * border;
  const light = (x: number, y: number): boolean => {
    const character = lines[Math.floor((y - border) / 2)]?.[x - border];
    if (x < border || y < border || character === undefined) return true;
    return character === "█" || character === ((y - border) % 2 === 0 ? "▀" : "▄");
  };
  const data = new Uint8ClampedArray(width * height * scale * scale * 4);
  for (let y = 0; y < height * scale; y++)
    for (let x = 0; x < width * scale; x++)
      data.fill(
        light(Math.floor(x / scale), Math.floor(y / scale)) ? 255 : 0,
        4 * (y * width * scale + x),
        4 * (y * width * scale + x) + 4,
      );
  return { width: width * scale, height: height * scale, data };
}

describe("what is refused on the way", () => {
  const fresh = (name: string, stage: string): string => {
    copied(name, `${stage}/c/north`, `${stage}/c/south`);
    return `${name}/${stage}/c`;
  };

  test("a party that calls itself what we are called, and a party of other terms", async () => {
    mkdirSync(at("x"));
    await init("x/north", at("north.yaml"));
    await init("x/west", await describeParty("west"));
    const base = fresh("strange", "proposed");
    await refused(accord("import", `${base}/north`, at("x/north/out/north.party")), 1, "refused: wrong-party: .*other keys");
    await refused(
      accord("import", `${base}/north`, at("x/west/out/west.party")),
      1,
      "refused: wrong-party: .*west is no party of the terms",
    );
    const met = fresh("elsewhere", "met");
    await done(accord("import", `${met}/south`, at("x/west/out/west.party")));
    await refused(accord("import", `${met}/south`, at(north, "out/line.terms")), 1, "refused: wrong-line");
  });

  test("another party file than before, unless it is said; what was agreed is then void", async () => {
    await init("x/south", at("south.yaml"));
    const base = fresh("swapped", "confirmed");
    const other = at("x/south/out/south.party");
    await refused(accord("import", `${base}/north`, other), 1, "refused: wrong-accord: .*another party file of south");
    const before = await digitsOf(`${base}/north`);
    await done(accord("import", `${base}/north`, other, "--replace"));
    expect(await digitsOf(`${base}/north`)).not.toBe(before);
    expect(await stepOf(`${base}/north`)).toBe("accept north");
  });

  test("terms changed after they were accepted", async () => {
    const base = fresh("changed", "proposed");
    writeFileSync(at("other.yaml"), readFileSync(at("terms.yaml"), "utf8").replace('beat: "PT2M"', 'beat: "PT1M"'));
    await refused(
      accord("propose", `${base}/north`, "--terms", at("other.yaml")),
      1,
      "refused: wrong-accord: other terms than the ones accepted",
    );
    await done(accord("propose", `${base}/south`, "--terms", at("other.yaml")));
    await refused(accord("import", `${base}/north`, at(`${base}/south/out/line.terms`)), 1, "refused: wrong-accord");
    // Only the digits tell a party whose terms are not ours and who does not say so.
    await refused(
      accord("confirm", `${base}/north`, "--digits", await digitsOf(`${base}/south`)),
      1,
      "the two sides do not hold the same files",
    );
  });

  test("digits that are too few, none, or not all the same", async () => {
    const base = fresh("digits", "proposed");
    const digits = await digitsOf(`${base}/north`);
    await refused(accord("confirm", `${base}/north`, "--digits", digits.slice(0, 40)), 2, "80 digits are needed");
    await refused(accord("confirm", `${base}/north`, "--digits", `${digits.slice(0, -1)}x`), 2, "80 digits are needed");
    await refused(accord("confirm", `${base}/north`), 2, "the digits come first");
    const [first = "", ...rest] = digits.split(" ");
    await refused(accord("confirm", `${base}/north`, "--digits", [...rest, first].join(" ")), 1, "from group 1 on");
    await refused(accord("confirm", `${base}/south`, "--digits", digits), 1, "the terms have not been accepted here");
    await refused(accord("digest", "met/c/north"), 1, "there are no digits yet");
  });

  test("signing before the digits were compared, with a key that is not a root key, or that of another party", async () => {
    const base = fresh("signing", "proposed");
    await refused(
      accord("sign", `${base}/north`, "--key", at(`${base}/north-keys/root-1.key`)),
      1,
      "the digits have not been compared here",
    );
    const ready = fresh("signing2", "confirmed");
    await refused(accord("sign", `${ready}/north`, "--key", at(`${ready}/north-keys/directory-1.key`)), 1, "refused: not-authorised");
    await refused(accord("sign", `${ready}/north`, "--key", at(`${ready}/south-keys/root-1.key`)), 1, "refused: unknown-key");
    await refused(accord("sign", `${ready}/north`, "--key", at(north, "accord.cbor")), 1, "malformed|oversized");
  });

  test("an accord with too few signatures, or without a contribution, is not in force", async () => {
    const base = fresh("few", "signed");
    await done(accord("import", `${base}/north`, at(south, "out/south-to-north.contribution")));
    await refused(accord("confirm", `${base}/north`), 1, "refused: wrong-accord: south: 0 of 2 root signatures");
    await done(accord("import", `${base}/north`, at(south, "out/south.signatures")));
    await done(accord("confirm", `${base}/north`));
    const other = fresh("lacking", "signed");
    await done(accord("import", `${other}/north`, at(south, "out/south.signatures")));
    await refused(accord("confirm", `${other}/north`), 1, "refused: wrong-contribution: the contribution of south is not here");
  });

  test("signatures to other digits, and ones that do not verify", async () => {
    const base = fresh("forged", "confirmed");
    await refused(accord("import", "proposed/c/north", at(north, "out/north-to-south.contribution")), 1, "refused: wrong-party");
    const file = readFileSync(at(south, "out/south.signatures"));
    const bad = Buffer.from(file);
    const place = bad.indexOf("ed25519") + 20;
    bad[place] = bad[place]! ^ 1;
    writeFileSync(at("bad.signatures"), bad);
    await refused(accord("import", `${base}/north`, at("bad.signatures")), 1, "refused: wrong-signature: .*south: root holder 0");
    const otherTerms = fresh("otherterms", "met");
    await done(accord("propose", `${otherTerms}/north`, "--terms", at("other.yaml")));
    await refused(
      accord("import", `${otherTerms}/north`, at(south, "out/south.signatures")),
      1,
      "refused: wrong-accord: .*another ceremony digest",
    );
    await refused(accord("import", `${otherTerms}/north`, at(south, "out/south-to-north.contribution")), 1, "refused: wrong-accord");
  });

  test("a contribution for somebody else, one that was changed, and one of other secrets than were committed to", async () => {
    const base = fresh("contribution", "signed");
    await refused(accord("import", `${base}/north`, at(north, "out/north-to-south.contribution")), 1, "refused: wrong-party: .*for south");
    const bad = readFileSync(at(south, "out/south-to-north.contribution"));
    bad[bad.length - 1500] = bad[bad.length - 1500]! ^ 1;
    writeFileSync(at("bad.contribution"), bad);
    await refused(accord("import", `${base}/north`, at("bad.contribution")), 1, "refused: wrong-contribution");
  });

  test("a file that is none of the ceremony, a link, one that is cut short, one that is too long, and none", async () => {
    const folder = "met/c/north";
    await refused(accord("import", folder, at("terms.yaml")), 1, "refused: (malformed|non-canonical|truncated)");
    symlinkSync(at(south, "out/south.party"), at("link.party"));
    await refused(accord("import", folder, at("link.party")), 2, "no regular file");
    writeFileSync(at("cut.party"), readFileSync(at(south, "out/south.party")).subarray(0, -1));
    await refused(accord("import", folder, at("cut.party")), 1, "refused: truncated");
    writeFileSync(at("long.party"), new Uint8Array(1_048_577));
    await refused(accord("import", folder, at("long.party")), 1, "refused: oversized");
    await refused(accord("import", folder, at("nothing.party")), 2, "cannot be read");
    await refused(accord("import", north, at(south, "out/south.party")), 1, "its ceremony is over");
  });

  test("keys and terms of a drill on a live line", async () => {
    mkdirSync(at("drill"));
    await init("drill/east", await describeParty("east", undefined, ["--exercise"]));
    writeFileSync(
      at("drill.yaml"),
      (await done(accord("draft", "drill/east"))).out.replace("parties:", 'parties:\n  - "north"\n  - "south"').replace('  - "east"\n', ""),
    );
    const base = fresh("mode", "met");
    await refused(accord("propose", `${base}/north`, "--terms", at("drill.yaml")), 1, "refused: foreign-mode");
  });

  test("a key that stands on another line already", async () => {
    const base = fresh("reused", "made");
    // The same party file in a folder beside a line that is in force with it.
    execFileSync("cp", ["-a", at(north), at(base, "old")]);
    await done(accord("import", `${base}/north`, at(south, "out/south.party")));
    writeFileSync(at("reused.yaml"), readFileSync(at("other.yaml"), "utf8"));
    await refused(accord("propose", `${base}/north`, "--terms", at("reused.yaml")), 1, "refused: reused-key");
  });
});

describe("keys of people", () => {
  const pass = at("pass");
  const assign = (folder: string, more: readonly string[]): string[] =>
    ["post", "assign", "--dir", at(folder), "--post", "duty-officer", "--person", "Officer A", "--until", "2099-12-01T06:00:00Z"].concat(
      more,
    );

  test("a watch key for a shift; its person opens for the auditor alone", async () => {
    writeFileSync(pass, "a passphrase of the officer\n", { mode: 0o600 });
    const out = at("watch.key");
    const args = assign(north, ["--directory-key", at("c/north-keys/directory-1.key"), "--out", out, "--json"]);
    const placed = json<{ index: number; leaf: string }>(await done([...args, "--passphrase-file", pass]));
    expect(placed.index).toBe(1);
    expect(readFileSync(out).includes("Officer A")).toBe(false);
    expect((await done(["key", "show", out])).out).toContain("protected by a passphrase");
    expect(json(await done(["key", "person", `${out}.person`, "--passphrase-file", `duty-officer=${pass}`, "--json"]))).toMatchObject({
      party: "north",
      person: "Officer A",
    });
    await refused([...args, "--passphrase-file", pass], 2, "is there already");
    await refused(["key", "person", `${out}.person`], 1, "locked");
    await refused(["key", "person", out, "--passphrase-file", pass], 2, "a .person file is needed");
  });

  test("one who may not assign, a post that is not there, a line not in force", async () => {
    const out = at("never.key");
    await refused(
      assign(north, ["--directory-key", at("c/south-keys/directory-1.key"), "--out", out, "--plain-keys"]),
      2,
      "a directory key of north is needed",
    );
    await refused(assign(north, ["--directory-key", at("c/north-keys/root-1.key"), "--out", out, "--plain-keys"]), 2, "is a root key");
    await refused(
      [...assign(north, ["--directory-key", at("c/north-keys/directory-1.key"), "--out", out, "--plain-keys"]), "--post", "admiral"],
      2,
      "has no post admiral",
    );
    await refused(
      assign("signed/c/north", ["--directory-key", at("c/north-keys/directory-1.key"), "--out", out, "--plain-keys"]),
      4,
      "the accord is not in force yet",
    );
    const past = assign(north, ["--directory-key", at("c/north-keys/directory-1.key"), "--out", out, "--plain-keys"]);
    await refused([...past, "--until", "2020-01-01T00:00:00Z"], 2, "--until 2020-01-01T00:00:00Z has passed");
    expect(existsSync(out)).toBe(false);
  });

  test("a third directory key takes two persons; taking one away takes one", async () => {
    const key = at("third.key");
    const keys = (...holders: readonly string[]) => holders.flatMap((holder) => ["--directory-key", at(`c/north-keys/${holder}.key`)]);
    await done(["key", "make", "--party", "north", "--name", "directory-3", "--person", "Third", "--out", key, "--passphrase-file", pass]);
    const add = ["key", "add", "--dir", at(north), "--new-key", key, "--passphrase-file", pass];
    await refused([...add, ...keys("directory-1")], 1, "refused: two-persons-required");
    await refused([...add, ...keys("directory-1", "directory-1")], 1, "refused: two-persons-required");
    await done([...add, ...keys("directory-1", "directory-2")]);
    await refused([...add, ...keys("directory-1", "directory-2")], 1, "refused: reused-key");
    const { kid } = json<{ kid: string }>(await done(["key", "show", key, "--json"]));
    const revoke = (id: string, ...more: readonly string[]) => [
      "key",
      "revoke",
      "--dir",
      at(north),
      "--kid",
      id,
      ...keys("directory-2"),
      ...more,
    ];
    await refused(revoke("0".repeat(16)), 1, `no key ${"0".repeat(16)} is enrolled in our log`);
    await done(revoke(kid));
    await refused(revoke(kid), 1, `key ${kid} has been taken away before`);
    await done(revoke("0".repeat(16), "--unknown"));
    const strange = await openline(["key", "revoke", "--dir", at(north), "--kid", "xyz", ...keys("directory-2")]);
    expect(strange).toMatchObject({ code: 2, err: expect.stringContaining("16 lower-case hex digits") as unknown });
  });

  test("node.keys under a credential of the operating system, and back under a passphrase", async () => {
    copied("credential", "signed/c/north");
    const file = at("credential/signed/c/north/node.keys");
    writeFileSync(at("credential.secret"), new Uint8Array(64).fill(5), { mode: 0o600 });
    await done(["key", "protect", file, "--with-credential", at("credential.secret")]);
    expect((await done(["key", "show", file])).out).toContain("protected by a credential");
    const bring = accord("import", "credential/signed/c/north", at(south, "out/south-to-north.contribution"));
    await refused(bring, 1, "locked: node of north is protected by a credential");
    await refused([...bring, "--credential", "openline"], 1, "CREDENTIALS_DIRECTORY is not set");
    await done([...bring, "--credential", at("credential.secret")]);
    await done(["key", "protect", file, "--credential", at("credential.secret"), "--with-passphrase-file", pass]);
    await refused(["key", "protect", at("c/north-keys/root-1.key"), "--with-credential", at("credential.secret")], 2, "only node.keys");
    writeFileSync(at("wrong.pass"), "another passphrase than that\n", { mode: 0o600 });
    await refused([...bring, "--passphrase-file", at("wrong.pass")], 1, "locked: .*does not open with this passphrase");
  });
});
