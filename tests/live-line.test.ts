import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { openlineHere } from "../packages/cli/test/run-here.ts";
import { ask, directNodes, eventually } from "./support/asking.ts";
import { type LiveLine, liveLine } from "./support/live-line.ts";
import { startNode, stopNodes, workFolder } from "./support/openline.ts";

/** A live line, from the ceremony on: two processes over TLS, sealed, killed and started again. */
const dir = workFolder();
let line: LiveLine;

beforeAll(async () => {
  line = await liveLine(dir);
}, 120_000);
afterEach(stopNodes);

const start = directNodes(() => line);

interface Placed {
  readonly log: string;
  readonly index: number;
  readonly leaf: string;
}
interface Shown extends Placed {
  readonly kind: string;
  readonly party: string;
  readonly body: { readonly text?: { readonly en?: string } } | null;
  readonly held: readonly { readonly by: string }[];
  readonly acknowledged: string | null;
  readonly answered: string | null;
}

const say = (party: string, ...args: readonly string[]): Promise<Placed> =>
  ask(...args, "--dir", line.folder(party), "--key", line.watchKey(party));
const shown = (party: string, leaf: string): Promise<Shown | undefined> =>
  ask<readonly Shown[]>("show", "--dir", line.folder(party)).then((all) => all.find((entry) => entry.leaf === leaf));
const messages = (party: string): Promise<readonly Shown[]> => ask("show", "--dir", line.folder(party), "--kind", "message");

/** Both folders hold equal logs. */
async function equal(): Promise<void> {
  const cut = (party: string) =>
    ask<{ cut: unknown }>("status", "--dir", line.folder(party), "--at", "2026-12-01").then((status) => status.cut);
  await eventually(
    async () => [JSON.stringify(await cut("north")), JSON.stringify(await cut("south"))],
    ([a, b]) => a === b,
  );
}

test("a node that no way leads from says so when it starts, and one that can be called or calls does not", async () => {
  const folder = line.folder("south");
  const said = async (settings: string): Promise<string> => {
    writeFileSync(join(folder, "bearers.yaml"), settings);
    const node = await startNode(["--dir", folder]);
    await node.stop();
    rmSync(join(folder, "bearers.yaml"));
    return node.printed();
  };
  expect(await said("{}")).toMatch(/^openline: south: there is no way to north: say in .*bearers\.yaml .*\(listen\).*\(dial\)\n/m);
  for (const settings of ["listen: 127.0.0.1:0", 'dial: ["127.0.0.1:1"]', "carried: [{ out: stick }]"])
    expect(await said(settings)).not.toContain("no way");
});

describe("a live line", () => {
  test("its first exchange is a test; a FLASH is held, acknowledged and answered by officers", async () => {
    await start("south");
    await start("north");
    const called = await say("north", "test", "--channel", "hotline", "--text", "0123456789");
    await eventually(
      () => shown("south", called.leaf),
      (entry) => entry !== undefined,
    );
    const inbox = async (): Promise<string> => (await openlineHere(["inbox", "--dir", line.folder("south")])).out;
    const toAnswer = `test to answer: openline test-answer north/${called.index} --dir ${line.folder("south")} --quality 1-5`;
    expect(await inbox()).toContain(toAnswer);
    const heard = await say("south", "test-answer", `north/${called.index}`, "--quality", "5");
    expect(await inbox()).not.toContain("test to answer");
    await eventually(
      async () => (await openlineHere(["show", `north/${called.index}`, "--dir", line.folder("north")])).out,
      (text) => new RegExp(`\nAnswered: south; duty-officer; .*; south/${heard.index}\n`).test(text),
    );
    const flash = await say("north", "send", "--channel", "hotline", "--precedence", "FLASH", "--wants-answer", "--text", "One.");
    await eventually(
      () => shown("north", flash.leaf),
      (entry) => entry?.held.some(({ by }) => by === "south") === true,
    );
    const { items } = await ask<{ items: readonly { entry: Shown; owed: readonly { clock: string }[] }[] }>(
      "inbox",
      "--dir",
      line.folder("south"),
    );
    expect(items.map(({ entry, owed }) => [entry.leaf, owed.map(({ clock }) => clock)])).toEqual([
      [flash.leaf, ["acknowledgement", "answer"]],
    ]);
    const track = async (...more: readonly string[]): Promise<string> =>
      (await openlineHere(["show", `north/${flash.index}`, "--dir", line.folder("north"), ...more])).out;
    expect(await track()).toMatch(/\nHeld: south; \d{6}Z .*\nAcknowledged: not yet\nAnswered: not yet\n/);
    await say("south", "acknowledge", `north/${flash.index}`, "--text", "Seen.");
    const answer = await say("south", "answer", `north/${flash.index}`, "--text", "Two.");
    const answered = await eventually(
      () => shown("north", flash.leaf),
      (entry) => entry?.answered !== null,
    );
    expect(answered?.acknowledged).not.toBeNull();
    const by = (step: string, index: number): string => `\n${step}: south; duty-officer; \\d{6}Z .*; south/${index}\n`;
    expect(await track()).toMatch(new RegExp(by("Acknowledged", answer.index - 1) + by("Answered", answer.index).slice(1)));
    expect(await track("--language", "zh")).toContain(`\n已答复：south；duty-officer；`);
    await equal();
  });

  test("officers without a key, with another party's key, or for a post that is not theirs are refused", async () => {
    await start("south");
    await start("north");
    const wrong = async (...args: readonly string[]) => {
      const ran = await openlineHere([...args, "--dir", line.folder("north")]);
      return [ran.code, ran.err];
    };
    const send = ["send", "--channel", "hotline", "--text", "x"];
    expect(await wrong(...send, "--from", "duty-officer")).toEqual([2, expect.stringContaining("--key FILE")]);
    expect(await wrong(...send, "--key", line.watchKey("south"))).toEqual([2, expect.stringContaining("key of south")]);
    expect(await wrong(...send, "--from", "minister", "--key", line.watchKey("north"))).toEqual([
      1,
      expect.stringContaining("unknown-post"),
    ]);
    expect(await wrong("send", "--channel", "other", "--text", "x", "--key", line.watchKey("north"))).toEqual([
      2,
      expect.stringContaining("no channel"),
    ]);
  });

  test("both processes are killed again and again: nothing acknowledged is lost, nothing doubled, in order, both records equal", async () => {
    const nodes = { north: await start("north"), south: await start("south") };
    const sent: string[] = [];
    for (let round = 0; round < 4; round++) {
      const victim = round % 2 === 0 ? "south" : "north";
      for (let i = 0; i < 3; i++) {
        const text = `round ${round}, message ${i}`;
        const { leaf } = await say("north", "send", "--channel", "hotline", "--text", text);
        sent.push(leaf);
        if (i === 1) await nodes[victim].stop("SIGKILL");
        if (i === 1) nodes[victim] = await start(victim);
      }
    }
    const arrived = await eventually(
      () => messages("south"),
      (all) => sent.every((leaf) => all.some((entry) => entry.leaf === leaf)),
    );
    const ours = arrived.filter(({ leaf }) => sent.includes(leaf)).map(({ leaf }) => leaf);
    expect(ours).toEqual(sent);
    await equal();
  });
});
