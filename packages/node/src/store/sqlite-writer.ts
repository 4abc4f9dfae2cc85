import type { DatabaseSync, StatementSync } from "node:sqlite";
import { AssertionError, type LogId } from "@openline/core";
import { checkBatch } from "./check.ts";
import { metaDigest, placeOf } from "./schema.ts";
import { lengthOf } from "./sqlite-messages.ts";
import { truncateWal } from "./sqlite-open.ts";
import { SqliteReader } from "./sqlite-reader.ts";
import type { Batch, StoredEntry } from "./store.ts";

/** About 8 MB of 4,096-byte pages: long enough that most commits cost one sync, short enough that reopening is quick. */
const WAL_PAGES = 2000;
const PAGE_BYTES = 4096;
/** Pages that one row changes: its own, one of an index, and now and then those above them. */
const ROW_PAGES = 3;
/** Asking how long the WAL is takes SQLite a third of a millisecond, for it sorts all of it: it is asked once so much may have come. */
const ASK_PAGES = WAL_PAGES / 4;

/** The writing half over one open database, synchronous. After anything it throws nothing more may be run on it. */
export class SqliteWriter {
  readonly #db: DatabaseSync;
  readonly #reader: SqliteReader;
  readonly #sizes = new Map<LogId, number>();
  readonly #addLog: StatementSync;
  readonly #entry: StatementSync;
  readonly #disclosure: StatementSync;
  readonly #erasure: StatementSync;
  readonly #tile: StatementSync;
  readonly #head: StatementSync;
  readonly #finding: StatementSync;
  readonly #meta: StatementSync;
  readonly #metaGone: StatementSync;
  readonly #addObject: StatementSync;
  readonly #range: StatementSync;
  readonly #whole: StatementSync;
  readonly #emptied: StatementSync;
  readonly #noRanges: StatementSync;
  readonly #walPages: StatementSync;
  readonly #checkpoint: StatementSync;
  /** Erased bytes may still lie in the WAL. */
  #scrub = false;
  /** At most so many pages have come into the WAL since its length was asked for. A store that was just opened has none. */
  #pages = 0;

  constructor(db: DatabaseSync, reader: SqliteReader) {
    this.#db = db;
    this.#reader = reader;
    this.#addLog = db.prepare("INSERT INTO log (id) VALUES (?)");
    this.#entry = db.prepare("INSERT INTO entry (place, leaf, bytes, refusal) VALUES (?, ?, ?, ?)");
    this.#disclosure = db.prepare("INSERT INTO disclosure (place, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING");
    this.#erasure = db.prepare("INSERT INTO disclosure (place, bytes) VALUES (?, NULL) ON CONFLICT (place) DO UPDATE SET bytes = NULL");
    this.#tile = db.prepare("INSERT INTO tile (log, level, idx, hashes) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
    this.#head = db.prepare("INSERT INTO head (log, size, root, checkpoint) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
    this.#finding = db.prepare("INSERT INTO finding (at, code, log, idx, detail, bytes) VALUES (?, ?, ?, ?, ?, ?)");
    this.#meta = db.prepare(
      "INSERT INTO meta (key, value, digest) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, digest = excluded.digest",
    );
    this.#metaGone = db.prepare("DELETE FROM meta WHERE key = ?");
    this.#addObject = db.prepare("INSERT INTO object (name, size) VALUES (?, ?) ON CONFLICT DO NOTHING");
    this.#range = db.prepare("INSERT INTO object_range (object, start, end, bytes) SELECT number, ?, ?, ? FROM object WHERE name = ?");
    this.#whole = db.prepare("UPDATE object SET whole = 1 WHERE name = ?");
    this.#emptied = db.prepare("UPDATE object SET whole = 0 WHERE name = ?");
    this.#noRanges = db.prepare("DELETE FROM object_range WHERE object = (SELECT number FROM object WHERE name = ?)");
    this.#walPages = db.prepare("PRAGMA wal_checkpoint(NOOP)");
    this.#checkpoint = db.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  }

  /** One transaction for all batches, in order, synced when it returns. Returns for each batch why it broke the rules and
   *  was left out, or `null`. Throws when the transaction failed. */
  commit(batches: readonly Batch[]): (string | null)[] {
    this.#db.exec("BEGIN IMMEDIATE");
    const outcomes = batches.map((batch) => {
      const broken = this.#brokenRule(batch);
      if (broken === null) this.#apply(batch);
      return broken;
    });
    this.#db.exec("COMMIT");
    for (const batch of batches) this.#pages += pagesOf(batch);
    return outcomes;
  }

  /** Moves the WAL into the database when it has grown, or when it may hold erased bytes. To be called after the answer
   *  to a commit has left. */
  tidy(): void {
    if (this.#scrub) this.#scrub = !truncateWal(this.#db);
    if (this.#pages < ASK_PAGES) return;
    this.#pages = 0;
    const row = this.#walPages.get();
    if (Number(row?.["log"]) - Number(row?.["checkpointed"]) >= WAL_PAGES) this.#checkpoint.get();
  }

  #brokenRule(batch: Batch): string | null {
    try {
      checkBatch(batch, {
        size: (log) => this.#size(log),
        disclosure: (log, index) => this.#reader.disclosure(log, index),
        tile: (log, level, index) => this.#reader.tile(log, level, index),
        headRoot: (log, size) => this.#reader.headRoot(log, size),
        knownObject: (object) => this.#reader.knownObject(object),
        bytesIn: (object, from, to) => this.#reader.bytesIn(object, from, to),
      });
      return null;
    } catch (error) {
      if (error instanceof AssertionError) return error.message;
      throw error;
    }
  }

  #apply(batch: Batch): void {
    for (const entry of batch.entries ?? []) this.#append(entry);
    for (const { log, index, disclosure } of batch.disclosures ?? []) this.#disclosure.run(placeOf(this.#number(log), index), disclosure);
    for (const { log, index } of batch.erasures ?? []) this.#erasure.run(placeOf(this.#number(log), index));
    if (batch.erasures?.length) this.#scrub = true;
    for (const { log, level, index, hashes } of batch.tiles ?? []) this.#tile.run(this.#number(log), level, index, hashes);
    for (const { log, size, root, checkpoint } of batch.heads ?? []) this.#head.run(this.#number(log), size, root, checkpoint);
    for (const { at, code, log, index, detail, bytes } of batch.findings ?? [])
      this.#finding.run(at, code, log === undefined ? null : Buffer.from(log, "hex"), index ?? null, detail, bytes ?? null);
    this.#applyObjects(batch);
    for (const { key, value } of batch.meta ?? []) {
      if (value === null) this.#metaGone.run(key);
      else this.#meta.run(key, value, metaDigest(key, value));
    }
  }

  #applyObjects({ objects, ranges, whole, emptied }: Batch): void {
    for (const { object, size } of objects ?? []) this.#addObject.run(Buffer.from(object, "hex"), size);
    for (const { object, offset, bytes } of ranges ?? []) this.#range.run(offset, offset + bytes.length, bytes, Buffer.from(object, "hex"));
    for (const object of whole ?? []) this.#whole.run(Buffer.from(object, "hex"));
    for (const object of emptied ?? []) {
      this.#emptied.run(Buffer.from(object, "hex"));
      this.#noRanges.run(Buffer.from(object, "hex"));
    }
  }

  #append({ log, index, leaf, entry, disclosure, refusal }: StoredEntry): void {
    const place = placeOf(this.#number(log), index);
    this.#entry.run(place, Buffer.from(leaf, "hex"), entry, refusal ?? null);
    if (disclosure !== undefined) this.#disclosure.run(place, disclosure);
    this.#sizes.set(log, index + 1);
  }

  #size(log: LogId): number {
    const known = this.#sizes.get(log);
    if (known !== undefined) return known;
    const size = this.#reader.size(log);
    this.#sizes.set(log, size);
    return size;
  }

  #number(log: LogId): number {
    const known = this.#reader.number(log);
    return known ?? Number(this.#addLog.run(Buffer.from(log, "hex")).lastInsertRowid);
  }
}

const pagesOf = (batch: Batch): number => lengthOf(batch) / PAGE_BYTES + ROW_PAGES * (1 + (batch.entries?.length ?? 0));
