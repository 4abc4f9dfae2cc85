import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OpenlineError } from "@openline/core";
import { type Up, systemClock, up } from "@openline/node/operate";
import { accord, at, done, json, north, ownFolder, refused, south, untilInForce } from "./ceremony-here.ts";
import { openlineHere as openline } from "./run-here.ts";

/** What goes wrong when two parties change the accord of a line in force, at nodes that run in this process. `tests/amend.test.ts`
 *  walks the whole way between two processes. */

ownFolder();
const running: Up[] = [];
beforeAll(untilInForce, 120_000);
afterAll(async () => {
  for (const node of running) await node.stop();
});

/** Starts both nodes, connected over TLS. */
async function startBoth(): Promise<void> {
  const unlocker = () => Promise.reject(new OpenlineError("locked", "no key of these folders is locked"));
  const start = async (folder: string, bearers: string): Promise<Up> => {
    writeFileSync(at(folder, "bearers.yaml"), bearers);
    const node = await up([at(folder)], { clock: systemClock, unlocker, exercisesOnly: false, told: () => undefined });
    running.push(node);
    return node;
  };
  const { lines } = await start(south, "listen: 127.0.0.1:0\n");
  await start(north, `dial: ["127.0.0.1:${lines[0]?.ports[0] ?? 0}"]\n`);
}

const keyOf = (folder: string, name: string): string => at(`${folder}-keys`, `${name}.key`);
const hand = (folder: string, ...names: readonly string[]): string[] => names.flatMap((name) => ["--directory-key", keyOf(folder, name)]);
const two = (folder: string): string[] => hand(folder, "directory-1", "directory-2");
/** Some thirty commands, each of which verifies an accord. */
const WALK_MS = 240_000;
const NO_DIGITS = "0".repeat(80);

/** The terms in force with something changed. */
async function written(folder: string, name: string, change: (text: string) => string): Promise<string> {
  const file = at(name);
  writeFileSync(file, change((await done(accord("draft", folder))).out));
  return file;
}
const beat = (to: string) => (text: string) => text.replace(/^beat: .*$/m, `beat: "${to}"`);
const sign = (folder: string, terms: string, holder: string): string[] =>
  accord("sign", folder, "--terms", terms, "--key", keyOf(folder, holder));

async function proposed(
  folder: string,
  name: string,
  change: (text: string) => string,
): Promise<{ readonly entry: string; readonly digits: string }> {
  const terms = await written(folder, name, change);
  for (const holder of ["root-1", "root-2"]) await done(sign(folder, terms, holder));
  const { log, index, digits } = json<{ log: string; index: number; digits: string }>(
    await done(accord("propose", folder, "--terms", terms, ...two(folder), "--json")),
  );
  return { entry: `${log}/${index}`, digits };
}

interface Shown {
  readonly accord: {
    readonly amendments: readonly {
      readonly entry: string;
      readonly next: { readonly step: string } | null;
      readonly over: string | null;
    }[];
  };
}
async function eventually(folder: string, entry: string, wanted: string): Promise<void> {
  for (let round = 0; round < 400; round++) {
    const { accord: all } = json<Shown>(await done(accord("show", folder, "--json")));
    const found = all.amendments.find((item) => item.entry === entry);
    if ((found?.next?.step ?? found?.over) === wanted) return;
  }
  throw new Error(`${entry} never came to be ${wanted} at ${folder}`);
}

describe("before a node runs", () => {
  test("every act of an amendment says that none runs, and ends with 4", async () => {
    const terms = await written(north, "one.yaml", beat("PT1M"));
    for (const args of [
      accord("propose", north, "--terms", terms, ...two(north)),
      accord("propose", north, "--take-back", ...two(north)),
      accord("accept", north, "--digits", NO_DIGITS, ...two(north)),
      accord("confirm", north, ...two(north)),
    ])
      await refused(args, 4, "no node runs in .*; start it with: openline up");
  });

  test("terms that cannot replace those in force are refused when they are signed", async () => {
    const tries: readonly (readonly [string, (text: string) => string, string])[] = [
      ["same.yaml", (text) => text, "says the same as the terms in force"],
      ["mode.yaml", (text) => text.replace('mode: "live"', 'mode: "exercise"'), "foreign-mode"],
      ["parties.yaml", (text) => text.replace('- "south"', '- "west"'), "wrong-accord: the terms name other parties"],
      ["suite.yaml", (text) => text.replace("suite: 1", "suite: 2"), "unsupported-version: suite 2 on a line of suite 1"],
      ["channel.yaml", (text) => text.replace('id: "hotline"', 'id: "other"'), "wrong-accord: channel 1 other"],
    ];
    for (const [name, change, words] of tries) await refused(sign(north, await written(north, name, change), "root-1"), 1, words);
    await refused(
      sign(north, await written(north, "gap.yaml", (text) => text.replace(/^forms:[\s\S]*?(?=^\w)/m, "")), "root-1"),
      2,
      "gap.yaml:.*forms",
    );
    await refused(accord("sign", north, "--key", keyOf(north, "root-1")), 2, "the accord is in force; .*--terms FILE");
    await refused(accord("sign", north), 2, "the accord is in force; .*--terms FILE");
  });

  test("a key that is no root key of this party signs no terms", async () => {
    const terms = await written(north, "two.yaml", beat("PT1M"));
    await refused(accord("sign", north, "--terms", terms, "--key", keyOf(north, "directory-1")), 1, "not-authorised");
    await refused(accord("sign", north, "--terms", terms, "--key", keyOf(south, "root-1")), 1, "unknown-key");
  });

  test("a signature stands once, and is gone when other terms are signed", async () => {
    const terms = await written(north, "three.yaml", beat("PT1M"));
    expect((await done(sign(north, terms, "root-1"))).out).toContain(": 1 of 2.");
    expect((await done(sign(north, terms, "root-1"))).out).toContain("Next: 1 more of our root holders");
    const other = await written(north, "four.yaml", beat("PT3M"));
    expect((await done(sign(north, other, "root-2"))).out).toContain(": 1 of 2.");
    expect((await done(sign(north, terms, "root-2"))).out).toContain(": 1 of 2.");
  });

  test("a root holder signs on a machine of their own, what was laid out and no other, with the digits that were read to them", async () => {
    const terms = await written(north, "away.yaml", beat("PT4M"));
    const laid = (await done(accord("sign", north, "--terms", terms))).out;
    const digits = /^ {2}([0-9 ]{95})$/m.exec(laid)?.[1] ?? "";
    const amendment = at(north, "out/next-terms.amendment");
    const away = (key: string, heard: string, out: string): string[] => {
      const from = ["accord", "sign", "--accord", at(north, "accord.cbor"), "--amendment", amendment];
      return [...from, "--digits", heard, "--key", key, "--out", at(out)];
    };
    await refused(away(keyOf(north, "root-2"), NO_DIGITS, "no.signature"), 1, "the digits differ from group 1 on");
    await refused(away(keyOf(north, "directory-1"), digits, "no.signature"), 1, "not-authorised");
    await done(away(keyOf(north, "root-2"), digits, "two.signature"));
    await done(away(keyOf(south, "root-1"), digits, "theirs.signature"));
    await refused(accord("import", north, at("theirs.signature")), 1, "wrong-accord: north: no root holder");
    for (const news of ["1 of 2 now", "1 of 2 now"]) expect((await done(accord("import", north, at("two.signature")))).out).toContain(news);
    expect((await done(sign(north, terms, "root-1"))).out).toContain(": 2 of 2.");
    await done(accord("sign", north, "--terms", at("one.yaml")));
    await refused(accord("import", north, at("two.signature")), 1, "something else than what was laid out here");
    const damaged = readFileSync(at("two.signature"));
    damaged[damaged.length - 1]! ^= 1;
    writeFileSync(at("bad.signature"), damaged);
    await done(accord("sign", north, "--terms", terms));
    await refused(accord("import", north, at("bad.signature")), 1, "wrong-signature");
    expect((await done(accord("show", north))).out).not.toContain("next-terms.amendment");
  });

  test("nothing is proposed, so nothing is shown as proposed", async () => {
    await refused(accord("show", north, "--changes"), 1, "no terms are proposed");
    await refused(accord("show", north, "--proposed"), 1, "no terms are proposed");
    await refused(accord("digest", north, "--entry", "north/1"), 1, "no proposal of terms that is open");
    const shown = json<{ changes: readonly unknown[] }>(await done(accord("show", north, "--changes", at("one.yaml"), "--json")));
    expect(shown.changes).toEqual([{ path: "beat", before: "PT2M", after: "PT1M" }]);
    expect((await done(accord("show", north, "--changes", at("one.yaml")))).out).toContain("  beat\n    - PT2M\n    + PT1M\n");
  });
});

describe("our own party file", () => {
  const party = async (change: (text: string) => string): Promise<string> => {
    const file = at("own.yaml");
    writeFileSync(file, change((await done(accord("draft", north, "--party"))).out));
    return file;
  };
  const signed = (file: string): string[] => accord("sign", north, "--party", file, "--key", keyOf(north, "root-1"));

  test("is read as it is written, and shown place by place", async () => {
    const file = await party((text) => text.replace("hours: null", 'hours: [{ weekdays: [1, 7], from: "06:00Z", to: "00:00Z" }]'));
    const { changes } = json<{ changes: readonly unknown[] }>(await done(accord("show", north, "--changes", file, "--party", "--json")));
    const hours = [1, 7].map((day) => ({ weekdays: [day], from: "06:00Z", to: "00:00Z" }));
    expect(changes).toEqual([{ path: "hours", before: "null", after: JSON.stringify(hours) }]);
    expect((await done(signed(file))).out).toContain("Next: 1 more of our root holders: openline accord sign --dir");
  });

  test("one that changes nothing, is another's, names a channel that is not there, or keys, is refused", async () => {
    await refused(signed(await party((text) => text)), 1, "says the same as the party file in force");
    await refused(signed(await party((text) => text.replace('id: "north"', 'id: "west"'))), 1, "wrong-accord: north: id.*stay");
    await refused(
      signed(await party((text) => text.replace('- "hotline"', '- "attache"'))),
      1,
      "unknown-channel: north: post duty-officer",
    );
    await refused(signed(await party((text) => `${text}root: { threshold: 1, holders: 3 }\n`)), 2, "own.yaml:.*root");
    await refused([...signed(await party((text) => text)), "--terms", at("one.yaml")], 2, "one at a time");
    await refused(accord("show", north, "--changes", "--party"), 2, "--party goes with --changes FILE");
  });
});

describe("at nodes that run", () => {
  beforeAll(startBoth);

  test("a proposal needs enough signatures of exactly these terms, and two different persons", async () => {
    const terms = await written(north, "five.yaml", beat("PT1M"));
    await refused(accord("propose", north, ...two(north)), 2, "--terms FILE");
    await refused(accord("propose", north, "--terms", terms, ...two(north)), 1, "wrong-accord: signatures are missing: [01] of 2");
    for (const holder of ["root-1", "root-2"]) await done(sign(north, terms, holder));
    await refused(accord("propose", north, "--terms", terms, ...hand(north, "directory-1")), 2, "two persons of the directory sign");
    await refused(accord("propose", north, "--terms", terms, ...hand(north, "directory-1", "directory-1")), 1, "refused: ");
    await refused(
      accord("propose", north, "--terms", terms, ...hand(north, "directory-1", "root-1")),
      2,
      "a directory key of north is needed",
    );
    writeFileSync(terms, readFileSync(terms, "utf8").replace("PT1M", "PT3M"));
    await refused(accord("propose", north, "--terms", terms, ...two(north)), 1, "signatures are missing: 0 of 2");
    await refused(accord("propose", north, "--take-back", ...two(north)), 1, "nothing is proposed by us");
    await refused(accord("confirm", north, ...two(north)), 1, "no terms are proposed by us");
    await refused(accord("accept", south, "--digits", NO_DIGITS, ...two(south)), 1, "no terms of another party wait");
  });

  test("what is accepted has the digits that were compared, and is confirmed once it is accepted", async () => {
    const { entry, digits } = await proposed(north, "six.yaml", beat("PT1M"));
    await eventually(south, entry, "accept");
    await refused(accord("accept", south, ...two(south)), 2, "the digits come first");
    await refused(accord("accept", south, "--digits", digits.slice(0, 40), ...two(south)), 2, "80 digits are needed");
    const last = digits.at(-1) === "0" ? "1" : "0";
    await refused(
      accord("accept", south, "--digits", `${digits.slice(0, -1)}${last}`, ...two(south)),
      1,
      `those of ${entry} from group 16 on`,
    );
    await refused(accord("accept", north, "--digits", digits, ...two(north)), 1, `${entry} is our own proposal`);
    await refused(accord("confirm", north, ...two(north)), 1, `${entry} has not been accepted by south yet`);
    await refused(accord("confirm", north, "--digits", NO_DIGITS, ...two(north)), 1, `those of ${entry} from group 1 on`);
    await done(accord("accept", south, "--digits", digits, ...two(south)));
    await refused(accord("accept", south, "--digits", digits, ...two(south)), 1, `${entry} has been accepted here`);
  });

  test("a proposal taken back is overtaken, for whoever would accept or confirm it", async () => {
    const before = json<Shown>(await done(accord("show", north, "--json"))).accord.amendments[0]!;
    await eventually(north, before.entry, "confirm");
    await done(accord("propose", north, "--take-back", ...two(north)));
    await refused(accord("confirm", north, ...two(north)), 1, `${before.entry} is overtaken: north has taken it back`);
    await eventually(south, before.entry, "taken-back");
    expect((await done(accord("show", south))).out).not.toContain("Your turn:");
  });

  test(
    "both sides propose and accept at once: nothing goes on until one takes its own back, and the other is confirmed",
    async () => {
      const [ours, theirs] = [await proposed(north, "seven.yaml", beat("PT1M")), await proposed(south, "eight.yaml", beat("PT3M"))];
      await eventually(south, ours.entry, "accept");
      await eventually(north, theirs.entry, "accept");
      await refused(accord("show", north, "--changes"), 2, "several terms are proposed; say which with --entry");
      await refused(accord("accept", north, "--digits", NO_DIGITS, ...two(north)), 1, `those of ${theirs.entry} from group 1 on`);
      await done(accord("accept", north, "--digits", theirs.digits, ...two(north)));
      await done(accord("accept", south, "--digits", ours.digits, ...two(south)));
      await eventually(north, ours.entry, "take-back");
      await eventually(south, theirs.entry, "take-back");
      await refused(accord("confirm", north, ...two(north)), 1, "have accepted each other's terms: one of them takes its own back");
      expect((await done(["inbox", "--dir", at(north)])).out).toContain("our turn: take-back");
      await done(accord("propose", south, "--take-back", ...two(south)));
      await eventually(north, ours.entry, "confirm");
      await done(accord("confirm", north, "--digits", ours.digits, ...two(north)));
      for (const folder of [north, south]) {
        let shown = "";
        for (let round = 0; round < 400 && !/^Accord: .*north\/\d+.*south\/\d+/m.test(shown); round++)
          shown = (await openline(["status", "--dir", at(folder)])).out;
        expect(shown).toMatch(/^Accord: amended terms .*\(north\/\d+\).*\(south\/\d+\)/m);
        expect((await done(accord("draft", folder))).out).toContain('beat: "PT1M"');
      }
      await refused(accord("accept", north, "--digits", theirs.digits, ...two(north)), 1, `${theirs.entry} is overtaken`);
      await refused(accord("confirm", north, ...two(north)), 1, "no terms are proposed by us");
    },
    WALK_MS,
  );
});
