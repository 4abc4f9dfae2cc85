import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { assert, equalBytes, OpenlineError } from "@openline/core";

/** "OPLN": says that a SQLite file is a node's store. */
export const APPLICATION_ID = 0x4f_50_4c_4e;

interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** Numbered from 1 by position. One that was released is never edited: its checksum is in every store made since. */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: "entries, tiles, heads, findings, meta",
    sql: `
PRAGMA application_id = ${APPLICATION_ID};
CREATE TABLE log (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE CHECK (length(id) = 8)) STRICT;
-- place is log * 2^32 + idx: one tree in log order instead of a table and an index.
CREATE TABLE entry (
  place INTEGER PRIMARY KEY, leaf BLOB NOT NULL CHECK (length(leaf) = 32), bytes BLOB NOT NULL, refusal TEXT,
  log INTEGER AS (place >> 32), idx INTEGER AS (place & 0xffffffff)
) STRICT;
CREATE INDEX entry_leaf ON entry (leaf);
-- bytes is null once erased. Apart from entry, so that entry has no reason ever to change.
CREATE TABLE disclosure (place INTEGER PRIMARY KEY, bytes BLOB) STRICT;
CREATE TABLE tile (
  log INTEGER NOT NULL, level INTEGER NOT NULL, idx INTEGER NOT NULL,
  hashes BLOB NOT NULL CHECK (length(hashes) = 8192), PRIMARY KEY (log, level, idx)
) STRICT;
CREATE TABLE head (
  log INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL CHECK (length(root) = 32),
  checkpoint BLOB NOT NULL, PRIMARY KEY (log, size)
) STRICT;
CREATE TABLE finding (
  number INTEGER PRIMARY KEY, at INTEGER NOT NULL, code TEXT NOT NULL, log BLOB, idx INTEGER, detail TEXT NOT NULL, bytes BLOB
) STRICT;
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
${["entry", "tile", "head", "finding"].map(appendOnly).join("")}`,
  },
  {
    name: "objects",
    sql: `
CREATE TABLE object (
  number INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE CHECK (length(name) = 32), size INTEGER NOT NULL, whole INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX object_open ON object (number) WHERE whole = 0;
-- No two ranges of one object overlap.
CREATE TABLE object_range (
  object INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (object, start)
) STRICT;
`,
  },
  {
    name: "digests of meta",
    sql: "ALTER TABLE meta ADD COLUMN digest BLOB CHECK (length(digest) = 8);",
  },
];

/** A second line behind the checks in code: also a person with a database shell is told. */
function appendOnly(table: string): string {
  return ["UPDATE", "DELETE"]
    .map((act) => `CREATE TRIGGER ${table}_${act} BEFORE ${act} ON ${table} BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;\n`)
    .join("");
}

/** The row of an entry and of its disclosure. Exact up to 2^21 logs of 2^32 entries. */
export function placeOf(logNumber: number, index: number): number {
  assert(index < 2 ** 32 && logNumber < 2 ** 21, `log number ${logNumber}, entry ${index} is beyond what the store addresses`);
  return logNumber * 2 ** 32 + index;
}

/** What finds a changed byte in a value of `meta`, which no log and no signature covers: the first 8 bytes of SHA-256(key || 0x00 || value). */
export function metaDigest(key: string, value: Uint8Array): Uint8Array {
  return createHash("sha256").update(`${key}\0`).update(value).digest().subarray(0, 8);
}

/** Brings the schema up to date, each migration in one immediate transaction with its own record. Throws
 *  `OpenlineError`: "damaged" when a migration in the file is not the one we know, "usage" when the file is newer. */
export function migrate(db: DatabaseSync): void {
  db.exec(
    "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum BLOB NOT NULL CHECK (length(checksum) = 32)) STRICT",
  );
  const applied = appliedMigrations(db);
  MIGRATIONS.slice(applied).forEach(({ name, sql }, i) => {
    db.exec("BEGIN IMMEDIATE");
    db.exec(sql);
    db.prepare("INSERT INTO migration (number, name, checksum) VALUES (?, ?, ?)").run(applied + i + 1, name, checksumOf(sql));
    db.exec("COMMIT");
  });
}

/** For opening read-only: the file must already be at our version. Throws `OpenlineError` as `migrate`. */
export function checkMigrated(db: DatabaseSync): void {
  const applied = appliedMigrations(db);
  if (applied < MIGRATIONS.length)
    throw new OpenlineError("usage", "the store was written by an older version; start the node once to bring it up to date");
}

function appliedMigrations(db: DatabaseSync): number {
  const rows = db.prepare("SELECT number, checksum FROM migration ORDER BY number").all();
  if (rows.length > MIGRATIONS.length) throw new OpenlineError("usage", "the store was written by a newer version");
  rows.forEach(({ number, checksum }, i) => {
    const known = MIGRATIONS[i];
    const same = known !== undefined && checksum instanceof Uint8Array && equalBytes(checksum, checksumOf(known.sql));
    if (number !== i + 1 || !same) throw new OpenlineError("damaged", `migration ${i + 1} in the store is not the one released`);
  });
  return rows.length;
}

function checksumOf(sql: string): Uint8Array {
  return createHash("sha256").update(sql).digest();
}
