import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { type Server, connect as connectTls, createServer as createTlsServer } from "node:tls";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { openlineHere } from "../packages/cli/test/run-here.ts";
import { newTlsIdentity } from "../packages/node/src/bearers/tls/certificate.ts";
import { shownPin, tlsProfile } from "../packages/node/src/bearers/tls/handshake.ts";
import { type Shown, ask, eventually, sayFlash, untilHeld } from "./support/asking.ts";
import { type LiveLine, liveLine } from "./support/live-line.ts";
import { type RunningNode, startNode, stopNodes, workFolder } from "./support/openline.ts";

/** Two processes over TLS, one of which moves to another port and shows another key while the line runs. */
const dir = workFolder();
let line: LiveLine;

beforeAll(async () => {
  line = await liveLine(dir);
}, 120_000);
afterEach(stopNodes);

const start = (party: string, settings: string): Promise<RunningNode> => {
  writeFileSync(join(line.folder(party), "bearers.yaml"), settings);
  return startNode(["--dir", line.folder(party)]);
};

/** A port that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

interface Ways {
  readonly party: string;
  readonly addresses: { readonly now: readonly string[]; readonly next: { readonly all: readonly string[] } | null };
  readonly pins: { readonly now: readonly string[]; readonly next: { readonly all: readonly string[] } | null };
}
const waysOfSouth = async (seenBy: string): Promise<Ways | undefined> =>
  (await ask<readonly Ways[]>("ways", "show", "--dir", line.folder(seenBy))).find(({ party }) => party === "south");

/** Says a FLASH and waits until the other side has taken receipt. */
const says = async (party: string, text: string): Promise<void> => untilHeld(line, party, (await sayFlash(line, party, text)).leaf);

/** The pin of the key that is shown to whoever calls this port. */
function pinAt(port: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const stranger = newTlsIdentity((count) => new Uint8Array(randomBytes(count)));
    const socket = connectTls({ ...tlsProfile(stranger), port, host: "127.0.0.1", servername: "" });
    socket.on("error", reject);
    socket.on("secureConnect", () => {
      resolve(shownPin(socket));
      socket.destroy();
    });
  });
}

/** Somebody else at an address that the node has left. */
function impostor(port: number): Promise<Server> {
  const identity = newTlsIdentity((count) => new Uint8Array(randomBytes(count)));
  return new Promise((resolve) => {
    const server = createTlsServer(tlsProfile(identity), (socket) => socket.on("error", () => undefined));
    server.on("tlsClientError", () => undefined);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

describe("a node that moves", () => {
  test("to another port and another key: the other side follows by itself, and is not led to whoever comes after it", async () => {
    const [before, after] = [await freePort(), await freePort()];
    const south = await start("south", `listen: 127.0.0.1:${before}\n`);
    let north = await start("north", `dial: ["127.0.0.1:${before}"]\n`);
    await says("north", "Before.");
    const first = await pinAt(before);

    const from = new Date(Math.ceil(Date.now() / 1000) * 1000 + 5000).toISOString().replace(".000Z", "Z");
    const to = ["--from", from, "--address", `127.0.0.1:${after}`, "--new-key"];
    const placed = await openlineHere(["ways", "announce", "--dir", line.folder("south"), ...to]);
    expect([placed.code, placed.err]).toEqual([0, ""]);
    const told = await eventually(
      () => waysOfSouth("north"),
      (ways) => ways?.pins.now[0] !== first || ways?.pins.next !== null,
    );
    const pin = told?.pins.next?.all[0] ?? told?.pins.now[0];
    await eventually(
      () => waysOfSouth("south"),
      (ways) => ways?.addresses.next === null && ways.pins.next === null,
    );
    expect(await waysOfSouth("south")).toMatchObject({ addresses: { now: [`127.0.0.1:${after}`] }, pins: { now: [pin] } });
    // The key changed while the node ran and the connection stood.
    expect(first).not.toBe(pin);
    expect(await pinAt(before)).toBe(pin);
    await says("south", "The key is another one.");

    await south.stop("SIGTERM");
    const stranger = await impostor(before);
    try {
      await start("south", `listen: 127.0.0.1:${after}\n`);
      expect(await pinAt(after)).toBe(pin);
      await says("north", "Over the new address.");
      await says("south", "And back.");
      // What it was told it has in its record, also after a kill; its own settings still name the old address only.
      await north.stop("SIGKILL");
      north = await start("north", `dial: ["127.0.0.1:${before}"]\n`);
      await says("north", "Again.");
      const notes = await ask<readonly Shown[]>("show", "--dir", line.folder("north"), "--kind", "service-note");
      expect(notes).toHaveLength(1);
    } finally {
      stranger.close();
    }
  });

  test("says nothing that could not be, and nothing without a running node", async () => {
    const announce = async (...args: readonly string[]) => {
      const { code, err } = await openlineHere(["ways", "announce", "--dir", line.folder("south"), ...args]);
      return [code, err.trim()];
    };
    const from = ["--from", "2030-01-01T00:00:00Z"];
    expect(await announce(...from, "--address", "node.example:1")).toEqual([4, expect.stringContaining("no node runs")]);
    await start("south", "listen: 127.0.0.1:0\n");
    expect(await announce(...from)).toEqual([2, expect.stringContaining("--new-key")]);
    for (const wrong of ["node.example", "node.example:70000", "../x:1", "-oProxy:22"])
      expect(await announce(...from, "--address", wrong)).toEqual([1, expect.stringMatching(/^openline: .*bad-facts.*host:port/)]);
    const notes = await ask<readonly Shown[]>("show", "--dir", line.folder("south"), "--kind", "service-note");
    expect(notes).toHaveLength(1);
  });
});
