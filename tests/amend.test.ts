import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openlineHere } from "../packages/cli/test/run-here.ts";
import { type LiveLine, liveLine } from "./support/live-line.ts";
import { startNode, stopNodes, workFolder } from "./support/openline.ts";

/** Two nodes over TLS that run all the time, and the people of both sides who agree on other terms by the command, as
 *  docs/operating/amend.md tells them. No node is started again for it. */
const dir = workFolder();
let line: LiveLine;

beforeAll(async () => {
  line = await liveLine(dir);
  writeFileSync(join(line.folder("south"), "bearers.yaml"), "listen: 127.0.0.1:0\n");
  const south = await startNode(["--dir", line.folder("south")]);
  const port = Number(/port (\d+)/.exec(south.printed())?.[1]);
  writeFileSync(join(line.folder("north"), "bearers.yaml"), `dial: ["127.0.0.1:${port}"]\n`);
  await startNode(["--dir", line.folder("north")]);
}, 120_000);
afterAll(stopNodes);

interface Amendment {
  readonly entry: string;
  readonly by: string;
  readonly digits: string;
  readonly next: { readonly step: string; readonly by: readonly string[] } | null;
  readonly over: string | null;
}
interface Accord {
  readonly inForce: readonly {
    readonly party: string;
    readonly terms: string;
    readonly entry: string | null;
    readonly file: string | null;
  }[];
  readonly amendments: readonly Amendment[];
}

const run = (party: string, ...args: readonly string[]) => openlineHere([...args, "--dir", line.folder(party)]);
async function must(party: string, ...args: readonly string[]): Promise<string> {
  const ran = await run(party, ...args);
  expect([args, ran.code, ran.err]).toEqual([args, 0, ""]);
  return ran.out;
}
const ask = async <T>(party: string, ...args: readonly string[]): Promise<T> => JSON.parse(await must(party, ...args, "--json")) as T;
const accordOf = async (party: string): Promise<Accord> => (await ask<{ accord: Accord }>(party, "accord", "show")).accord;
const keyOf = (party: string, name: string): string => join(`${line.folder(party)}-keys`, `${name}.key`);
const twoPersons = (party: string): readonly string[] =>
  ["directory-1", "directory-2"].flatMap((name) => ["--directory-key", keyOf(party, name)]);
const digitsOf = async (party: string, entry: string): Promise<string> =>
  (await ask<{ digits: string }>(party, "accord", "digest", "--entry", entry)).digits;

/** Asks until the answer is as wanted; asking takes its time, so nothing is waited for besides. */
async function eventually<T>(question: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  let last: T | undefined;
  for (let round = 0; round < 400; round++) {
    last = await question();
    if (wanted(last)) return last;
  }
  throw new Error(`it did not come about: ${JSON.stringify(last)}`);
}
/** Until both sides say that it is this party's turn to do this. */
async function turn(step: string, by: string, entry: string): Promise<void> {
  for (const party of ["north", "south"])
    await eventually(
      () => accordOf(party),
      ({ amendments }) => amendments.some(({ entry: at, next }) => at === entry && next?.step === step && next.by.includes(by)),
    );
}

/** Terms in force with something changed, signed by two root holders and proposed. */
async function propose(party: string, name: string, change: (text: string) => string): Promise<string> {
  const file = join(dir, name);
  writeFileSync(file, change(await must(party, "accord", "draft")));
  for (const holder of ["root-1", "root-3"]) await must(party, "accord", "sign", "--terms", file, "--key", keyOf(party, holder));
  const { log, index } = await ask<{ log: string; index: number }>(party, "accord", "propose", "--terms", file, ...twoPersons(party));
  return `${log}/${index}`;
}
const accept = async (party: string, entry: string): Promise<void> => {
  const other = party === "north" ? "south" : "north";
  await must(party, "accord", "accept", "--digits", await digitsOf(other, entry), ...twoPersons(party));
};
const usedBy = ({ inForce }: Accord): readonly string[] => inForce.map(({ terms }) => terms);

const FASTER = (text: string): string => text.replace('beat: "PT2M"', 'beat: "PT1M"');

describe("an amendment by the command, between two nodes that run", () => {
  test("is drafted, shown, signed, proposed, accepted after the digits were compared, and confirmed; both nodes go over by themselves", async () => {
    const first = usedBy(await accordOf("north"))[0];
    const file = join(dir, "next.yaml");
    const entry = await propose("north", "next.yaml", (text) =>
      FASTER(text).replace(/^channels:\n([\s\S]*?)^forms:/m, (_, channel: string) => {
        const second = channel.replace("number: 1", "number: 2").replaceAll('"hotline"', '"attache"');
        return `channels:\n${channel}${second}forms:`;
      }),
    );
    expect(readFileSync(file, "utf8")).toContain('id: "attache"');
    await turn("accept", "south", entry);
    expect(await must("south", "inbox")).toContain(`${entry}  amendment of the accord by north  our turn: accept`);
    expect(await must("south", "status")).toContain(
      `terms proposed by Ministry of north as ${entry}: waits for acceptance by Ministry of south`,
    );
    expect(await must("south", "accord", "show")).toMatch(/Your turn:\n.*accord show .* --changes[\s\S]*accord accept .* --digits/);
    expect(await must("north", "accord", "show")).toContain("Waiting for south: they compare the digits and accept");
    const { changes } = await ask<{ changes: readonly { path: string; before?: string; after?: string }[] }>(
      "south",
      "accord",
      "show",
      "--changes",
    );
    expect(changes.map(({ path, before, after }) => [path, before, after?.slice(0, 4)])).toEqual([
      ["beat", "PT2M", "PT1M"],
      ["channels.attache", undefined, '{"nu'],
    ]);
    expect(await digitsOf("south", entry)).toBe(await digitsOf("north", entry));

    await accept("south", entry);
    await turn("confirm", "north", entry);
    expect(await must("north", "inbox")).toContain("our turn: confirm");
    await must("north", "accord", "confirm", ...twoPersons("north"));
    for (const party of ["north", "south"]) {
      const { inForce } = await eventually(
        () => accordOf(party),
        ({ inForce: all, amendments }) => amendments.length === 0 && all.every(({ terms }) => terms !== first),
      );
      expect(new Set(inForce.map(({ terms }) => terms)).size).toBe(1);
      expect(await must(party, "status")).toMatch(
        /^Accord: amended terms [0-9a-f]{16}, in force in the logs of Ministry of north \(north\/\d+\); Ministry of south \(south\/\d+\)/m,
      );
      expect(await must(party, "status", "--language", "zh")).toMatch(/^协定：修订后的条款/m);
      expect(await must(party, "accord", "show", "--terms")).toContain('beat: "PT1M"');
    }
    const states = await ask<{ channels: readonly { id: string }[] }>("south", "status");
    expect(states.channels.map(({ id }) => id)).toEqual(["hotline", "attache"]);
  });

  test("a party puts a new post on the new channel and gives it a watch key; its node takes it up, and what the post says there is held", async () => {
    const file = join(dir, "north-next.yaml");
    const draft = await must("north", "accord", "draft", "--party");
    const another =
      'posts:\n  - id: "attache"\n    name: { en: "Attaché" }\n    channels: ["attache"]\n    principal: false\n    deputy: null\n';
    writeFileSync(file, draft.replace("posts:\n", another));
    expect(await must("north", "accord", "show", "--changes", file, "--party")).toContain('  posts.attache\n    + {"id":"attache"');
    for (const holder of ["root-1", "root-2"]) await must("north", "accord", "sign", "--party", file, "--key", keyOf("north", holder));
    await must("north", "accord", "propose", "--party", file, ...twoPersons("north"));
    for (const party of ["north", "south"])
      await eventually(
        () => accordOf(party),
        ({ inForce }) => inForce.some(({ party: id, file: since }) => id === "north" && since !== null),
      );
    for (const party of ["north", "south"]) expect(await must(party, "party", "show")).toContain("  post attache: Attaché; on attache");
    const key = join(dir, "attache.key");
    const shift = ["--post", "attache", "--person", "Attaché", "--until", "2099-12-31T06:00:00Z", "--out", key, "--plain-keys"];
    const assigned = await run("north", "post", "assign", ...shift, "--directory-key", keyOf("north", "directory-1"));
    expect(assigned.code).toBe(0);
    const words = ["--channel", "attache", "--text", "On the new channel.", "--key", key];
    const { leaf } = await ask<{ leaf: string }>("north", "send", ...words);
    const held = await eventually(
      () => ask<readonly { leaf: string; channel: string }[]>("south", "show", "--kind", "message"),
      (all) => all.some((entry) => entry.leaf === leaf),
    );
    expect(held.find((entry) => entry.leaf === leaf)).toMatchObject({ channel: "attache", refusal: null });
    const inbox = await ask<{ items: readonly { entry: { leaf: string } }[] }>("south", "inbox", "--all");
    expect(inbox.items.map(({ entry }) => entry.leaf)).toContain(leaf);
  });
});
