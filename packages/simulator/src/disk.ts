import { type LeafHash, type LogId, OpenlineError } from "@openline/core";
import { type Batch, MemoryDisk, MemoryStore, type StoredEntry, type StoredHead } from "@openline/node";
import type { Process } from "./process.ts";

/** How the disk of a machine fails. `full`: nothing more is taken. `sync`: one write fails; the medium may have it all the same. */
export type DiskFault = { readonly is: "full" } | { readonly is: "sync"; readonly kept: boolean } | undefined;

/** A disk with a cache: a commit is written, later synced, and only then promised. What had not been synced when the power went
 *  is lost from some commit on, the rest of a torn commit with it, as a write-ahead log loses it. */
export class Disk {
  #journal: Batch[] = [];
  #synced = 0;
  /** What a running program reads. */
  written: MemoryDisk = new MemoryDisk();
  /** Entries of each log that are synced, and which bodies. */
  readonly #sizes: Map<LogId, number> = new Map();
  readonly #bodies: Set<string> = new Set();

  /** Commits that have been written, and so what a copy made now contains. */
  get length(): number {
    return this.#journal.length;
  }

  get unsynced(): number {
    return this.#journal.length - this.#synced;
  }

  /** Takes note of a batch that `written` has just taken. Returns its number. */
  wrote(batch: Batch): number {
    return this.#journal.push(batch);
  }

  sync(upTo: number): void {
    for (; this.#synced < upTo; this.#synced++) this.#note(this.#journal[this.#synced] ?? {});
  }

  durableSize(log: LogId): number {
    return this.#sizes.get(log) ?? 0;
  }

  hasBody(log: LogId, index: number): boolean {
    return this.#bodies.has(`${log}/${index}`);
  }

  /** The power goes: of the unsynced commits the first `kept` had reached the medium. */
  crash(kept: number): void {
    this.restore(Math.min(this.#journal.length, this.#synced + kept));
  }

  /** As it was when it held so many commits. */
  restore(length: number): void {
    this.#journal = this.#journal.slice(0, length);
    this.written = new MemoryDisk();
    this.#synced = 0;
    this.#sizes.clear();
    this.#bodies.clear();
    for (const batch of this.#journal) this.written.apply(batch);
    this.sync(length);
  }

  /** Another disk with the same on it. */
  copy(): Disk {
    const other = new Disk();
    for (const batch of this.#journal) other.written.apply(batch);
    other.#journal = [...this.#journal];
    other.sync(other.length);
    return other;
  }

  #note(batch: Batch): void {
    for (const { log, index, disclosure } of batch.entries ?? []) {
      this.#sizes.set(log, index + 1);
      if (disclosure !== undefined) this.#bodies.add(`${log}/${index}`);
    }
    for (const { log, index } of batch.disclosures ?? []) this.#bodies.add(`${log}/${index}`);
  }
}

export interface DiskWorld {
  readonly process: Process;
  /** How this commit fails, if it does. */
  readonly fault: (batch: Batch) => DiskFault;
  /** How long the disk takes to sync. Milliseconds; 0: not at all. */
  readonly delay: () => number;
  readonly pass: (ms: number) => Promise<void>;
  /** Before anything of a batch is written, and when it is durable. */
  readonly writing: (batch: Batch) => void;
  readonly durable: (batch: Batch) => void;
}

/** The store of one process on such a disk. */
export class DiskStore extends MemoryStore {
  readonly #disk: Disk;
  readonly #world: DiskWorld;
  #broken: OpenlineError | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(disk: Disk, world: DiskWorld) {
    super(disk.written);
    this.#disk = disk;
    this.#world = world;
  }

  override async commit(batch: Batch): Promise<void> {
    return this.#world.process.step(async () => {
      this.#live();
      this.#world.writing(batch);
      const fault = this.#world.fault(batch);
      if (fault !== undefined) return this.#fail(batch, fault);
      await super.commit(batch);
      if (!this.#world.process.alive) return;
      const number = this.#disk.wrote(batch);
      const delay = this.#world.delay();
      const before = this.#last;
      this.#last = this.#sync(before, delay, number);
      await this.#last;
      this.#world.durable(batch);
    });
  }

  /** In the order of the commits. */
  async #sync(before: Promise<void>, delay: number, number: number): Promise<void> {
    if (delay > 0) await this.#world.pass(delay);
    await before;
    // The power may have gone meanwhile, and another program may be writing.
    if (this.#world.process.alive) this.#disk.sync(number);
    else await new Promise(() => undefined);
  }

  async #fail(batch: Batch, fault: Exclude<DiskFault, undefined>): Promise<void> {
    if (fault.is === "sync" && fault.kept) {
      await super.commit(batch);
      this.#disk.wrote(batch);
    }
    this.#broken = new OpenlineError("storage", fault.is === "full" ? "no space left on the disk" : "the disk reports an error");
    throw this.#broken;
  }

  override async entries(log: LogId, from: number, count: number): Promise<readonly StoredEntry[]> {
    this.#live();
    return super.entries(log, from, count);
  }

  override async byLeaf(leaf: LeafHash): Promise<StoredEntry | undefined> {
    this.#live();
    return super.byLeaf(leaf);
  }

  override async heads(log: LogId, fromSize: number, count: number): Promise<readonly StoredHead[]> {
    this.#live();
    return super.heads(log, fromSize, count);
  }

  #live(): void {
    if (this.#broken !== undefined) throw this.#broken;
  }
}
