import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, expect, test } from "vitest";
import {
  type Hand,
  LINE_CHANNEL,
  appendLeaf,
  EMPTY_FRONTIER,
  decode,
  decodeEntry,
  encode,
  encodeEntry,
  fromHex,
  leafOf,
  parseActId,
  parseLogIndex,
  parsePostId,
  parseUnixMillis,
  parseUnixSeconds,
  prepare,
  rootOf,
  signAct,
  toHex,
} from "@openline/core";
import { allEntries, nativeSuite as suite } from "@openline/node";
import { loadSigningKey, openLine } from "@openline/node/operate";
import { openlineHere } from "../packages/cli/test/run-here.ts";
import { type LiveLine, liveLine } from "./support/live-line.ts";
import { startNode, stopNodes, workFolder } from "./support/openline.ts";

/** A party whose node is of a later version enters a kind of act that the other side's node does not know. */
const KIND = 9999;
const dir = workFolder();
const plain = () => Promise.reject(new Error("these keys are not protected"));
let line: LiveLine;

beforeAll(async () => {
  line = await liveLine(dir);
}, 120_000);
afterEach(stopNodes);

/** Places an act of that kind at the end of north's log, signed as any act of its duty officer, while its node is stopped. */
async function placeLaterKind(): Promise<{ readonly index: number; readonly leaf: string }> {
  const { accord, party, store, second } = await openLine(line.folder("north"), plain);
  const key = await loadSigningKey(line.watchKey("north"), { kind: "watch", party: "north" }, plain);
  const log = party.incarnation;
  let frontier = EMPTY_FRONTIER;
  let last: Uint8Array = new Uint8Array();
  for await (const { leaf, entry } of allEntries(store, log)) [frontier, last] = [appendLeaf(suite, frontier, fromHex(leaf)), entry];
  const { placement } = decodeEntry(last);
  const before = parseLogIndex(frontier.size - 1);
  const { payload } = prepare(
    suite,
    {
      line: accord.line,
      party: party.key,
      actId: parseActId(toHex(randomBytes(16))),
      kind: "note",
      from: parsePostId("duty-officer"),
      channel: LINE_CHANNEL,
      precedence: "ROUTINE",
      drafted: parseUnixMillis(placement.time * 1000),
      to: [],
      refs: [],
      facts: {},
      notAfter: parseUnixSeconds(placement.time + 3600),
    },
    undefined,
    randomBytes(16),
  );
  const later = encode(new Map(decode(payload) as Map<number, never>).set(5, KIND as never));
  const hand: Hand = { kid: key.kid, sign: key.sign, role: "author" };
  const act = signAct(later, { accordDigest: party.accordDigest, time: placement.time, hands: [hand] });
  // The ceremony's last act in this log is a control act: each of them is the one before the next.
  const control = { index: before, leaf: leafOf(suite, last) };
  const entry = encodeEntry(act, { index: parseLogIndex(frontier.size), time: placement.time, heads: [], ahead: [], control });
  const leaf = leafOf(suite, entry);
  const next = appendLeaf(suite, frontier, fromHex(leaf));
  await store.commit({ entries: [{ log, index: parseLogIndex(frontier.size), leaf, entry }] });
  await second.swap(log, await second.read(log), { size: next.size, root: rootOf(suite, next) });
  await store.close();
  await second.close();
  return { index: frontier.size, leaf };
}

async function done(...args: readonly string[]): Promise<string> {
  const ran = await openlineHere(args);
  expect([args[0], ran.code, ran.err]).toEqual([args[0], 0, ""]);
  return ran.out;
}

test("a kind of a later version is held, shown by its number in both languages, exported, and refused by nobody", async () => {
  const { index, leaf } = await placeLaterKind();
  writeFileSync(join(line.folder("south"), "bearers.yaml"), "listen: 127.0.0.1:0\n");
  const south = await startNode(["--dir", line.folder("south")]);
  const port = /port (\d+)/.exec(south.printed())?.[1] ?? "";
  writeFileSync(join(line.folder("north"), "bearers.yaml"), `dial: ["127.0.0.1:${port}"]\n`);
  await startNode(["--dir", line.folder("north")]);
  // What is said after it is held too: a later version keeps nobody from talking.
  const text = ["--channel", "hotline", "--text", "Still here."];
  const said = await done("send", ...text, "--dir", line.folder("north"), "--key", line.watchKey("north"), "--json");
  const message = (JSON.parse(said) as { leaf: string }).leaf;
  const all = async (...more: readonly string[]) =>
    JSON.parse(await done("show", "--dir", line.folder("south"), "--json", ...more)) as {
      log: string;
      index: number;
      leaf: string;
      refusal: string | null;
    }[];
  let shown = await all();
  for (let round = 0; round < 300 && !shown.some((entry) => entry.leaf === message); round++) shown = await all();
  expect(shown.map((entry) => entry.leaf)).toEqual(expect.arrayContaining([leaf, message]));

  const found = await all("--kind", `unknown ${KIND}`);
  expect(found).toMatchObject([{ index, leaf, refusal: "unknown-kind" }]);
  const place = `${found[0]?.log}/${index}`;
  expect(await done("show", place, "--dir", line.folder("south"))).toContain(`kind of a later version, number ${KIND}`);
  expect(await done("show", place, "--dir", line.folder("south"), "--language", "zh")).toMatch(/较新版本.*9999/);
  expect(await all("--kind", "refusal")).toEqual([]);
  // Nothing is owed for it, and nobody is left without a word of it.
  expect(await done("inbox", "--dir", line.folder("south"))).toContain("acts held of kinds that only a later version knows: 1");
  expect(await done("inbox", "--all", "--dir", line.folder("south"))).toMatch(new RegExp(`^${place}  ROUTINE  unknown ${KIND}  `, "m"));
  expect(await done("inbox", "--dir", line.folder("north"))).not.toContain("later version");

  const out = join(dir, "export");
  await done("record", "export", "--dir", line.folder("south"), out);
  expect(await done("record", "verify", out)).toContain("unknown-kind");
});
