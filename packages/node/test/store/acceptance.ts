import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  AssertionError,
  limits,
  parseDigest,
  parseLeafHash,
  parseLogId,
  parseLogIndex,
  parseUnixMillis,
  type LeafHash,
  type LogId,
} from "@openline/core";
import { allEntries, pageMax, tileBytes, type Batch, type Store, type StoredEntry } from "../../src/store/store.ts";

/** One place that a store lives in. `open` is called again after `close` and must find everything. */
export interface Home {
  open(): Promise<Store>;
  remove(): Promise<void>;
}

const a = parseLogId("a".repeat(16));
const b = parseLogId("b".repeat(16));
const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);

export function leafOf(entry: Uint8Array): LeafHash {
  return parseLeafHash(createHash("sha256").update(bytes(1, 0)).update(entry).digest("hex"));
}

/** An entry whose bytes name its place, with `size` bytes in all. */
export function entryAt(log: LogId, index: number, size = 40): StoredEntry {
  const entry = bytes(size, index % 251);
  entry.set(new TextEncoder().encode(`${log}/${index}`));
  return { log, index: parseLogIndex(index), leaf: leafOf(entry), entry };
}

const run = (log: LogId, from: number, to: number): Batch => ({
  entries: Array.from({ length: to - from }, (_, i) => entryAt(log, from + i)),
});

async function collect(store: Store, log: LogId): Promise<StoredEntry[]> {
  const out: StoredEntry[] = [];
  for await (const entry of allEntries(store, log)) out.push(entry);
  return out;
}

/** The store under test, opened in its home. */
class Fixture {
  home: Home;
  store: Store;

  constructor(home: Home, store: Store) {
    this.home = home;
    this.store = store;
  }

  async reopen(): Promise<void> {
    await this.store.close();
    this.store = await this.home.open();
  }
}

async function isBug(at: Fixture, batch: Batch): Promise<void> {
  await expect(at.store.commit(batch)).rejects.toBeInstanceOf(AssertionError);
}

/** Each test asks for its store, which is made before it and removed after it. */
type Use = (title: string, body: (at: Fixture) => Promise<void>) => void;

/** What every store does. Source: the docstrings of `store.ts`. */
export function storeAcceptance(name: string, makeHome: () => Promise<Home>): void {
  const use: Use = (title, body) =>
    test(title, async () => {
      const home = await makeHome();
      const at = new Fixture(home, await home.open());
      try {
        await body(at);
      } finally {
        await at.store.close();
        await home.remove();
      }
    });
  describe(`${name}: the store contract`, () => {
    lifeTests(use);
    appendTests(use);
    besideTests(use);
    objectTests(use);
    readTests(use);
  });
}

/** From empty to closed. */
function lifeTests(use: Use): void {
  use("a new store holds nothing", async (at) => {
    expect(await at.store.size(a)).toBe(0);
    expect(await at.store.logs()).toEqual([]);
    expect(await at.store.entries(a, 0, 10)).toEqual([]);
    expect(await at.store.byLeaf(leafOf(bytes(1, 1)))).toBeUndefined();
    expect(await at.store.tile(a, 0, 0)).toBeUndefined();
    expect(await at.store.latestHead(a)).toBeUndefined();
    expect(await at.store.heads(a, 0, 10)).toEqual([]);
    expect(await at.store.findings(0, 10)).toEqual([]);
    expect(await at.store.meta("x")).toBeUndefined();
    await at.store.commit({});
    expect(await at.store.logs()).toEqual([]);
  });

  use("one batch with everything is there, and there after reopening", async (at) => {
    const first: StoredEntry = { ...entryAt(a, 0), disclosure: bytes(70, 7) };
    const second: StoredEntry = { ...entryAt(a, 1), refusal: "over-rate" };
    const finding = { at: parseUnixMillis(5), code: "fork", log: b, index: parseLogIndex(3), detail: "two heads", bytes: bytes(9, 9) };
    const bare = { at: parseUnixMillis(6), code: "malformed", detail: "no CBOR" };
    const head = { log: a, size: 2, root: bytes(32, 1), checkpoint: bytes(80, 2) };
    await at.store.commit({
      entries: [first, second, entryAt(b, 0)],
      tiles: [{ log: a, level: 0, index: 0, hashes: bytes(tileBytes, 3) }],
      heads: [head],
      findings: [finding, bare],
      meta: [{ key: "k", value: bytes(3, 1) }],
    });
    for (let opened = 0; opened < 2; opened++) {
      expect(await at.store.logs()).toEqual([
        { log: a, size: 2 },
        { log: b, size: 1 },
      ]);
      expect(await at.store.entries(a, 0, 10)).toEqual([first, second]);
      expect(await at.store.byLeaf(second.leaf)).toEqual(second);
      expect(await at.store.tile(a, 0, 0)).toEqual(bytes(tileBytes, 3));
      expect(await at.store.tile(b, 0, 0)).toBeUndefined();
      expect(await at.store.latestHead(a)).toEqual(head);
      expect(await at.store.findings(0, 10)).toEqual([
        { ...finding, number: 1 },
        { ...bare, number: 2 },
      ]);
      expect(await at.store.findings(1, 1)).toEqual([{ ...bare, number: 2 }]);
      expect(await at.store.meta("k")).toEqual(bytes(3, 1));
      await at.reopen();
    }
  });

  use("a closed store rejects everything, and closing again is allowed", async (at) => {
    await at.store.close();
    await at.store.close();
    await expect(at.store.commit(run(a, 0, 1))).rejects.toMatchObject({ code: "storage" });
    await expect(at.store.size(a)).rejects.toMatchObject({ code: "storage" });
    await expect(at.store.bytesFree()).rejects.toMatchObject({ code: "storage" });
    await expect(at.store.entries(a, 0, 1)).rejects.toMatchObject({ code: "storage" });
  });
}

/** Entries and the order of commits. */
function appendTests(use: Use): void {
  use("hundreds of commits at once keep their order, and all stay", async (at) => {
    await Promise.all(
      Array.from({ length: 400 }, (_, i) =>
        at.store.commit(i % 4 === 0 ? run(b, i / 4, i / 4 + 1) : run(a, i - Math.ceil(i / 4), i - Math.ceil(i / 4) + 1)),
      ),
    );
    await at.reopen();
    expect(await at.store.size(b)).toBe(100);
    expect(await collect(at.store, a)).toEqual(run(a, 0, 300).entries);
  });

  use("a commit that is not waited for still comes before the next, and before closing", async (at) => {
    const commits = [at.store.commit(run(a, 0, 3)), at.store.commit(run(a, 3, 5)), at.store.commit(run(a, 5, 6))];
    await at.reopen();
    await Promise.all(commits);
    expect(await at.store.size(a)).toBe(6);
  });

  use("a batch that breaks the rules changes nothing and spoils none beside it", async (at) => {
    const outcomes = await Promise.allSettled([
      at.store.commit(run(a, 0, 2)),
      at.store.commit({
        ...run(a, 2, 3),
        meta: [{ key: "k", value: bytes(1, 1) }],
        tiles: [{ log: a, level: 0, index: 0, hashes: bytes(5, 0) }],
      }),
      at.store.commit(run(a, 2, 4)),
      at.store.commit(run(a, 2, 3)),
      at.store.commit(run(a, 5, 6)),
      at.store.commit(run(a, 4, 5)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected", "rejected", "fulfilled"]);
    await at.reopen();
    expect(await collect(at.store, a)).toEqual(run(a, 0, 5).entries);
    expect(await at.store.meta("k")).toBeUndefined();
  });

  use("an entry has one index, the log's size, and a size it may have", async (at) => {
    await at.store.commit(run(a, 0, 2));
    await isBug(at, run(a, 1, 2));
    await isBug(at, run(a, 3, 4));
    await isBug(at, { entries: [entryAt(a, 2), entryAt(a, 2)] });
    await isBug(at, { entries: [entryAt(a, 2, limits.entryBytesMax + 1)] });
    await isBug(at, { entries: [{ ...entryAt(a, 2), disclosure: bytes(limits.disclosureBytesMax + 1, 0) }] });
    expect(await at.store.size(a)).toBe(2);
  });

  use("the largest entry and disclosure come back whole", async (at) => {
    const big = { ...entryAt(a, 0, limits.entryBytesMax), disclosure: bytes(limits.disclosureBytesMax, 5) };
    await at.store.commit({ entries: [big] });
    await at.reopen();
    expect(await at.store.entries(a, 0, 1)).toEqual([big]);
  });

  use("bytes that are a view into something larger are kept without their surroundings", async (at) => {
    const around = Buffer.from(`before${"x".repeat(30)}after`);
    const view = around.subarray(6, 36);
    await at.store.commit({ entries: [{ ...entryAt(a, 0), entry: view, disclosure: view }] });
    around.fill(0);
    const [kept] = await at.store.entries(a, 0, 1);
    expect(kept?.entry).toEqual(new TextEncoder().encode("x".repeat(30)));
    expect(kept?.disclosure).toEqual(new TextEncoder().encode("x".repeat(30)));
  });
}

/** Attachments. */
function objectTests(use: Use): void {
  use("an object comes in ranges, in any order, and no byte twice", async (at) => {
    const whole = Uint8Array.from({ length: 100 }, (_, i) => i);
    const object = parseDigest(createHash("sha256").update(whole).digest("hex"));
    const range = (from: number, to: number) => ({ object, offset: from, bytes: whole.slice(from, to) });
    await isBug(at, { ranges: [range(0, 10)] });
    await isBug(at, { objects: [{ object, size: limits.objectBytesMax + 1 }] });
    await isBug(at, { objects: [{ object, size: 0 }] });
    await at.store.commit({ objects: [{ object, size: 100 }], ranges: [range(60, 100)] });
    await at.store.commit({ objects: [{ object, size: 100 }], ranges: [range(0, 10)] });
    await isBug(at, { objects: [{ object, size: 101 }] });
    await isBug(at, { ranges: [range(5, 12)] });
    await isBug(at, { ranges: [range(20, 30), range(29, 40)] });
    await isBug(at, { ranges: [{ object, offset: 90, bytes: bytes(20, 1) }] });
    await isBug(at, { whole: [object] });
    await at.reopen();
    expect(await at.store.object(object)).toEqual({
      size: 100,
      whole: false,
      ranges: [
        { from: 0, to: 10 },
        { from: 60, to: 100 },
      ],
    });
    expect(await at.store.objectBytes(object, 70, 80)).toEqual(whole.slice(70, 80));
    expect(await at.store.objectBytes(object, 5, 61)).toBeUndefined();
    expect(await at.store.openObjects(10)).toEqual([{ object, size: 100 }]);
    await at.store.commit({ ranges: [range(10, 30), range(30, 60)], whole: [object] });
    expect(await at.store.objectBytes(object, 0, 100)).toEqual(whole);
    expect(await at.store.objectBytes(object, 25, 65)).toEqual(whole.slice(25, 65));
    expect(await at.store.openObjects(10)).toEqual([]);
    expect(await at.store.objectsSize()).toBe(100);
    expect(await at.store.bytesFree()).toBeGreaterThan(100);
    await at.store.commit({ emptied: [object] });
    await at.reopen();
    expect(await at.store.object(object)).toEqual({ size: 100, whole: false, ranges: [] });
    await at.store.commit({ ranges: [range(0, 100)], whole: [object] });
    expect(await at.store.object(object)).toEqual({ size: 100, whole: true, ranges: [{ from: 0, to: 100 }] });
    expect(await at.store.object(parseDigest("0".repeat(64)))).toBeUndefined();
  });
}

/** What lies beside entries: disclosures, tiles, heads, meta. */
function besideTests(use: Use): void {
  use("a disclosure may come later, once; the same again is fine, another is a bug", async (at) => {
    const place = { log: a, index: parseLogIndex(0) };
    await isBug(at, { disclosures: [{ ...place, disclosure: bytes(9, 1) }] });
    await at.store.commit({ ...run(a, 0, 1), disclosures: [{ ...place, disclosure: bytes(9, 1) }] });
    await at.store.commit({ disclosures: [{ ...place, disclosure: bytes(9, 1) }] });
    await isBug(at, { disclosures: [{ ...place, disclosure: bytes(9, 2) }] });
    await at.store.commit(run(a, 1, 2));
    const next = { log: a, index: parseLogIndex(1) };
    await isBug(at, {
      disclosures: [
        { ...next, disclosure: bytes(1, 1) },
        { ...next, disclosure: bytes(1, 2) },
      ],
    });
    await at.store.commit({ disclosures: [{ ...next, disclosure: bytes(0, 0) }] });
    await at.reopen();
    expect((await collect(at.store, a)).map(({ disclosure }) => disclosure)).toEqual([bytes(9, 1), bytes(0, 0)]);
  });

  use("an erased disclosure is gone for good; the entry stays", async (at) => {
    const place = { log: a, index: parseLogIndex(0) };
    await isBug(at, { erasures: [place] });
    await at.store.commit({ entries: [{ ...entryAt(a, 0), disclosure: bytes(50, 1) }, entryAt(a, 1)] });
    await at.store.commit({ erasures: [place, { log: a, index: parseLogIndex(1) }] });
    await at.store.commit({ erasures: [place], disclosures: [{ ...place, disclosure: bytes(50, 2) }] });
    await at.store.commit({ disclosures: [{ log: a, index: parseLogIndex(1), disclosure: bytes(50, 2) }] });
    await at.reopen();
    expect(await collect(at.store, a)).toEqual(run(a, 0, 2).entries);
  });

  use("a tile is written once; the same again is fine", async (at) => {
    const tile = { log: a, level: 1, index: 4, hashes: bytes(tileBytes, 1) };
    await at.store.commit({ tiles: [tile] });
    await at.store.commit({ tiles: [tile, tile] });
    await isBug(at, { tiles: [{ ...tile, hashes: bytes(tileBytes, 2) }] });
    await isBug(at, { tiles: [{ ...tile, index: 5, hashes: bytes(32, 2) }] });
    expect(await at.store.tile(a, 1, 4)).toEqual(tile.hashes);
  });

  use("heads are kept by size; a second root for one size is a bug", async (at) => {
    const head = (size: number, fill = size) => ({ log: a, size, root: bytes(32, fill), checkpoint: bytes(70, fill) });
    await at.store.commit({ heads: [head(3), head(9), head(5)] });
    await at.store.commit({ heads: [{ ...head(5), checkpoint: bytes(99, 1) }] });
    await isBug(at, { heads: [head(9, 1)] });
    await isBug(at, { heads: [head(10, 1), head(10, 2)] });
    await isBug(at, { heads: [{ ...head(11), root: bytes(31, 0) }] });
    expect(await at.store.latestHead(a)).toEqual(head(9));
    expect(await at.store.heads(a, 4, 10)).toEqual([head(5), head(9)]);
    expect(await at.store.heads(a, 0, 2)).toEqual([head(3), head(5)]);
    expect(await at.store.heads(b, 0, 2)).toEqual([]);
  });

  use("meta: the last value wins, null removes", async (at) => {
    await at.store.commit({
      meta: [
        { key: "k", value: bytes(1, 1) },
        { key: "k", value: bytes(1, 2) },
        { key: "l", value: bytes(0, 0) },
      ],
    });
    expect(await at.store.meta("k")).toEqual(bytes(1, 2));
    expect(await at.store.meta("l")).toEqual(bytes(0, 0));
    await at.store.commit({ meta: [{ key: "k", value: null }] });
    expect(await at.store.meta("k")).toBeUndefined();
  });
}

/** Pages, equal bytes, reading while writing. */
function readTests(use: Use): void {
  use("pages: any start, any length up to the limit", async (at) => {
    await at.store.commit(run(a, 0, 600));
    await at.store.commit(run(b, 0, 2));
    expect((await at.store.entries(a, 590, 50)).map(({ index }) => index)).toEqual([590, 591, 592, 593, 594, 595, 596, 597, 598, 599]);
    expect(await at.store.entries(a, 17, 1)).toEqual([entryAt(a, 17)]);
    expect(await at.store.entries(a, 600, 5)).toEqual([]);
    expect(await at.store.entries(a, 0, 0)).toEqual([]);
    expect(await at.store.entries(a, 2 ** 40, 5)).toEqual([]);
    expect(await collect(at.store, a)).toEqual(run(a, 0, 600).entries);
    await expect(at.store.entries(a, 0, pageMax + 1)).rejects.toBeInstanceOf(AssertionError);
    await expect(at.store.entries(a, -1, 1)).rejects.toBeInstanceOf(AssertionError);
  });

  use("two logs may hold equal bytes", async (at) => {
    const twin = { ...entryAt(a, 0), log: b };
    await at.store.commit({ entries: [entryAt(a, 0), twin] });
    expect((await at.store.byLeaf(twin.leaf))?.entry).toEqual(twin.entry);
  });

  use("reads while writing see whole batches, and what was acknowledged before", async (at) => {
    const progress = { acknowledged: 0 };
    const writing = (async () => {
      for (let i = 0; i < 60; i += 3) {
        await at.store.commit(run(a, i, i + 3));
        progress.acknowledged = i + 3;
      }
    })();
    while (progress.acknowledged < 60) {
      const before = progress.acknowledged;
      const size = await at.store.size(a);
      expect(size).toBeGreaterThanOrEqual(before);
      expect(size % 3).toBe(0);
      const page = await at.store.entries(a, 0, 100);
      expect(page.map(({ index }) => Number(index))).toEqual(page.map((_, i) => i));
    }
    await writing;
  });
}
