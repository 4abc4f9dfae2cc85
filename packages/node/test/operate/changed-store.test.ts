import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenlineError, parseUnixSeconds } from "@openline/core";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FolderView, nativeSuite, readFolder, runExercise, snapshotOf, statusOf } from "../../src/operate/index.ts";
import { openForReading } from "../../src/store/sqlite-open.ts";
import { SqliteReader } from "../../src/store/sqlite-reader.ts";
import type { Store } from "../../src/store/store.ts";

const root = mkdtempSync(join(tmpdir(), "openline-changed-"));
const folder = join(root, "played", "jpn");
const database = join(folder, "openline.db");
const at = parseUnixSeconds(Date.parse("2025-12-06T12:00:00Z") / 1000);
/** Each reads and judges the whole record. */
const RUNS = Number(process.env["OPENLINE_RUNS"] ?? 100);
let written: Buffer;
let view: Omit<FolderView, "store">;

beforeAll(async () => {
  await runExercise({
    file: join(import.meta.dirname, "../../../../exercises/notice-2025-12-06.yaml"),
    dir: join(root, "played"),
    fresh: false,
  });
  written = readFileSync(database);
  const { store, ...rest } = await readFolder(folder);
  await store.close();
  view = rest;
});
afterAll(() => rmSync(root, { recursive: true }));

/** What a reader of a store is told, or the code with which it is told nothing. */
async function told(path: string): Promise<string> {
  try {
    const db = openForReading(path);
    try {
      // The same reader that the store has in a thread of its own, which takes longer to start than all of this.
      const store = new SqliteReader(db) as unknown as Store;
      return JSON.stringify(statusOf(nativeSuite, await snapshotOf({ ...view, store }), at));
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof OpenlineError) return error.code;
    if (error instanceof Error && "errcode" in error) return "storage";
    throw error;
  }
}

test("a changed byte in a store gives the same state or an error, and never another state", async () => {
  const whole = await told(database);
  expect(JSON.parse(whole)).toMatchObject({ party: "jpn" });
  const places = [...written.keys()].filter((place) => written[place] !== 0);
  const path = join(root, "changed.db");
  let found = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), fc.integer({ min: 1, max: 255 }), async (place, change) => {
      const changed = Buffer.from(written);
      changed[place] = (changed[place] ?? 0) ^ change;
      writeFileSync(path, changed);
      const now = await told(path);
      expect(now === whole || ["damaged", "storage", "not-a-folder", "usage"].includes(now), now).toBe(true);
      if (now === "damaged") found++;
    }),
    { numRuns: RUNS },
  );
  expect(found).toBeGreaterThan(0);
});
