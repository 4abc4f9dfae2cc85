import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LogId, parseLogId, parseLogIndex } from "@openline/core";
import { MemoryDisk, MemoryStore } from "../../src/store/memory.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import type { Batch, Store } from "../../src/store/store.ts";
import { entryAt } from "./acceptance.ts";

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "openline-ends-"));
  store = await openSqlite(join(folder, "store.db"));
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

/** What is done to a log: so many entries appended, a body brought or erased, a head kept, something read. */
const step = fc.oneof(
  fc.record({ is: fc.constant("append" as const), count: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ is: fc.constant("disclose" as const), at: fc.nat(60) }),
  fc.record({ is: fc.constant("erase" as const), at: fc.nat(60) }),
  fc.record({ is: fc.constant("head" as const), size: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ is: fc.constant("read" as const), from: fc.nat(80), count: fc.nat(40) }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The same done to the store on disk and to the one in memory, whose every answer is looked up. */
class Beside {
  readonly #log: LogId;
  readonly #model: Store = new MemoryStore(new MemoryDisk());
  #size = 0;

  constructor(log: LogId) {
    this.#log = log;
  }

  async take(item: Step): Promise<void> {
    const log = this.#log;
    if (item.is === "read") return this.read(item.from, item.count);
    if (item.is === "append") {
      await this.#commit({ entries: Array.from({ length: item.count }, (_, i) => entryAt(log, this.#size + i)) });
      this.#size += item.count;
    } else if (item.is === "head")
      await this.#commit({ heads: [{ log, size: item.size, root: bytes(item.size), checkpoint: bytes(item.size) }] });
    else if (item.at < this.#size) {
      const place = { log, index: parseLogIndex(item.at) };
      await this.#commit(item.is === "erase" ? { erasures: [place] } : { disclosures: [{ ...place, disclosure: bytes(item.at) }] });
    }
  }

  async read(from: number, count: number): Promise<void> {
    expect(await store.entries(this.#log, from, count)).toEqual(await this.#model.entries(this.#log, from, count));
    expect(await store.heads(this.#log, from, count)).toEqual(await this.#model.heads(this.#log, from, count));
  }

  async #commit(batch: Batch): Promise<void> {
    await Promise.all([store.commit(batch), this.#model.commit(batch)]);
  }
}

test("what is answered from memory is what the database would say, whatever was done before", async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const beside = new Beside(parseLogId((run++).toString(16).padStart(16, "0")));
      for (const item of steps) await beside.take(item);
      await beside.read(0, 4096);
    }),
    { numRuns: 40 },
  );
});

test("more entries than are kept, and bytes that change after they were handed in", async () => {
  const log = parseLogId("e".repeat(16));
  const given = Array.from({ length: 5000 }, (_, i) => entryAt(log, i));
  for (let at = 0; at < given.length; at += 500) await store.commit({ entries: given.slice(at, at + 500) });
  given.at(-1)?.entry.fill(0);
  expect(await store.entries(log, 4990, 100)).toEqual(Array.from({ length: 10 }, (_, i) => entryAt(log, 4990 + i)));
  expect((await store.entries(log, 0, 4096)).length).toBe(4096);
  expect(await store.entries(log, 5000, 10)).toEqual([]);
});
