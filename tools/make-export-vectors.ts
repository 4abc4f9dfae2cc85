import { mkdirSync, writeFileSync } from "node:fs";
import { decodePack, digitsOf, encodePack, fromHex, makePack, parseLogId, parsePartyId, recordFiles, toHex } from "@openline/core";
import { nativeSuite as suite } from "../packages/node/src/crypto/native-suite.ts";
import { restoredLine } from "../packages/verify/test/builder-spoken.ts";

/** Writes vectors/export/closed.json: the record of a line whose first party was rolled back, as files and as evidence packs, and what
 *  can be wrong with them. Run by hand when the specification changes: node --conditions=openline-source tools/make-export-vectors.ts */

const line = restoredLine();
const closed = parseLogId(line.closed[0]?.id ?? "");
const north = parsePartyId("north");
const files = Object.fromEntries([...recordFiles(suite, line.source())].map(({ path, bytes }) => [path, toHex(bytes)]));
const folder = `north/closed/${closed}`;
const flipped = (path: string, at: number): string => {
  const bytes = fromHex(files[path] ?? "");
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return toHex(bytes);
};
const entries = `${folder}/tile/entries/000.p/4`;

const whole = makePack(suite, line.source(), [{ party: north, index: 1 }]);
/** The pack without one entry; its digest is right again. */
function without(log: number, index: number): string {
  const { pack } = decodePack(whole);
  return toHex(encodePack(suite, { ...pack, entries: pack.entries.filter((entry) => entry.log !== log || entry.index !== index) }));
}

/** The pack with its logs in another order, or without some; its digest is right again. */
function reordered(order: readonly number[]): string {
  const { pack } = decodePack(whole);
  const move = <T extends { readonly log: number }>(items: readonly T[]): readonly T[] =>
    order.flatMap((from, log) => items.filter((item) => item.log === from).map((item) => ({ ...item, log })));
  const logs = order.flatMap((from) => pack.logs[from] ?? []);
  const chosen = move(pack.chosen).map((choice) => ({ ...choice, receipts: move(choice.receipts) }));
  return toHex(encodePack(suite, { ...pack, logs, entries: move(pack.entries), chosen }));
}

/** The pack with the closed log as an older pack has it, before a key of it was enrolled. */
function withOlderHead(): string {
  const { pack } = decodePack(whole);
  const [north0 = line.log(0)] = line.closed;
  const logs = [{ ...north0.sourceLog(1), current: true }, line.log(1).sourceLog()];
  const { pack: older } = decodePack(makePack(suite, { ...line.source(), logs }, [{ party: north, log: closed, index: 0 }]));
  const [head] = older.logs;
  if (head === undefined) throw new RangeError("a pack has logs");
  const entries = [...older.entries.filter(({ log }) => log === 0), ...pack.entries.filter(({ log }) => log !== 0)];
  return toHex(encodePack(suite, { ...pack, logs: [{ ...head, current: false }, ...pack.logs.slice(1)], entries }));
}

const file = {
  comment:
    "`files` is a valid export of a line whose party north was rolled back; each of `invalid` changes files of it (null: left out) and says the first bad thing. `packs` are evidence packs of the same line.",
  files,
  expect: { closed: [`north@${closed}`], parties: ["north", "south"], ceremony: digitsOf(line.source().accord.ceremony) },
  invalid: [
    { comment: "an entry of the closed log is another", change: { [entries]: flipped(entries, 40) }, expect: { file: entries } },
    { comment: "the closed log's entries are left out", change: { [entries]: null }, expect: { file: entries, code: "missing-file" } },
    {
      comment: "the closed log's checkpoint is that of the current one",
      change: { [`${folder}/checkpoint`]: files["north/checkpoint"] },
      expect: { file: `${folder}/checkpoint` },
    },
    {
      comment: "a body of the closed log is another's",
      change: { [`${folder}/disclosures/2`]: files[`${folder}/disclosures/3`] },
      expect: { file: `${folder}/disclosures/2`, code: "wrong-disclosure" },
    },
    {
      comment: "one file more in the closed log's folder",
      change: { [`${folder}/tile/0/x00`]: "00" },
      expect: { file: `${folder}/tile/0/x00`, code: "unknown-file" },
    },
  ],
  packs: [
    { comment: "an entry of the next log, with the keys of the closed one", pack: toHex(whole), expect: { ok: true } },
    {
      comment: "an entry of the closed log beyond the head at which it was closed",
      pack: toHex(makePack(suite, line.source(), [{ party: north, log: closed, index: 3 }])),
      expect: { ok: true },
    },
    { comment: "the key's enrolment in the closed log is left out", pack: without(0, 1), expect: { ok: false, code: "incomplete-chain" } },
    { comment: "the last entry below the closed head is left out", pack: without(0, 2), expect: { ok: false, code: "incomplete-chain" } },
    { comment: "the closed log is left out", pack: reordered([1, 2]), expect: { ok: false, code: "incomplete-chain" } },
    { comment: "the closed log stands after the next one", pack: reordered([1, 0, 2]), expect: { ok: false, code: "incomplete-chain" } },
    { comment: "the closed log has an older head", pack: withOlderHead(), expect: { ok: false, code: "incomplete-chain" } },
    { comment: "the first entry of the next log is left out", pack: without(1, 0), expect: { ok: false, code: "incomplete-chain" } },
  ],
};

const target = new URL("../vectors/export/", import.meta.url);
mkdirSync(target, { recursive: true });
writeFileSync(new URL("closed.json", target), `${JSON.stringify(file, null, 1)}\n`);
