import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TLSSocket, connect } from "node:tls";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { encapsulate, encodeFrame, parseLineId, sealEnvelope } from "@openline/core";
import { openlineHere } from "../packages/cli/test/run-here.ts";
import { tlsProfile } from "../packages/node/src/bearers/tls/handshake.ts";
import { nativeSuite } from "../packages/node/src/crypto/native-suite.ts";
import { openLine } from "../packages/node/src/operate/open-line.ts";
import { ask, eventually } from "./support/asking.ts";
import { type LiveLine, liveLine } from "./support/live-line.ts";
import { startNode, stopNodes, workFolder } from "./support/openline.ts";

/** A real node, and at the other end of a good TLS connection somebody who has the peer's TLS key and sends what no node sends. */
const dir = workFolder();
let line: LiveLine;

beforeAll(async () => {
  line = await liveLine(dir);
}, 120_000);
afterEach(stopNodes);

interface Seen {
  readonly unopened: readonly { readonly peer: string; readonly envelopes: number }[];
  readonly findings: readonly { readonly code: string; readonly count: number }[];
}

/** Frames one after another, each behind its length. */
function framed(frames: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    frames.flatMap((frame) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(frame.length);
      return [length, frame];
    }),
  );
}

function said(socket: TLSSocket, frames: readonly Uint8Array[]): void {
  socket.on("error", () => undefined);
  socket.on("secureConnect", () => socket.write(framed(frames)));
  socket.resume();
}

describe("what no node sends, sent to a running node", () => {
  test("junk and envelopes of another accord are refused with one line each; the line then goes on and has lost nothing", async () => {
    // What the peer's node has, before it runs itself.
    const { keys, accord, store, second } = await openLine(line.folder("north"), async () => ({ by: "none" }));
    await store.close();
    await second.close();
    const [north, south] = ["north", "south"].map((id) => accord.parties.find((party) => party.id === id)!);
    const publicKey = south!.file.seal;
    const context = { from: north!.key, to: south!.key, prekey: null };
    const coins = new Uint8Array(64).fill(5);
    const psk = keys.psks["south"] ?? null;
    const ours = encapsulate(nativeSuite, { publicKey, psk, coins, context: { ...context, line: accord.line } });
    const other = encapsulate(nativeSuite, { publicKey, psk, coins, context: { ...context, line: parseLineId("ab".repeat(16)) } });
    const sealed = (encapsulation: typeof ours, id: number, frame: Uint8Array): Uint8Array =>
      sealEnvelope(nativeSuite, encapsulation, { id: new Uint8Array(16).fill(id), publicKey, heard: [], frame });
    const head = encodeFrame({ kind: "head", checkpoint: { incarnation: north!.incarnation, size: 9, signature: new Uint8Array(64) } });

    const settings = join(line.folder("south"), "bearers.yaml");
    writeFileSync(settings, "listen: 127.0.0.1:0\n");
    const node = await startNode(["--dir", line.folder("south")]);
    const port = Number(/port (\d+)/.exec(node.printed())?.[1]);
    const bearers = (): Promise<Seen> => ask("bearers", "--dir", line.folder("south"));

    // No envelopes at all; one that opens and holds no frame; one that opens and whose head nobody signed.
    const junk = [Uint8Array.of(7, 7, 7), new Uint8Array(60_000).fill(255), Uint8Array.of(0), sealed(ours, 1, Uint8Array.of(1, 2, 3))];
    const strange = connect({ ...tlsProfile(keys.tls!), port, host: "127.0.0.1", servername: "" });
    said(strange, [...junk, sealed(ours, 2, head)]);
    const first = await eventually(bearers, ({ findings }) => findings.reduce((sum, { count }) => sum + count, 0) >= junk.length);
    expect(first.unopened).toEqual([]);
    const codes = first.findings.map(({ code }) => code);
    for (const code of codes) expect(["malformed", "truncated", "wrong-signature", "unknown-log"]).toContain(code);
    strange.destroy();

    // Sealed to the right key for another line: another accord between the same two.
    const foreign = connect({ ...tlsProfile(keys.tls!), port, host: "127.0.0.1", servername: "" });
    said(
      foreign,
      Array.from({ length: 10 }, (_, i) => sealed(other, 10 + i, head)),
    );
    const { unopened } = await eventually(bearers, (seen) => (seen.unopened[0]?.envelopes ?? 0) >= 10);
    expect(unopened.map(({ peer }) => peer)).toEqual(["north"]);
    const { out } = await openlineHere(["bearers", "--dir", line.folder("south")]);
    expect(out.match(/^unopened: .*accord.*$/gm)).toHaveLength(1);
    expect(out.match(/^finding: /gm)).toHaveLength(codes.length);
    foreign.destroy();

    // Then the peer itself comes.
    writeFileSync(join(line.folder("north"), "bearers.yaml"), `dial: ["127.0.0.1:${port}"]\n`);
    await startNode(["--dir", line.folder("north")]);
    const on = ["--dir", line.folder("north"), "--key", line.watchKey("north")];
    const { leaf } = await ask<{ leaf: string }>("send", "--channel", "hotline", "--precedence", "FLASH", "--text", "It is me.", ...on);
    await eventually(
      () => ask<readonly { leaf: string }[]>("show", "--dir", line.folder("south"), "--kind", "message"),
      (all) => all.some((entry) => entry.leaf === leaf),
    );
    expect((await bearers()).unopened).toEqual([]);
    expect(node.child.exitCode).toBeNull();
  });
});
