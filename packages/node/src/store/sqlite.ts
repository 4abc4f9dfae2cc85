import { resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { AssertionError, OpenlineError, type Digest, type FaultCode, type LeafHash, type LogId, type Range } from "@openline/core";
import { checkPage } from "./check.ts";
import {
  packed,
  parseAnswer,
  parseQuestion,
  parseReply,
  type Answer,
  type Arguments,
  type Opening,
  type ReadMethod,
  type StoreReply,
  type StoreRequest,
} from "./sqlite-messages.ts";
import { LogEnds } from "./log-ends.ts";
import { guardWal } from "./sqlite-open.ts";
import type { Batch, Store, StoredEntry, StoredFinding, StoredHead, StoredObject } from "./store.ts";

/** Opens the store in the file `path`, or makes one. One process at a time. Rejects with `OpenlineError`: "folder-in-use",
 *  "not-a-folder" (a file that is no store), "damaged", "usage" (written by a newer version) or "storage". `locked`: the caller holds
 *  the lock (`lockStore`) until the store is closed. */
export async function openSqlite(path: string, { locked = false }: { readonly locked?: boolean } = {}): Promise<Store> {
  return SqliteStore.open({ path: resolve(path), readOnly: false, locked });
}

/** Opens the store in the file `path` for reading, also while another process writes it or when the disk is read-only.
 *  Takes no lock and creates nothing. `commit` rejects with `OpenlineError("usage")`. Rejects as `openSqlite`. */
export async function openSqliteReadOnly(path: string): Promise<Store> {
  return SqliteStore.open({ path: resolve(path), readOnly: true, locked: false });
}

/** Most batches in one transaction, so that none waits for an endless one. */
const GROUP_MAX = 1024;

interface Waiting {
  readonly batch: Batch;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

interface Asked {
  readonly resolve: (value: Answer<ReadMethod>) => void;
  readonly reject: (error: Error) => void;
}

/** This thread's half: gathers batches into groups and hands requests to the worker. While one group is being written the
 *  next one gathers; there is no timer. */
class SqliteStore implements Store {
  readonly #worker: Worker;
  readonly #opening: Opening;
  #guard: DatabaseSync | undefined;
  #waiting: Waiting[] = [];
  readonly #sent: Waiting[][] = [];
  #flushPlanned = false;
  readonly #asked = new Map<number, Asked>();
  readonly #ends = new LogEnds();
  #askedCount = 0;
  #isOpen = false;
  #failed: OpenlineError | undefined;
  #closing: Promise<void> | undefined;
  readonly #opened = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();

  private constructor(opening: Opening) {
    this.#opening = opening;
    // Run from source the worker strips types itself, and finds the other packages' sources under the same condition.
    const fromSource = import.meta.url.endsWith(".ts");
    this.#worker = new Worker(new URL(`./sqlite-worker${fromSource ? ".ts" : ".js"}`, import.meta.url), {
      workerData: opening,
      ...(fromSource && { execArgv: ["--conditions=openline-source"] }),
    });
    this.#worker.on("message", (message: unknown) => this.#receive(parseReply(message)));
    this.#worker.on("error", (error) => this.#fail("storage", String(error)));
    this.#worker.on("exit", () => {
      this.#fail("storage", "the store is closed");
      // Not before: only now has the worker let go of the lock, and the caller may open again.
      if (this.#failed !== undefined) this.#opened.reject(this.#failed);
    });
  }

  static async open(opening: Opening): Promise<Store> {
    // Opening an existing store may already move its WAL into the database, so the guard must be there before the worker.
    const guard = opening.readOnly ? undefined : guardWal(opening.path);
    const store = new SqliteStore(opening);
    try {
      await store.#opened.promise;
      store.#guard = opening.readOnly ? undefined : (guard ?? guardWal(opening.path));
      return store;
    } catch (error) {
      if (error instanceof OpenlineError && error.code !== "storage") guard?.close();
      throw error;
    }
  }

  commit(batch: Batch): Promise<void> {
    if (this.#opening.readOnly) return Promise.reject(new OpenlineError("usage", "the store was opened for reading"));
    return new Promise((resolve, reject) => {
      if (this.#refuseCall(reject)) return;
      this.#waiting.push({ batch, resolve, reject });
      this.#planFlush();
    });
  }

  size(log: LogId): Promise<number> {
    return this.#ask("size", [log]);
  }

  logs(): Promise<readonly { readonly log: LogId; readonly size: number }[]> {
    return this.#ask("logs", []);
  }

  async entries(log: LogId, from: number, count: number): Promise<readonly StoredEntry[]> {
    checkPage(from, count);
    return this.#fromMemory((ends) => ends.entries(log, from, count)) ?? this.#ask("entries", [log, from, count]);
  }

  byLeaf(leaf: LeafHash): Promise<StoredEntry | undefined> {
    return this.#ask("byLeaf", [leaf]);
  }

  tile(log: LogId, level: number, index: number): Promise<Uint8Array | undefined> {
    return this.#ask("tile", [log, level, index]);
  }

  latestHead(log: LogId): Promise<StoredHead | undefined> {
    return this.#ask("latestHead", [log]);
  }

  async heads(log: LogId, fromSize: number, count: number): Promise<readonly StoredHead[]> {
    checkPage(fromSize, count);
    const known = this.#fromMemory((ends) => ends.heads(log, fromSize, count));
    if (known !== undefined) return known;
    const heads = await this.#ask("heads", [log, fromSize, count]);
    // Answers and commits come back in order, so nothing has been committed since that is not in it or still to come.
    if (heads.length < count && !this.#opening.readOnly) this.#ends.seen(log, fromSize, heads);
    return heads;
  }

  async findings(after: number, count: number): Promise<readonly StoredFinding[]> {
    checkPage(after, count);
    return this.#ask("findings", [after, count]);
  }

  meta(key: string): Promise<Uint8Array | undefined> {
    return this.#ask("meta", [key]);
  }

  object(object: Digest): Promise<{ readonly size: number; readonly whole: boolean; readonly ranges: readonly Range[] } | undefined> {
    return this.#ask("object", [object]);
  }

  objectBytes(object: Digest, from: number, to: number): Promise<Uint8Array | undefined> {
    return this.#ask("objectBytes", [object, from, to]);
  }

  async openObjects(count: number): Promise<readonly StoredObject[]> {
    checkPage(0, count);
    return this.#ask("openObjects", [count]);
  }

  objectsSize(): Promise<number> {
    return this.#ask("objectsSize", []);
  }

  bytesFree(): Promise<number> {
    return this.#ask("bytesFree", []);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // A failed store stays open until the process ends: closing it would write. See `guardWal`.
    if (this.#failed !== undefined) return;
    while (this.#waiting.length > 0) this.#sendGroup();
    this.#send({ kind: "close" });
    await this.#closed.promise;
    this.#guard?.close();
  }

  /** A store that has failed or is closed answers nothing. */
  #fromMemory<T>(read: (ends: LogEnds) => T | undefined): T | undefined {
    return this.#failed === undefined && this.#closing === undefined ? read(this.#ends) : undefined;
  }

  #ask<M extends ReadMethod>(method: M, args: Arguments<M>): Promise<Answer<M>> {
    return new Promise((resolve, reject) => {
      if (this.#refuseCall(reject)) return;
      const id = this.#askedCount++;
      this.#asked.set(id, { resolve: (value) => resolve(parseAnswer<M>(value)), reject });
      this.#send({ kind: "ask", id, question: parseQuestion(method, args) });
    });
  }

  #refuseCall(reject: (error: Error) => void): boolean {
    if (this.#failed !== undefined) reject(this.#failed);
    else if (this.#closing !== undefined) reject(new OpenlineError("storage", "the store is closed"));
    else return false;
    return true;
  }

  /** Waits for the end of the current microtasks, so that callers woken by the last group travel together in the next. */
  #planFlush(): void {
    if (this.#flushPlanned || this.#sent.length > 0) return;
    this.#flushPlanned = true;
    queueMicrotask(() => {
      this.#flushPlanned = false;
      if (this.#sent.length === 0 && this.#waiting.length > 0 && this.#failed === undefined) this.#sendGroup();
    });
  }

  #sendGroup(): void {
    const group = this.#waiting.splice(0, GROUP_MAX);
    this.#sent.push(group);
    const { batches, buffer } = packed(group.map(({ batch }) => batch));
    this.#send({ kind: "commit", batches }, [buffer]);
  }

  #send(request: StoreRequest, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, transfer);
  }

  #receive(reply: StoreReply): void {
    switch (reply.kind) {
      case "open":
        this.#isOpen = true;
        return this.#opened.resolve();
      case "committed":
        return this.#settleGroup(reply.outcomes);
      case "answer":
        this.#asked.get(reply.id)?.resolve(reply.value);
        this.#asked.delete(reply.id);
        return;
      case "closed":
        return this.#closed.resolve();
      case "failed":
        return this.#fail(reply.code, reply.detail);
    }
  }

  #settleGroup(outcomes: readonly (string | null)[]): void {
    const group = this.#sent.shift() ?? [];
    group.forEach(({ batch, resolve, reject }, i) => {
      const broken = outcomes[i];
      if (typeof broken === "string") return reject(new AssertionError(broken));
      this.#ends.committed(batch);
      resolve();
    });
    this.#planFlush();
  }

  /** For good. Only an opening that failed keeps its own code; once open, every error is one of storage. */
  #fail(code: FaultCode, detail: string): void {
    if (this.#failed !== undefined) return;
    const error = new OpenlineError(this.#isOpen ? "storage" : code, detail);
    this.#failed = error;
    for (const { reject } of [...this.#sent.flat(), ...this.#waiting, ...this.#asked.values()]) reject(error);
    this.#sent.length = 0;
    this.#waiting = [];
    this.#asked.clear();
    this.#closed.resolve();
    if (this.#isOpen) this.#worker.unref();
  }
}
