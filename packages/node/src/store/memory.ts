import { OpenlineError, type Digest, type LeafHash, type LogId, type Range, withRange } from "@openline/core";
import { checkBatch, checkPage, copyOf } from "./check.ts";
import type { Batch, Finding, Store, StoredEntry, StoredFinding, StoredHead, StoredObject, StoredRange } from "./store.ts";

/** How a test makes a commit fail: nothing of it is kept, or all of it is kept and the caller is not told. */
export type CommitFault = "failed" | "failed but persisted";

/** The rules of a store without a disk: for tests and the simulator. Durable as long as the `Disk` it was made with is. */
export class MemoryStore implements Store {
  readonly #disk: MemoryDisk;
  #failed: OpenlineError | undefined;

  /** Several stores over one disk are one store opened several times, one after the other. */
  constructor(disk: MemoryDisk = new MemoryDisk()) {
    this.#disk = disk;
  }

  async commit(batch: Batch): Promise<void> {
    this.#live();
    checkBatch(batch, this.#disk);
    const fault = this.#disk.nextFault();
    if (fault !== "failed") this.#disk.apply(batch);
    if (fault === undefined) return;
    this.#failed = new OpenlineError("storage", `commit ${fault}, as the test asked`);
    throw this.#failed;
  }

  async size(log: LogId): Promise<number> {
    return this.#live().size(log);
  }

  async logs(): Promise<readonly { readonly log: LogId; readonly size: number }[]> {
    const sizes = [...this.#live().entries].map(([log, entries]) => ({ log, size: entries.length }));
    return sizes.toSorted((a, b) => (a.log < b.log ? -1 : 1));
  }

  async entries(log: LogId, from: number, count: number): Promise<readonly StoredEntry[]> {
    checkPage(from, count);
    const disk = this.#live();
    return (disk.entries.get(log) ?? []).slice(from, from + count).map((entry) => disk.withDisclosure(entry));
  }

  async byLeaf(leaf: LeafHash): Promise<StoredEntry | undefined> {
    const disk = this.#live();
    const entry = disk.leaves.get(leaf);
    return entry && disk.withDisclosure(entry);
  }

  async tile(log: LogId, level: number, index: number): Promise<Uint8Array | undefined> {
    return this.#live().tile(log, level, index);
  }

  async latestHead(log: LogId): Promise<StoredHead | undefined> {
    return this.#live().headsOf(log).at(-1);
  }

  async heads(log: LogId, fromSize: number, count: number): Promise<readonly StoredHead[]> {
    checkPage(fromSize, count);
    const disk = this.#live();
    const first = disk.firstHead(log, fromSize);
    return disk.headsOf(log).slice(first, first + count);
  }

  async findings(after: number, count: number): Promise<readonly StoredFinding[]> {
    checkPage(after, count);
    return this.#live().findings.slice(after, after + count);
  }

  async meta(key: string): Promise<Uint8Array | undefined> {
    return this.#live().meta.get(key);
  }

  async object(object: Digest): Promise<{ readonly size: number; readonly whole: boolean; readonly ranges: readonly Range[] } | undefined> {
    const disk = this.#live();
    const known = disk.objects.get(object);
    return known && { size: known.size, whole: known.whole, ranges: disk.rangesOf(object) };
  }

  async objectBytes(object: Digest, from: number, to: number): Promise<Uint8Array | undefined> {
    const disk = this.#live();
    if (to <= from || disk.bytesIn(object, from, to) !== to - from) return undefined;
    const out = new Uint8Array(to - from);
    for (const { offset, bytes } of disk.objects.get(object)?.parts ?? []) {
      const part = bytes.subarray(Math.max(0, from - offset), Math.max(0, to - offset));
      if (part.length > 0) out.set(part, Math.max(0, offset - from));
    }
    return out;
  }

  async openObjects(count: number): Promise<readonly StoredObject[]> {
    checkPage(0, count);
    const open = [...this.#live().objects].filter(([, { whole }]) => !whole);
    return open.slice(0, count).map(([object, { size }]) => ({ object, size }));
  }

  async objectsSize(): Promise<number> {
    return [...this.#live().objects.values()].reduce((sum, { size }) => sum + size, 0);
  }

  async bytesFree(): Promise<number> {
    return this.#live().bytesFree;
  }

  async close(): Promise<void> {
    this.#failed ??= new OpenlineError("storage", "the store is closed");
  }

  #live(): MemoryDisk {
    if (this.#failed !== undefined) throw this.#failed;
    return this.#disk;
  }
}

/** What stays when a `MemoryStore` is dropped and opened again, and where a test plans its faults. */
export class MemoryDisk {
  readonly entries = new Map<LogId, StoredEntry[]>();
  readonly leaves = new Map<LeafHash, StoredEntry>();
  readonly findings: StoredFinding[] = [];
  readonly meta = new Map<string, Uint8Array>();
  /** What it says that it has left. */
  bytesFree = Infinity;
  readonly objects = new Map<Digest, { readonly size: number; whole: boolean; parts: StoredRange[] }>();
  /** By log and index. */
  readonly #disclosures = new Map<LogId, Map<number, Uint8Array | "erased">>();
  readonly #tiles = new Map<string, Uint8Array>();
  readonly #heads = new Map<LogId, StoredHead[]>();
  #fault: { after: number; fault: CommitFault } | undefined;

  /** Makes the `n`-th commit from now fail, 1 being the next. A batch that breaks the rules does not count. */
  failCommit(n: number, fault: CommitFault): void {
    this.#fault = { after: n, fault };
  }

  nextFault(): CommitFault | undefined {
    if (this.#fault === undefined || --this.#fault.after > 0) return undefined;
    const { fault } = this.#fault;
    this.#fault = undefined;
    return fault;
  }

  size(log: LogId): number {
    return this.entries.get(log)?.length ?? 0;
  }

  disclosure(log: LogId, index: number): Uint8Array | "erased" | undefined {
    return this.#disclosures.get(log)?.get(index);
  }

  tile(log: LogId, level: number, index: number): Uint8Array | undefined {
    return this.#tiles.get(`${log}/${level}/${index}`);
  }

  headRoot(log: LogId, size: number): Uint8Array | undefined {
    const head = this.headsOf(log)[this.firstHead(log, size)];
    return head?.size === size ? head.root : undefined;
  }

  /** In order of size. */
  headsOf(log: LogId): readonly StoredHead[] {
    return this.#heads.get(log) ?? [];
  }

  /** Where the heads of `size` entries or more begin: nearly always among the last ones. */
  firstHead(log: LogId, size: number): number {
    return this.headsOf(log).findLastIndex((head) => head.size < size) + 1;
  }

  knownObject(object: Digest): { readonly size: number; readonly whole: boolean } | undefined {
    return this.objects.get(object);
  }

  rangesOf(object: Digest): readonly Range[] {
    const parts = this.objects.get(object)?.parts ?? [];
    return parts.reduce<readonly Range[]>(
      (ranges, { offset, bytes }) => withRange(ranges, { from: offset, to: offset + bytes.length }),
      [],
    );
  }

  bytesIn(object: Digest, from: number, to: number): number {
    return this.rangesOf(object).reduce((sum, range) => sum + Math.max(0, Math.min(range.to, to) - Math.max(range.from, from)), 0);
  }

  withDisclosure(entry: StoredEntry): StoredEntry {
    const disclosure = this.disclosure(entry.log, entry.index);
    return disclosure === undefined || disclosure === "erased" ? entry : { ...entry, disclosure };
  }

  /** Keeps copies: what the caller does to its buffers afterwards changes nothing here. */
  apply(batch: Batch): void {
    for (const entry of batch.entries ?? []) this.#append(entry);
    for (const { log, index, disclosure } of batch.disclosures ?? []) this.#disclose(log, index, disclosure);
    for (const { log, index } of batch.erasures ?? []) this.#bodies(log).set(index, "erased");
    for (const { log, level, index, hashes } of batch.tiles ?? []) this.#tiles.set(`${log}/${level}/${index}`, copyOf(hashes));
    for (const head of batch.heads ?? []) this.#keepHead(head);
    for (const finding of batch.findings ?? []) this.#find(finding);
    this.#applyObjects(batch);
    for (const { key, value } of batch.meta ?? []) {
      if (value === null) this.meta.delete(key);
      else this.meta.set(key, copyOf(value));
    }
  }

  #applyObjects({ objects, ranges, whole, emptied }: Batch): void {
    for (const { object, size } of objects ?? [])
      if (!this.objects.has(object)) this.objects.set(object, { size, whole: false, parts: [] });
    for (const { object, offset, bytes } of ranges ?? []) this.objects.get(object)?.parts.push({ object, offset, bytes: copyOf(bytes) });
    for (const object of whole ?? []) {
      const known = this.objects.get(object);
      if (known !== undefined) known.whole = true;
    }
    for (const object of emptied ?? []) {
      const known = this.objects.get(object);
      if (known !== undefined) Object.assign(known, { whole: false, parts: [] });
    }
  }

  #append({ disclosure, ...entry }: StoredEntry): void {
    const kept: StoredEntry = { ...entry, entry: copyOf(entry.entry) };
    const log = this.entries.get(entry.log);
    if (log === undefined) this.entries.set(entry.log, [kept]);
    else log.push(kept);
    if (!this.leaves.has(entry.leaf)) this.leaves.set(entry.leaf, kept);
    if (disclosure !== undefined) this.#disclose(entry.log, entry.index, disclosure);
  }

  #disclose(log: LogId, index: number, disclosure: Uint8Array): void {
    const bodies = this.#bodies(log);
    if (!bodies.has(index)) bodies.set(index, copyOf(disclosure));
  }

  #bodies(log: LogId): Map<number, Uint8Array | "erased"> {
    const known = this.#disclosures.get(log);
    if (known !== undefined) return known;
    const bodies = new Map<number, Uint8Array | "erased">();
    this.#disclosures.set(log, bodies);
    return bodies;
  }

  #find({ bytes, ...finding }: Finding): void {
    this.findings.push({ ...finding, ...(bytes && { bytes: copyOf(bytes) }), number: this.findings.length + 1 });
  }

  #keepHead(head: StoredHead): void {
    if (this.headRoot(head.log, head.size) !== undefined) return;
    const heads = this.#heads.get(head.log) ?? [];
    heads.splice(this.firstHead(head.log, head.size), 0, { ...head, root: copyOf(head.root), checkpoint: copyOf(head.checkpoint) });
    this.#heads.set(head.log, heads);
  }
}
