import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  cosignEd25519,
  cosignMldsa44,
  exportLayout,
  formatSignedCheckpoint,
  formatVkey,
  leafHash,
  NOTE_COSIGNATURE_ED25519,
  NOTE_COSIGNATURE_MLDSA44,
  NOTE_ED25519,
  noteKey,
  parseUnixSeconds,
  rootOfLeaves,
  signCheckpoint,
  utf8,
} from "@openline/core";
import { nativeSuite as suite } from "@openline/node";
import { afterAll, expect, type TestContext, test } from "vitest";

const script = fileURLToPath(new URL("../tools/interop.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "openline-interop-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const seed = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const entriesOf = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => utf8(`entry ${i} ${"x".repeat(i % 300)}`));

/** Writes one log as `record export` does. */
function exportLog(dir: string, count: number): void {
  const entries = entriesOf(count);
  const root = rootOfLeaves(
    suite,
    entries.map((entry) => leafHash(suite, entry)),
  );
  const checkpoint = { origin: `openline.invalid/${"3f".repeat(16)}`, size: count, root };
  const time = parseUnixSeconds(1_765_000_000);
  const log = noteKey(suite, NOTE_ED25519, checkpoint.origin, suite.ed25519Public(seed(1)));
  const mldsa = noteKey(suite, NOTE_COSIGNATURE_MLDSA44, checkpoint.origin, suite.mldsa44Public(seed(2)));
  const peer = noteKey(suite, NOTE_COSIGNATURE_ED25519, `openline.invalid/${"77".repeat(16)}`, suite.ed25519Public(seed(3)));
  const note = formatSignedCheckpoint(checkpoint, [
    { key: log, signature: signCheckpoint(suite, seed(1), checkpoint) },
    { key: mldsa, signature: cosignMldsa44(suite, seed(2), mldsa.name, checkpoint, time) },
    { key: peer, signature: cosignEd25519(suite, seed(3), checkpoint, time) },
  ]);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "vkeys"), [log, mldsa, peer].map((key) => `${formatVkey(key)}\n`).join(""));
  writeFileSync(join(dir, "checkpoint"), note);
  for (const file of exportLayout(suite, entries)) {
    mkdirSync(dirname(join(dir, file.path)), { recursive: true });
    writeFileSync(join(dir, file.path), file.bytes);
  }
}

/** Runs the program; a machine without Go reports the test as not run. */
function interop(context: TestContext, ...args: string[]): { readonly status: number | null; readonly said: string } {
  const done = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  const said = `${done.stdout}${done.stderr}`;
  context.skip(said.includes("not run: interop"), said.trim());
  return { status: done.status, said };
}

test.for([0, 1, 255, 256, 257, 3000])("Go's packages accept an exported log of %i entries", (count, context) => {
  const out = join(folder, `good-${count}`);
  exportLog(join(out, "alpha"), count);
  exportLog(join(out, "alpha", "closed", "0011223344556677"), 5);
  const { status, said } = interop(context, out);
  expect(said).toContain(`${count} entries`);
  expect(said).toContain("1 cosignatures, 1 lines not checked here");
  expect(said).toContain("0011223344556677: 5 entries");
  expect(status).toBe(0);
});

const flip = (file: string, at: number): void => {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
};
/** What is done to the export of 300 entries, and what Go says of it. */
const damages: readonly (readonly [string, (dir: string) => void, string])[] = [
  ["one bit of an entry", (dir) => flip(join(dir, "tile/entries/000"), 9), "the entries give root"],
  ["one bit of a leaf hash", (dir) => flip(join(dir, "tile/0/000"), 0), "tile/0/000: not the hashes"],
  ["one bit of an upper tile", (dir) => flip(join(dir, "tile/1/000.p/1"), 31), "tile/1/000.p/1: not the hashes"],
  ["a byte after a bundle", (dir) => appendFileSync(join(dir, "tile/entries/001.p/44"), "x"), "bytes after the last entry"],
  ["a missing tile", (dir) => unlinkSync(join(dir, "tile/0/001.p/44")), "no such file"],
  ["a tile too many", (dir) => writeFileSync(join(dir, "tile/0/002.p_1"), "x"), "no tile of this log"],
  ["a digit of the size", (dir) => flip(join(dir, "checkpoint"), 50), "checkpoint: "],
  ["the key id of the log", (dir) => flip(join(dir, "vkeys"), 52), "vkeys: first line"],
];

test.for(damages)("Go's packages refuse %s", ([name, damage, reason], context) => {
  const out = join(folder, `bad-${name.replaceAll(" ", "-")}`);
  exportLog(join(out, "alpha"), 300);
  damage(join(out, "alpha"));
  const { status, said } = interop(context, out);
  expect(said).toContain("FAIL");
  expect(said).toContain(reason);
  expect(status).toBe(1);
});

test("Go's packages agree with the vectors", (context) => {
  const { status, said } = interop(context, "-vectors");
  expect(said).toContain("ok   vectors consistency");
  expect(status).toBe(0);
});
