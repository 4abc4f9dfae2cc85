import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { decodeEntry } from "@openline/core";
import { openlineHere } from "../packages/cli/test/run-here.ts";
import { readFolder } from "../packages/node/src/operate/folder.ts";
import { everyEntry } from "../packages/node/src/store/store.ts";
import { ask, directNodes, sayFlash, untilHeld } from "./support/asking.ts";
import { type LiveLine, liveLine } from "./support/live-line.ts";
import { stopNodes, workFolder } from "./support/openline.ts";

/** Two processes over TLS, one of which goes over to another node key while the record goes on. */
const dir = workFolder();
let line: LiveLine;

beforeAll(async () => {
  line = await liveLine(dir);
}, 120_000);
afterEach(stopNodes);

const start = directNodes(() => line);

/** Says a FLASH and waits until the other side has taken receipt. */
const says = async (party: string, text: string): Promise<void> => untilHeld(line, party, (await sayFlash(line, party, text)).leaf);

/** Who signed each entry of north's log in role node, as south has it: [index, kid]. */
async function nodeSigners(): Promise<readonly (readonly [number, string])[]> {
  const folder = await readFolder(line.folder("south"));
  try {
    const north = folder.accord.parties.find(({ id }) => id === "north");
    const entries = await everyEntry(folder.store, north!.incarnation);
    return entries.flatMap(({ index, entry }) =>
      decodeEntry(entry).act.releases.flatMap(({ role, kid }) => (role === "node" ? [[index, kid] as const] : [])),
    );
  } finally {
    await folder.store.close();
  }
}

const directory = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => ["--directory-key", join(`${line.folder("north")}-keys`, `directory-${i + 1}.key`)]).flat();
const key = (...args: readonly string[]) => openlineHere(["key", ...args, "--dir", line.folder("north")]);

describe("the key of a node", () => {
  test("is replaced while it runs: the record goes on, the old key signs nothing more, and the last one cannot be taken away", async () => {
    await start("south");
    let north = await start("north");
    await says("north", "With the first key.");
    const old = (await nodeSigners())[0]![1];
    copyFileSync(join(line.folder("north"), "node.keys"), join(dir, "old.keys"));

    const alone = await key("add", "--node", ...directory(1));
    expect([alone.code, alone.err]).toEqual([1, expect.stringContaining("two-persons-required")]);
    const both = await key("add", "--node", "--new-key", "x", ...directory(2));
    expect([both.code, both.err]).toEqual([2, expect.stringContaining("--new-key FILE, or --node")]);
    const added = await key("add", "--node", ...directory(2));
    expect([added.code, added.err]).toEqual([0, ""]);
    const kid = /^node key ([0-9a-f]{16}) /m.exec(added.out)?.[1];
    expect(added.out).toContain(`--kid ${old} `);
    const since = Number(/entry (\d+) of our log/.exec(added.out)?.[1]);
    await says("north", "With the second.");
    await says("south", "And an answer that north's node takes receipt of.");

    const revoked = await key("revoke", "--kid", old, ...directory(1));
    expect([revoked.code, revoked.err]).toEqual([0, ""]);
    const last = await key("revoke", "--kid", kid ?? "", ...directory(1));
    expect([last.code, last.err]).toEqual([1, expect.stringContaining("not-authorised")]);
    await says("south", "The first key is gone.");

    await north.stop("SIGKILL");
    north = await start("north");
    await says("south", "After a kill.");
    await says("north", "Both ways.");
    const signers = await nodeSigners();
    expect(signers.filter(([index]) => index < since).every(([, by]) => by === old)).toBe(true);
    const later = signers.filter(([index]) => index > since);
    expect(later.length).toBeGreaterThan(2);
    expect(later.every(([, by]) => by === kid)).toBe(true);
    for (const party of ["north", "south"]) {
      expect(await ask("show", "--dir", line.folder(party), "--kind", "refusal")).toEqual([]);
      expect((await openlineHere(["restore", line.folder(party), "--verify-only"])).code).toBe(0);
    }

    // A key file of before has no key that counts: the node says which, and signs nothing.
    await north.stop("SIGTERM");
    copyFileSync(join(dir, "old.keys"), join(line.folder("north"), "node.keys"));
    const before = (await nodeSigners()).length;
    const ended = await start("north").then(
      async (node) => [await node.ended, node.printed()],
      (error: unknown) => [4, String(error)],
    );
    expect(ended).toEqual([4, expect.stringContaining("node.keys holds no key that counts")]);
    expect((await nodeSigners()).length).toBe(before);
  });
});
