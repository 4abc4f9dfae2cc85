import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { openlineHere } from "../packages/cli/test/run-here.ts";
import { decodeNodeKeys, encodeNodeKeys } from "../packages/node/src/keys.ts";
import { loadKeyFile, sealKeyFile } from "../packages/node/src/operate/key-file.ts";
import { type Shown, ask, directNodes, eventually, sayFlash, untilHeld } from "./support/asking.ts";
import { type LiveLine, liveLine } from "./support/live-line.ts";
import { stopNodes, workFolder } from "./support/openline.ts";

/** Two processes over TLS, one of which has lost the key that the two shared. */
const dir = workFolder();
let line: LiveLine;

beforeAll(async () => {
  line = await liveLine(dir);
}, 120_000);
afterEach(stopNodes);

const start = directNodes(() => line);

const send = (party: string, text: string): Promise<Shown> => sayFlash(line, party, text);
const shown = (party: string, kind: string): Promise<readonly Shown[]> => ask("show", "--dir", line.folder(party), "--kind", kind);
const lost = (party: string) =>
  ask<{ lostPsks: readonly { peer: string; said: { party: string } | null }[] }>("bearers", "--dir", line.folder(party)).then(
    ({ lostPsks }) => lostPsks.map(({ peer, said }) => [peer, said?.party ?? null]),
  );

const held = (from: string, leaf: string): Promise<void> => untilHeld(line, from, leaf);

/** The key file of the node, without the key that it shared with `peer`. */
async function loseKey(party: string, peer: string): Promise<void> {
  const path = join(line.folder(party), "node.keys");
  const { label, secret } = await loadKeyFile(path, async () => ({ by: "none" }));
  const keys = decodeNodeKeys(secret);
  const without = encodeNodeKeys({ ...keys, psks: { ...keys.psks, [peer]: null } });
  writeFileSync(path, await sealKeyFile(label, without, { by: "none" }), { mode: 0o600 });
}

const sign = (holder: string, ...more: readonly string[]) =>
  openlineHere([
    "psk",
    "lost",
    "--dir",
    line.folder("north"),
    "--peer",
    "south",
    "--key",
    join(`${line.folder("north")}-keys`, holder),
    ...more,
  ]);

describe("a lost pre-shared key between two processes", () => {
  test("its node says so, root holders announce it, and the line goes on, marked on both sides", async () => {
    const south = await start("south");
    const north = await start("north");
    await held("north", (await send("north", "Before.")).leaf);
    await north.stop("SIGTERM");
    await loseKey("north", "south");

    const without = await start("north");
    expect(await lost("north")).toEqual([["south", null]]);
    await eventually(
      async () => without.printed(),
      (text) => text.includes("the pre-shared key with south is not in node.keys"),
    );
    expect(await lost("south")).toEqual([]);
    await without.stop("SIGTERM");

    const first = await sign("root-1.key");
    expect([first.code, first.out]).toEqual([0, expect.stringContaining("1 of 2")]);
    const again = await sign("root-1.key");
    expect([again.code, again.out]).toEqual([0, expect.stringContaining("1 of 2")]);
    const wrong = await sign("directory-1.key");
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining("not-authorised")]);
    const second = await sign("root-2.key", "--json");
    expect(JSON.parse(second.out)).toEqual({ peer: "south", holder: 2, signed: 2, threshold: 2, complete: true });

    const told = await start("north");
    expect(told.printed()).not.toContain("is not in node.keys");
    await held("north", (await send("north", "Without it.")).leaf);
    await held("south", (await send("south", "The other way.")).leaf);
    for (const party of ["north", "south"]) {
      expect(await lost(party)).toEqual([[party === "north" ? "south" : "north", "north"]]);
      const [said, ...others] = await shown(party, "psk-lost");
      expect([said?.party, others]).toEqual(["north", []]);
      expect(Object.keys(said?.body?.text ?? {})).toEqual(["en", "zh"]);
      const { out } = await openlineHere(["bearers", "--dir", line.folder(party)]);
      expect(out).toMatch(/^psk-lost: .* root holders of north said /m);
    }
    // What south has taken it keeps: killed and started again, it still knows.
    await south.stop("SIGKILL");
    await start("south");
    expect(await lost("south")).toEqual([["north", "north"]]);
    await held("north", (await send("north", "After.")).leaf);
  });
});
