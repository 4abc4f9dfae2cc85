import type { DatabaseSync } from "node:sqlite";
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { assert, OpenlineError } from "@openline/core";
import {
  parseOpening,
  parseRequest,
  type Answer,
  type Opening,
  type Question,
  type ReadMethod,
  type StoreReply,
  type StoreRequest,
} from "./sqlite-messages.ts";
import { lockStore, openForReading, openForWriting, truncateWal } from "./sqlite-open.ts";
import { SqliteReader } from "./sqlite-reader.ts";
import { SqliteWriter } from "./sqlite-writer.ts";
import { StoreFiles } from "./store-files.ts";

/** The one thread that touches the database. It answers requests in order; after the first error it answers nothing
 *  more and leaves the database as it is, also unclosed. */
class SqliteThread {
  readonly #port: MessagePort;
  readonly #lock: DatabaseSync | undefined;
  readonly #db: DatabaseSync;
  readonly #files: StoreFiles;
  readonly #reader: SqliteReader;
  readonly #writer: SqliteWriter | undefined;

  constructor(port: MessagePort, { path, readOnly, locked }: Opening) {
    this.#port = port;
    this.#lock = readOnly || locked ? undefined : lockStore(path);
    this.#db = readOnly ? openForReading(path) : openForWriting(path);
    this.#files = new StoreFiles(path);
    this.#reader = new SqliteReader(this.#db);
    this.#writer = readOnly ? undefined : new SqliteWriter(this.#db, this.#reader);
    this.#reply({ kind: "open" });
  }

  handle(request: StoreRequest): void {
    switch (request.kind) {
      case "commit":
        return this.#commit(request.batches);
      case "ask":
        return this.#reply({ kind: "answer", id: request.id, value: answer(this.#reader, this.#files, request.question) });
      case "close":
        return this.#close();
    }
  }

  #commit(batches: Parameters<SqliteWriter["commit"]>[0]): void {
    assert(this.#writer !== undefined, "a store opened for reading never sends a commit");
    this.#files.mustBeThere();
    const outcomes = this.#writer.commit(batches);
    // They may have gone meanwhile: nothing is told to be kept that is not.
    this.#files.mustBeThere();
    this.#reply({ kind: "committed", outcomes });
    this.#writer.tidy();
  }

  #close(): void {
    if (this.#writer !== undefined) truncateWal(this.#db);
    this.#db.close();
    this.#lock?.close();
    this.#reply({ kind: "closed" });
    this.#port.close();
  }

  #reply(reply: StoreReply): void {
    post(this.#port, reply);
  }
}

function answer(reader: SqliteReader, files: StoreFiles, question: Question): Answer<ReadMethod> {
  switch (question.method) {
    case "size":
      return reader.size(...question.args);
    case "logs":
      return reader.logs();
    case "entries":
      return reader.entries(...question.args);
    case "byLeaf":
      return reader.byLeaf(...question.args);
    case "tile":
      return reader.tile(...question.args);
    case "latestHead":
      return reader.latestHead(...question.args);
    case "heads":
      return reader.heads(...question.args);
    case "findings":
      return reader.findings(...question.args);
    case "meta":
      return reader.meta(...question.args);
    case "object":
      return reader.object(...question.args);
    case "objectBytes":
      return reader.objectBytes(...question.args);
    case "openObjects":
      return reader.openObjects(...question.args);
    case "objectsSize":
      return reader.objectsSize();
    case "bytesFree":
      return files.bytesFree();
  }
}

function post(port: MessagePort, reply: StoreReply): void {
  // The rule means windows; a worker's port has no origin.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  port.postMessage(reply);
}

/** Runs `step`; the first error is told once and everything after it is dropped. */
function guarded(port: MessagePort): (step: () => void) => void {
  let failed = false;
  return (step) => {
    if (failed) return;
    try {
      step();
    } catch (error) {
      failed = true;
      const code = error instanceof OpenlineError ? error.code : "storage";
      post(port, { kind: "failed", code, detail: error instanceof Error ? error.message : String(error) });
    }
  };
}

assert(parentPort !== null, "this file runs as a worker");
const port = parentPort;
const guard = guarded(port);
guard(() => {
  const thread = new SqliteThread(port, parseOpening(workerData));
  port.on("message", (message: unknown) => guard(() => thread.handle(parseRequest(message))));
});
