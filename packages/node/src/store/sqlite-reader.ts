import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import {
  equalBytes,
  OpenlineError,
  parseDigest,
  parseLeafHash,
  parseLogId,
  parseLogIndex,
  parseUnixMillis,
  REFUSAL_CODES,
  type Digest,
  type LeafHash,
  type LogId,
  type Range,
  withRange,
} from "@openline/core";
import { metaDigest, placeOf } from "./schema.ts";
import type { StoredEntry, StoredFinding, StoredHead, StoredObject } from "./store.ts";

const INDEX_MAX = 2 ** 32 - 1;

type Row = Record<string, SQLOutputValue>;

/** The reading half of the port over one open database, synchronous. Throws what `node:sqlite` throws, and
 *  `OpenlineError("damaged")` when a row is not what was written. */
export class SqliteReader {
  readonly #numbers = new Map<LogId, number>();
  readonly #number: StatementSync;
  readonly #size: StatementSync;
  readonly #logs: StatementSync;
  readonly #nextPlace: StatementSync;
  readonly #entries: StatementSync;
  readonly #byLeaf: StatementSync;
  readonly #disclosure: StatementSync;
  readonly #tile: StatementSync;
  readonly #head: StatementSync;
  readonly #latestHead: StatementSync;
  readonly #heads: StatementSync;
  readonly #findings: StatementSync;
  readonly #meta: StatementSync;
  readonly #object: StatementSync;
  readonly #rangesOf: StatementSync;
  readonly #rangesIn: StatementSync;
  readonly #bytesIn: StatementSync;
  readonly #openObjects: StatementSync;
  readonly #objectsSize: StatementSync;

  constructor(db: DatabaseSync) {
    const entry = `SELECT log.id AS log, entry.idx, leaf, entry.bytes, refusal, disclosure.bytes AS disclosure FROM entry
      JOIN log ON log.number = entry.log LEFT JOIN disclosure ON disclosure.place = entry.place`;
    this.#number = db.prepare("SELECT number FROM log WHERE id = ?");
    this.#size = db.prepare("SELECT max(place) - ? + 1 AS size FROM entry WHERE place BETWEEN ? AND ?");
    this.#logs = db.prepare("SELECT id AS log FROM log ORDER BY id");
    this.#nextPlace = db.prepare("SELECT min(place) AS place FROM entry WHERE place >= ?");
    this.#entries = db.prepare(`${entry} WHERE entry.place BETWEEN ? AND ? ORDER BY entry.place`);
    this.#byLeaf = db.prepare(`${entry} WHERE leaf = ? LIMIT 1`);
    this.#disclosure = db.prepare("SELECT bytes FROM disclosure WHERE place = ?");
    this.#tile = db.prepare("SELECT hashes FROM tile WHERE log = ? AND level = ? AND idx = ?");
    this.#head = db.prepare("SELECT root FROM head WHERE log = ? AND size = ?");
    this.#latestHead = db.prepare("SELECT size, root, checkpoint FROM head WHERE log = ? ORDER BY size DESC LIMIT 1");
    this.#heads = db.prepare("SELECT size, root, checkpoint FROM head WHERE log = ? AND size >= ? ORDER BY size LIMIT ?");
    this.#findings = db.prepare("SELECT * FROM finding WHERE number > ? ORDER BY number LIMIT ?");
    this.#meta = db.prepare("SELECT value, digest FROM meta WHERE key = ?");
    this.#object = db.prepare("SELECT number, size, whole FROM object WHERE name = ?");
    this.#rangesOf = db.prepare("SELECT start, end FROM object_range WHERE object = ? ORDER BY start");
    this.#rangesIn = db.prepare("SELECT start, bytes FROM object_range WHERE object = ? AND start < ? AND end > ? ORDER BY start");
    this.#bytesIn = db.prepare(
      "SELECT coalesce(sum(min(end, ?3) - max(start, ?2)), 0) AS bytes FROM object_range WHERE object = ?1 AND start < ?3 AND end > ?2",
    );
    this.#openObjects = db.prepare("SELECT name, size FROM object WHERE whole = 0 ORDER BY number LIMIT ?");
    this.#objectsSize = db.prepare("SELECT coalesce(sum(size), 0) AS size FROM object");
  }

  /** The number that stands for a log inside this database; `undefined` before its first row. */
  number(log: LogId): number | undefined {
    const known = this.#numbers.get(log);
    if (known !== undefined) return known;
    const row = this.#number.get(Buffer.from(log, "hex"));
    if (row === undefined) return undefined;
    const number = numberIn(row, "number");
    this.#numbers.set(log, number);
    return number;
  }

  size(log: LogId): number {
    const number = this.number(log);
    if (number === undefined) return 0;
    const first = placeOf(number, 0);
    const size = this.#size.get(first, first, placeOf(number, INDEX_MAX))?.["size"];
    return typeof size === "number" ? size : 0;
  }

  logs(): readonly { readonly log: LogId; readonly size: number }[] {
    const all = this.#logs.all().map((row) => logIn(row));
    const known = new Set(all.map((log) => this.number(log)));
    for (const number of this.#numbersOfEntries()) if (!known.has(number)) return damaged("log number");
    return all.map((log) => ({ log, size: this.size(log) })).filter(({ size }) => size > 0);
  }

  /** Of every log that has entries, rising: each is found by one step in the tree. */
  *#numbersOfEntries(): Generator<number, void, void> {
    for (let from = 0; ;) {
      const place = this.#nextPlace.get(from)?.["place"];
      if (typeof place !== "number") return;
      const number = Math.floor(place / 2 ** 32);
      yield number;
      from = placeOf(number, INDEX_MAX) + 1;
    }
  }

  entries(log: LogId, from: number, count: number): readonly StoredEntry[] {
    const number = this.number(log);
    if (number === undefined || count === 0 || from > INDEX_MAX) return [];
    const last = Math.min(from + count - 1, INDEX_MAX);
    return this.#entries.all(placeOf(number, from), placeOf(number, last)).map(entryIn);
  }

  byLeaf(leaf: LeafHash): StoredEntry | undefined {
    const row = this.#byLeaf.get(Buffer.from(leaf, "hex"));
    return row && entryIn(row);
  }

  disclosure(log: LogId, index: number): Uint8Array | "erased" | undefined {
    const number = this.number(log);
    const row = number === undefined ? undefined : this.#disclosure.get(placeOf(number, index));
    if (row === undefined) return undefined;
    return row["bytes"] === null ? "erased" : bytesIn(row, "bytes");
  }

  tile(log: LogId, level: number, index: number): Uint8Array | undefined {
    const number = this.number(log);
    const row = number === undefined ? undefined : this.#tile.get(number, level, index);
    return row && bytesIn(row, "hashes");
  }

  headRoot(log: LogId, size: number): Uint8Array | undefined {
    const number = this.number(log);
    const row = number === undefined ? undefined : this.#head.get(number, size);
    return row && bytesIn(row, "root");
  }

  latestHead(log: LogId): StoredHead | undefined {
    const number = this.number(log);
    const row = number === undefined ? undefined : this.#latestHead.get(number);
    return row && headIn(log, row);
  }

  heads(log: LogId, fromSize: number, count: number): readonly StoredHead[] {
    const number = this.number(log);
    return number === undefined ? [] : this.#heads.all(number, fromSize, count).map((row) => headIn(log, row));
  }

  findings(after: number, count: number): readonly StoredFinding[] {
    return this.#findings.all(after, count).map(findingIn);
  }

  knownObject(object: Digest): { readonly number: number; readonly size: number; readonly whole: boolean } | undefined {
    const row = this.#object.get(Buffer.from(object, "hex"));
    return row && { number: numberIn(row, "number"), size: numberIn(row, "size"), whole: row["whole"] === 1 };
  }

  object(object: Digest): { readonly size: number; readonly whole: boolean; readonly ranges: readonly Range[] } | undefined {
    const known = this.knownObject(object);
    if (known === undefined) return undefined;
    let ranges: readonly Range[] = [];
    for (const row of this.#rangesOf.all(known.number))
      ranges = withRange(ranges, { from: numberIn(row, "start"), to: numberIn(row, "end") });
    return { size: known.size, whole: known.whole, ranges };
  }

  bytesIn(object: Digest, from: number, to: number): number {
    const known = this.knownObject(object);
    const row = known === undefined ? undefined : this.#bytesIn.get(known.number, from, to);
    return row === undefined ? 0 : numberIn(row, "bytes");
  }

  objectBytes(object: Digest, from: number, to: number): Uint8Array | undefined {
    const known = this.knownObject(object);
    if (known === undefined || to <= from || this.bytesIn(object, from, to) !== to - from) return undefined;
    const out = new Uint8Array(to - from);
    for (const row of this.#rangesIn.all(known.number, to, from)) {
      const start = numberIn(row, "start");
      out.set(bytesIn(row, "bytes").subarray(Math.max(0, from - start), to - start), Math.max(0, start - from));
    }
    return out;
  }

  openObjects(count: number): readonly StoredObject[] {
    return this.#openObjects.all(count).map((row) => ({ object: parseDigest(hexIn(row, "name")), size: numberIn(row, "size") }));
  }

  objectsSize(): number {
    const row = this.#objectsSize.get();
    return row === undefined ? 0 : numberIn(row, "size");
  }

  meta(key: string): Uint8Array | undefined {
    const row = this.#meta.get(key);
    if (row === undefined) return undefined;
    const value = bytesIn(row, "value");
    // Null where an older version wrote it.
    if (row["digest"] !== null && !equalBytes(bytesIn(row, "digest"), metaDigest(key, value))) return damaged(`meta ${key}`);
    return value;
  }
}

function entryIn(row: Row): StoredEntry {
  const { disclosure, refusal } = row;
  return {
    log: logIn(row),
    index: parseLogIndex(numberIn(row, "idx")),
    leaf: parseLeafHash(hexIn(row, "leaf")),
    entry: bytesIn(row, "bytes"),
    ...(disclosure instanceof Uint8Array && { disclosure }),
    ...(refusal !== null && { refusal: REFUSAL_CODES.find((code) => code === refusal) ?? damaged("refusal") }),
  };
}

function headIn(log: LogId, row: Row): StoredHead {
  return { log, size: numberIn(row, "size"), root: bytesIn(row, "root"), checkpoint: bytesIn(row, "checkpoint") };
}

function findingIn(row: Row): StoredFinding {
  return {
    number: numberIn(row, "number"),
    at: parseUnixMillis(numberIn(row, "at")),
    code: textIn(row, "code"),
    ...(row["log"] !== null && { log: logIn(row) }),
    ...(row["idx"] !== null && { index: parseLogIndex(numberIn(row, "idx")) }),
    detail: textIn(row, "detail"),
    ...(row["bytes"] !== null && { bytes: bytesIn(row, "bytes") }),
  };
}

const logIn = (row: Row): LogId => parseLogId(hexIn(row, "log"));

function bytesIn(row: Row, column: string): Uint8Array {
  const value = row[column];
  return value instanceof Uint8Array ? value : damaged(column);
}

function hexIn(row: Row, column: string): string {
  const bytes = bytesIn(row, column);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}

function numberIn(row: Row, column: string): number {
  const value = row[column];
  return typeof value === "number" ? value : damaged(column);
}

function textIn(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : damaged(column);
}

function damaged(column: string): never {
  throw new OpenlineError("damaged", `a stored row has a ${column} that was never written`);
}
