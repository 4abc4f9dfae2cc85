import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseLogId, parseLogIndex } from "@openline/core";
import { assertDurable, pragma } from "../../src/store/sqlite-open.ts";
import { openSqlite, openSqliteReadOnly } from "../../src/store/sqlite.ts";
import { entryAt, storeAcceptance } from "./acceptance.ts";

const newFolder = () => mkdtemp(join(tmpdir(), "openline-store-"));

storeAcceptance("sqlite", async () => {
  const folder = await newFolder();
  return { open: () => openSqlite(join(folder, "store.db")), remove: () => rm(folder, { recursive: true }) };
});

const log = parseLogId("d".repeat(16));
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await newFolder();
  path = join(folder, "store.db");
});
afterEach(() => rm(folder, { recursive: true }));

/** A store with three entries, closed. */
async function filled(): Promise<void> {
  const store = await openSqlite(path);
  await store.commit({ entries: [entryAt(log, 0), entryAt(log, 1), entryAt(log, 2)] });
  await store.close();
}

test("synchronous is FULL after opening whatever it was before, and so is everything else that durability rests on", async () => {
  await filled();
  const db = new DatabaseSync(path);
  db.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = NORMAL");
  expect(pragma(db, "synchronous")).toBe(1);
  assertDurable(db);
  expect(pragma(db, "synchronous")).toBe(2);
  expect(pragma(db, "journal_mode")).toBe("wal");
  db.close();
});

test("a database that cannot be durable is not opened", () => {
  const db = new DatabaseSync(":memory:");
  expect(() => assertDurable(db)).toThrow("PRAGMA journal_mode is memory and must be wal");
  db.close();
});

test("a second opener is told that the folder is in use; the first goes on; closing frees it", async () => {
  const first = await openSqlite(path);
  await expect(openSqlite(path)).rejects.toMatchObject({ code: "folder-in-use" });
  await first.commit({ entries: [entryAt(log, 0)] });
  await first.close();
  const second = await openSqlite(path);
  expect(await second.size(log)).toBe(1);
  await second.close();
});

describe.each(["", "-wal", "-shm"])("store.db%s under an open store", (suffix) => {
  const moved = (): Promise<void> => rename(`${path}${suffix}`, join(folder, "moved"));
  const gone = { code: "storage", message: expect.stringContaining(`store.db${suffix} is no longer the file that the node has open`) };

  test("is moved away: no commit is told to be kept, and nothing is asked of it any more", async () => {
    const store = await openSqlite(path);
    await store.commit({ entries: [entryAt(log, 0)] });
    await moved();
    await expect(store.commit({ entries: [entryAt(log, 1)] })).rejects.toMatchObject(gone);
    await expect(store.size(log)).rejects.toMatchObject(gone);
    await store.close();
  });

  test("is replaced by a copy of itself: it fails when it is asked for its room", async () => {
    const store = await openSqlite(path);
    expect(await store.bytesFree()).toBeGreaterThan(0);
    await moved();
    await cp(join(folder, "moved"), `${path}${suffix}`);
    await expect(store.bytesFree()).rejects.toMatchObject(gone);
    await store.close();
  });
});

test("a foreign file is refused and left as it is", async () => {
  const foreign = new DatabaseSync(path);
  foreign.exec("CREATE TABLE t (x); INSERT INTO t VALUES (1)");
  foreign.close();
  const before = await readFile(path);
  await expect(openSqlite(path)).rejects.toMatchObject({ code: "not-a-folder" });
  await expect(openSqliteReadOnly(path)).rejects.toMatchObject({ code: "not-a-folder" });
  expect(await readFile(path)).toEqual(before);
  await writeFile(path, "");
  await expect(openSqlite(path)).rejects.toMatchObject({ code: "not-a-folder" });
  await writeFile(path, "x".repeat(5000));
  await expect(openSqlite(path)).rejects.toMatchObject({ code: "not-a-folder" });
  expect((await readFile(path)).length).toBe(5000);
});

test("a changed or unknown migration is refused", async () => {
  await filled();
  const db = new DatabaseSync(path);
  db.exec("INSERT INTO migration VALUES (99, 'from the future', zeroblob(32))");
  await expect(openSqlite(path)).rejects.toMatchObject({ code: "usage" });
  db.exec("DELETE FROM migration WHERE number = 99; UPDATE migration SET checksum = zeroblob(32)");
  db.close();
  await expect(openSqlite(path)).rejects.toMatchObject({ code: "damaged" });
});

test("a store of a version before is brought up to date and keeps what it has", async () => {
  await filled();
  const db = new DatabaseSync(path);
  db.exec("ALTER TABLE meta DROP COLUMN digest; DROP TABLE object_range; DROP TABLE object; DELETE FROM migration WHERE number > 1");
  db.close();
  await expect(openSqliteReadOnly(path)).rejects.toMatchObject({ code: "usage" });
  const store = await openSqlite(path);
  expect(await store.size(log)).toBeGreaterThan(0);
  expect(await store.openObjects(1)).toEqual([]);
  await store.close();
});

test("a value of meta that was changed is damaged; one that an older version wrote is read as it is", async () => {
  const store = await openSqlite(path);
  await store.commit({ meta: [{ key: "sealed/x", value: Uint8Array.of(1, 2, 3) }] });
  await store.close();
  const db = new DatabaseSync(path);
  db.exec("UPDATE meta SET value = x'010203ff'");
  await expect(metaOf("sealed/x")).rejects.toThrow("meta sealed/x");
  db.exec("UPDATE meta SET digest = NULL");
  db.close();
  expect(await metaOf("sealed/x")).toEqual(Uint8Array.of(1, 2, 3, 255));
});

async function metaOf(key: string): Promise<Uint8Array | undefined> {
  const store = await openSqliteReadOnly(path);
  return store.meta(key).finally(() => store.close());
}

test("entries whose log is not there any more are damaged, and never left out", async () => {
  const other = parseLogId("e".repeat(16));
  const store = await openSqlite(path);
  await store.commit({ entries: [entryAt(log, 0), entryAt(other, 0), entryAt(other, 1)] });
  expect(await store.logs()).toEqual([
    { log, size: 1 },
    { log: other, size: 2 },
  ]);
  await store.close();
  const db = new DatabaseSync(path);
  for (const change of ["UPDATE log SET number = number + 128 WHERE number = 2", "DELETE FROM log WHERE number = 130"]) {
    db.exec(change);
    const read = await openSqliteReadOnly(path);
    await expect(read.logs()).rejects.toThrow("log number");
    await read.close().catch(() => undefined);
  }
  db.close();
});

test("entries, tiles, heads and findings cannot be changed with a database shell either", async () => {
  await filled();
  const db = new DatabaseSync(path);
  expect(() => db.exec("DELETE FROM entry")).toThrow("entry is append-only");
  expect(() => db.exec("UPDATE entry SET refusal = 'fork'")).toThrow("entry is append-only");
  db.close();
});

test("reading beside a writer: sees what is acknowledged, writes nothing, refuses commits", async () => {
  await expect(openSqliteReadOnly(path)).rejects.toMatchObject({ code: "not-a-folder" });
  const writer = await openSqlite(path);
  await writer.commit({ entries: [entryAt(log, 0)] });
  const reader = await openSqliteReadOnly(path);
  await writer.commit({ entries: [entryAt(log, 1)] });
  expect(await reader.entries(log, 0, 9)).toEqual([entryAt(log, 0), entryAt(log, 1)]);
  await expect(reader.commit({})).rejects.toMatchObject({ code: "usage" });
  expect(await reader.size(log)).toBe(2);
  await reader.close();
  await writer.commit({ entries: [entryAt(log, 2)] });
  await writer.close();
});

test("reading a closed store, or a bare copy of its file, creates nothing", async () => {
  await filled();
  const bare = await newFolder();
  await cp(path, join(bare, "store.db"));
  for (const place of [folder, bare]) {
    const before = await readdir(place);
    const reader = await openSqliteReadOnly(join(place, "store.db"));
    expect(await reader.size(log)).toBe(3);
    expect(await readdir(place)).toEqual(before);
    await reader.close();
    expect(await readdir(place)).toEqual(before);
  }
  await rm(bare, { recursive: true });
});

test("an erased disclosure is in none of the store's files", async () => {
  const secret = Buffer.from("the words that were erased, long enough to be found");
  const store = await openSqlite(path);
  await store.commit({ entries: [{ ...entryAt(log, 0), disclosure: secret }] });
  await store.commit({ erasures: [{ log, index: parseLogIndex(0) }] });
  await store.size(log);
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
  expect(files.some((bytes) => bytes.includes(secret))).toBe(false);
  await store.close();
});
