import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { openlineHere } from "../packages/cli/test/run-here.ts";
import { type LiveLine, liveLine } from "./support/live-line.ts";
import { type RunningNode, startNode, stopNodes, workFolder } from "./support/openline.ts";

/** A live line is backed up while it runs, rolled back, and rebuilt from the counterpart's copy. */
const dir = workFolder();
let line: LiveLine;
let port = 0;
beforeAll(async () => {
  line = await liveLine(dir);
}, 120_000);
afterEach(stopNodes);

async function ask<T>(...args: readonly string[]): Promise<T> {
  const ran = await openlineHere([...args, "--json"]);
  expect([args[0], ran.code, ran.err]).toEqual([args[0], 0, ""]);
  return JSON.parse(ran.out) as T;
}
const codeOf = async (...args: readonly string[]) => {
  const { code, err } = await openlineHere(args);
  return [code, err];
};
const send = (text: string): Promise<{ leaf: string; index: number }> =>
  ask("send", "--channel", "hotline", "--text", text, "--dir", line.folder("north"), "--key", line.watchKey("north"));
const leavesOf = async (party: string): Promise<readonly string[]> =>
  (await ask<readonly { leaf: string }[]>("show", "--dir", line.folder(party), "--kind", "message")).map(({ leaf }) => leaf);

async function both(): Promise<Record<"north" | "south", RunningNode>> {
  writeFileSync(join(line.folder("south"), "bearers.yaml"), `listen: 127.0.0.1:${port}\n`);
  const south = await startNode(["--dir", line.folder("south")]);
  port = Number(/port (\d+)/.exec(south.printed())?.[1]);
  writeFileSync(join(line.folder("north"), "bearers.yaml"), `dial: ["127.0.0.1:${port}"]\n`);
  return { south, north: await startNode(["--dir", line.folder("north")]) };
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < 400; round++) if (await holds()) return;
  throw new Error("it did not come about");
}
const cut = async (party: string): Promise<string> =>
  JSON.stringify((await ask<{ cut: unknown }>("status", "--dir", line.folder(party), "--at", "2026-12-01")).cut);
const equal = () => eventually(async () => (await cut("north")) === (await cut("south")));

/** Puts a restored folder in the place of the one that was lost. */
function replace(party: string, by: string): void {
  rmSync(line.folder(party), { recursive: true });
  renameSync(by, line.folder(party));
}

/** A short name may be that of an act in a log that has ended and still waits: nobody replies to the wrong one of two. */
async function ambiguous(): Promise<void> {
  const south = ["--dir", line.folder("south"), "--key", line.watchKey("south")];
  const { items } = await ask<{ items: readonly { entry: { log: string; index: number } }[] }>("inbox", "--dir", line.folder("south"));
  const old = items.find(({ entry }) => entry.log.startsWith("north@"))?.entry;
  expect(old).toBeDefined();
  const [full, short] = [`${old?.log}/${old?.index}`, `north/${old?.index}`];
  while ((await send("more")).index < (old?.index ?? 0));
  await equal();
  expect(await codeOf("acknowledge", short, ...south)).toEqual([2, expect.stringContaining(`${short} may mean ${full}`)]);
  const said = await openlineHere(["acknowledge", full, ...south]);
  expect(said.out).toMatch(new RegExp(`^placed as .*\\nrefers to ${full}: ROUTINE message, placed `));
}

/** Everything that people of a side set, beside the ways. */
const SET = { "alarm.yaml": "log: alarm.log\n", "telephones.yaml": "- who: { en: Watch }\n  number: +1 555 0100\n" };

/** Terms that one root holder signs. */
async function signNext(holder: string): Promise<string> {
  const file = join(dir, "next.yaml");
  if (!existsSync(file)) {
    const drafted = await openlineHere(["accord", "draft", "--dir", line.folder("north")]);
    writeFileSync(file, drafted.out.replace('beat: "PT2M"', 'beat: "PT1M"'));
  }
  const key = join(`${line.folder("north")}-keys`, `${holder}.key`);
  const signed = await openlineHere(["accord", "sign", "--dir", line.folder("north"), "--terms", file, "--key", key]);
  expect([signed.code, signed.err]).toEqual([0, ""]);
  return signed.out;
}

/** Everything that is typed for an amendment goes on where it was. */
async function amendsOn(): Promise<void> {
  const north = ["--dir", line.folder("north")];
  expect((await ask<{ inForce: boolean }>("accord", "show", ...north)).inForce).toBe(true);
  expect((await ask<{ digits: string }>("accord", "digest", ...north)).digits).toHaveLength(95);
  expect(await signNext("root-2")).toContain("2 of 2");
  const keys = ["directory-1", "directory-2"].flatMap((name) => ["--directory-key", join(`${line.folder("north")}-keys`, `${name}.key`)]);
  await ask("accord", "propose", ...north, "--terms", join(dir, "next.yaml"), ...keys);
  const { amendments } = (await ask<{ accord: { amendments: readonly unknown[] } }>("accord", "show", ...north)).accord;
  expect(amendments).toHaveLength(1);
}

describe("backup and restore", () => {
  test("yesterday's backup: the node notices, opens a new incarnation, gets back what it had lost, and goes on", async () => {
    await both();
    const sent = [(await send("before")).leaf];
    await eventually(async () => (await leavesOf("south")).length === 1);
    const backup = join(dir, "backup");
    writeFileSync(join(line.folder("north"), "console.sessions"), "");
    for (const [name, content] of Object.entries(SET)) writeFileSync(join(line.folder("north"), name), content);
    expect(await signNext("root-1")).toContain("1 of 2");
    const { files } = await ask<{ files: readonly string[] }>("backup", backup, "--dir", line.folder("north"));
    expect(files).toEqual(expect.arrayContaining(["openline.db", "accord.cbor", "line.yaml", "node.keys"]));
    expect(readdirSync(backup).filter((name) => /^(epoch|second|console)/.test(name))).toEqual([]);
    expect(readdirSync(join(backup, "ceremony")).filter((name) => name.endsWith(".contribution"))).toEqual([]);
    for (const folder of [backup, join(backup, "ceremony")]) expect(statSync(folder).mode & 0o077).toBe(0);
    sent.push((await send("after the backup")).leaf);
    await eventually(async () => (await leavesOf("south")).length === 2);
    await stopNodes();

    const verified = await openlineHere(["restore", backup, "--verify-only"]);
    expect([verified.code, verified.err], verified.out).toEqual([0, ""]);
    const restored = join(dir, "restored");
    await ask("restore", backup, "--dir", restored);
    replace("north", restored);
    for (const [name, content] of Object.entries(SET)) expect(readFileSync(join(line.folder("north"), name), "utf8")).toBe(content);
    await both();
    sent.push((await send("restored")).leaf);
    await equal();
    expect([...(await leavesOf("north"))].toSorted()).toEqual(sent.toSorted());
    expect(await leavesOf("north")).toEqual(await leavesOf("south"));
    const opened = await ask<readonly { kind: string }[]>("show", "--dir", line.folder("south"), "--kind", "restored");
    expect(opened.length).toBeGreaterThan(0);
    await ambiguous();
    await amendsOn();
  });

  test("everything lost but the keys: the record is rebuilt from the other side's copy", async () => {
    const known = await leavesOf("north");
    const folder = line.folder("north");
    const left = new Set(["accord.cbor", "line.yaml", "party", "node.keys"]);
    for (const name of readdirSync(folder).filter((item) => !left.has(item))) rmSync(join(folder, name), { recursive: true });
    rmSync(`${folder}-second`, { recursive: true });
    await both();
    expect((await ask<{ inForce: boolean }>("accord", "show", "--dir", folder)).inForce).toBe(true);
    const { leaf } = await send("rebuilt");
    await equal();
    expect([...(await leavesOf("north"))].toSorted()).toEqual([...known, leaf].toSorted());
  });

  test("a backup with one byte changed is not restored, and nothing is written", async () => {
    const backup = join(dir, "backup");
    const spoilt = join(dir, "spoilt");
    cpSync(backup, spoilt, { recursive: true });
    const file = join(spoilt, "openline.db");
    const bytes = readFileSync(file);
    // The words of the message stand in the file as they were signed.
    const at = bytes.indexOf("before");
    expect(at).toBeGreaterThan(0);
    bytes[at]! ^= 1;
    writeFileSync(file, bytes);
    expect((await codeOf("restore", spoilt, "--verify-only"))[0]).toBe(3);
    expect((await codeOf("restore", spoilt, "--dir", join(dir, "never")))[0]).toBe(4);
    expect(existsSync(join(dir, "never"))).toBe(false);
  });

  test("a backup of which an index is wrong, and no entry, does not verify", async () => {
    const spoilt = join(dir, "spoilt-index");
    cpSync(join(dir, "backup"), spoilt, { recursive: true });
    const file = join(spoilt, "openline.db");
    const db = new DatabaseSync(file, { readOnly: true });
    const [index] = db.prepare("SELECT rootpage AS page FROM sqlite_schema WHERE name = 'entry_leaf'").all();
    db.close();
    const bytes = readFileSync(file);
    // The last bytes of its page are those of a row.
    bytes[Number(index?.["page"]) * 4096 - 12]! ^= 1;
    writeFileSync(file, bytes);
    expect(await codeOf("restore", spoilt, "--verify-only")).toEqual([3, expect.stringContaining("damaged")]);
  });

  test.each([
    ["a full folder", () => ["backup", dir, "--dir", line.folder("south")], 2],
    ["no folder of a line", () => ["backup", join(dir, "x"), "--dir", dir], 4],
    ["no backup", () => ["restore", join(dir, "nowhere"), "--verify-only"], 4],
    ["neither a folder nor --verify-only", () => ["restore", join(dir, "backup")], 2],
  ])("%s is refused with one line", async (_, args, code) => {
    const [found, err] = await codeOf(...args());
    expect(found).toBe(code);
    expect(String(err).trim().split("\n")).toHaveLength(1);
  });
});
