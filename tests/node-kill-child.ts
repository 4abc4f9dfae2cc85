/** Runs a node and submits acts until it is killed. Each line it prints is the leaf of an act that was acknowledged, or a head
 *  that was signed. Arguments: folder, seed. */
import { randomBytes } from "node:crypto";
import { readFileSync, writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { decodeAccordFiles, decodeFrame, encodeFrame, limits, parseUnixMillis, readAccord, toHex } from "@openline/core";
import { type Bearer, FileSecondPlace, Node, decodeNodeKeys, nativeSuite, openSqlite, verifyEd25519Aside } from "@openline/node";
import { handOf, submitDraft } from "../packages/node/src/operate/line-setup.ts";

// A process that is killed leaves nothing of what it has compiled: the next one would compile it all again.
flushCompileCache();
const [folder = ""] = process.argv.slice(2);
const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));
const accord = readAccord(nativeSuite, decodeAccordFiles(readFileSync(join(folder, "accord.cbor"))));
const keys = decodeNodeKeys(readFileSync(join(folder, "keys.cbor")));
const [party, counterpart] = accord.parties;
if (party === undefined || counterpart === undefined) throw new RangeError("a line of two");
const node = await Node.open({
  suite: nativeSuite,
  accord,
  party,
  keys,
  store: await openSqlite(join(folder, "store.db")),
  second: new FileSecondPlace(join(folder, "second")),
  world: { clock: { now: () => parseUnixMillis(Date.now()) }, random },
  receiptDelayMs: 0,
  unprompted: true,
  verifyAside: verifyEd25519Aside,
});

/** A counterpart that has nothing and hears every head: what it was shown has left the house. */
const bearer: Bearer = {
  id: "out",
  kind: "memory",
  epoch: "direct",
  mtu: limits.frameBytesMax,
  oneWay: undefined,
  credit: () => limits.frameBytesMax,
  send: async (bytes) => {
    const frame = decodeFrame(bytes);
    if (!frame.ok || frame.value.kind !== "packed" || frame.value.checkpoint === null) return;
    const { incarnation, size, signature } = frame.value.checkpoint;
    writeSync(1, `head ${incarnation} ${size} ${toHex(signature)}\n`);
  },
};
await node.join(bearer, counterpart);
await node.receive(
  encodeFrame({
    kind: "have",
    counter: 1,
    heard: 0,
    asks: false,
    credit: Number.MAX_SAFE_INTEGER,
    prekey: null,
    full: false,
    logs: [],
    open: [],
  }),
  bearer,
);

const hand = { ...handOf(nativeSuite, keys.node), role: "node" as const };
const submit = async (): Promise<void> => {
  for (;;) {
    const said = await submitDraft(node, { kind: "service-note" }, [hand]);
    if (!said.ok) throw new Error(said.refusal.detail);
    writeSync(1, `leaf ${said.value.log} ${said.value.index} ${said.value.leaf}\n`);
  }
};
await Promise.all(Array.from({ length: 8 }, submit));
