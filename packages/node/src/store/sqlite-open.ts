import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { OpenlineError } from "@openline/core";
import { APPLICATION_ID, checkMigrated, migrate } from "./schema.ts";

/** Opens, or creates, the store in `path` for writing. Everything visible in it afterwards is durable. The caller holds
 *  the lock. Throws `OpenlineError`: "not-a-folder" for a foreign file, "damaged", "usage", or "storage". */
export function openForWriting(path: string): DatabaseSync {
  if (!existsSync(path)) createStore(path);
  // A process that was killed may have written commits to the WAL without syncing them. Reading makes them count, so
  // they are synced first. The WAL carries no file locks that closing this handle could drop.
  if (existsSync(`${path}-wal`)) syncFile(`${path}-wal`);
  const db = new DatabaseSync(path, { timeout: 5000 });
  refuseForeign(db, path);
  assertDurable(db);
  migrate(db);
  truncateWal(db);
  return db;
}

/** The store appears under its name only when it is whole and durable, so no crash and no error leaves half of one. */
function createStore(path: string): void {
  const making = `${path}.new`;
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${making}${suffix}`, { force: true });
  const db = new DatabaseSync(making);
  assertDurable(db);
  migrate(db);
  if (!truncateWal(db)) throw new OpenlineError("storage", `${making} is in use`);
  db.close();
  syncFile(making);
  renameSync(making, path);
  syncFile(dirname(path));
}

/** Opens `path` for reading only, also beside a writing process and on a read-only file system. Takes no lock. A writer
 *  always leaves a `-wal` and a `-shm` file behind, which are used as they are; a bare copy without them is read as
 *  immutable, so nothing is created there either. Throws `OpenlineError` as `openForWriting`. */
export function openForReading(path: string): DatabaseSync {
  if (!existsSync(path)) throw new OpenlineError("not-a-folder", `there is no store at ${path}`);
  const url = pathToFileURL(path);
  if (!existsSync(`${path}-wal`) || statSync(`${path}-wal`).size === 0) {
    if (!existsSync(`${path}-shm`)) url.searchParams.set("immutable", "1");
  }
  const db = new DatabaseSync(url, { readOnly: true, timeout: 5000 });
  refuseForeign(db, path);
  checkMigrated(db);
  return db;
}

/** Asks SQLite whether its pages and indexes fit together: what no reading of entries comes upon. Throws `OpenlineError("damaged")`. */
export function checkPages(path: string): void {
  const db = openForReading(path);
  try {
    const found = integrityOf(db);
    if (found !== "ok") throw new OpenlineError("damaged", `${path}: ${found}`);
  } finally {
    db.close();
  }
}

function integrityOf(db: DatabaseSync): string {
  try {
    return String(Object.values(db.prepare("PRAGMA integrity_check(1)").get() ?? {})[0]);
  } catch (error) {
    return String(error);
  }
}

/** One process per store: an exclusive transaction on a tiny database beside it, held until the result is closed or the
 *  process ends, however it ends. Throws `OpenlineError("folder-in-use")`. */
export function lockStore(path: string): DatabaseSync {
  const lock = new DatabaseSync(`${path}.lock.db`, { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (cause) {
    lock.close();
    if (errcodeOf(cause) !== SQLITE_BUSY) throw cause;
    throw new OpenlineError("folder-in-use", `another process has ${path} open`, { cause });
  }
}

/** Keeps a reading connection open, in a thread that ends after the writing one (worker threads end first). SQLite's last connection copies the WAL
 *  into the database when it closes, which after a sync error would make good pages of lost ones; a writer that is not the
 *  last and a reader that may not write never do. `undefined` when there is no store to read, which the writer will explain. */
export function guardWal(path: string): DatabaseSync | undefined {
  if (!existsSync(path)) return undefined;
  const guard = new DatabaseSync(path, { readOnly: true });
  try {
    guard.prepare("SELECT count(*) FROM migration").get();
    return guard;
  } catch {
    guard.close();
    return undefined;
  }
}

/** Sets what durability rests on, and reads back that it holds: several drivers reopen a WAL file with NORMAL. */
export function assertDurable(db: DatabaseSync): void {
  // Automatic checkpoints swallow their errors, and a second attempt may then succeed over lost pages. Ours do not.
  const wanted = { journal_mode: "wal", synchronous: 2, wal_autocheckpoint: 0, secure_delete: 1, cell_size_check: 1, foreign_keys: 0 };
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON");
  db.exec("PRAGMA wal_autocheckpoint = 0; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -32768");
  for (const [name, value] of Object.entries(wanted)) {
    const found = pragma(db, name);
    if (found !== value) throw new OpenlineError("storage", `PRAGMA ${name} is ${String(found)} and must be ${value}`);
  }
}

/** Moves the whole WAL into the database and empties it. `false` when a reader held it back, which only costs space. */
export function truncateWal(db: DatabaseSync): boolean {
  db.exec("PRAGMA busy_timeout = 0");
  const row = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
  db.exec("PRAGMA busy_timeout = 5000");
  return row?.["busy"] === 0;
}

/** The first value of a pragma. */
export function pragma(db: DatabaseSync, name: string): unknown {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

function refuseForeign(db: DatabaseSync, path: string): void {
  let id: unknown;
  try {
    id = pragma(db, "application_id");
  } catch (cause) {
    if (errcodeOf(cause) !== SQLITE_NOTADB) throw cause;
    throw new OpenlineError("not-a-folder", `${path} is no database`, { cause });
  }
  if (id === APPLICATION_ID) return;
  throw new OpenlineError("not-a-folder", `${path} is no store of a node`);
}

function syncFile(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

const SQLITE_BUSY = 5;
const SQLITE_NOTADB = 26;

function errcodeOf(error: unknown): unknown {
  return error instanceof Error && "errcode" in error ? error.errcode : undefined;
}
