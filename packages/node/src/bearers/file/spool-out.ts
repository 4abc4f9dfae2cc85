import type { UnixMillis } from "@openline/core";
import type { Clock } from "../../ports.ts";
import type { BearerHealth, Timers } from "../bearer.ts";
import type { SpoolFolder } from "./folder.ts";
import { fileLimits } from "./limits.ts";
import { isParcelSize, parcelRoom, roomFor } from "./parcel.ts";
import { type FolderTrouble, troubleOf } from "./trouble.ts";

export interface SpoolOutOptions {
  readonly folder: SpoolFolder;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Makes one parcel. */
  readonly pack: (frames: readonly Uint8Array[]) => Uint8Array;
  readonly newName: () => string;
}

interface Gathered {
  readonly frames: Uint8Array[];
  room: number;
  readonly done: (() => void)[];
}

/** Frames on their way into a folder from which somebody carries them away: gathered for a moment, then written as one parcel. */
export class SpoolOut {
  readonly #options: SpoolOutOptions;
  /** To be written, the first one next; the last one still takes frames. */
  readonly #gathered: Gathered[] = [];
  #gatheredRoom = 0;
  #writing: Promise<void> | undefined;
  #timer: { cancel(): void } | undefined;
  /** Parcels that wait in the folder, with the time since which they are known to. */
  #waiting: Map<string, { readonly bytes: number; readonly since: UnixMillis }> = new Map();
  #trouble: FolderTrouble | undefined = "gone";
  #carriedAt: UnixMillis | undefined;
  #closed = false;

  constructor(options: SpoolOutOptions) {
    this.#options = options;
  }

  get usable(): boolean {
    return this.#trouble === undefined && !this.#closed;
  }

  /** What the parcel being gathered still takes, as far as there may be more parcels. */
  get credit(): number {
    if (!this.usable || this.#waiting.size >= fileLimits.spoolParcelsMax) return 0;
    const spool = fileLimits.spoolBytesMax - this.#spooled - this.#gatheredRoom;
    return Math.max(0, Math.min(spool, parcelRoom - this.#gatheredRoom));
  }

  get health(): BearerHealth {
    if (this.#trouble !== undefined) return { is: "failing", code: this.#trouble };
    const [oldest] = this.#waiting.values();
    if (oldest !== undefined && this.#spooled >= fileLimits.spoolBytesMax) return { is: "failing", code: "full" };
    if (oldest !== undefined) return { is: "silent", since: oldest.since };
    return this.#carriedAt === undefined ? { is: "not-tested" } : { is: "proven", at: this.#carriedAt };
  }

  get #spooled(): number {
    return [...this.#waiting.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Resolves when it is durable in the folder, or dropped. */
  send(frame: Uint8Array): Promise<void> {
    const room = roomFor(frame);
    const most = fileLimits.spoolBytesMax + fileLimits.reserveBytesMax;
    if (!this.usable || this.#spooled + this.#gatheredRoom + room > most) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    let last = this.#gathered.at(-1);
    if (last === undefined || last.room + room > parcelRoom) this.#gathered.push((last = { frames: [], room: 0, done: [] }));
    last.frames.push(frame);
    last.room += room;
    last.done.push(resolve);
    this.#gatheredRoom += room;
    if (this.#gatheredRoom >= parcelRoom) void this.write();
    else this.#timer ??= this.#options.timers.after(fileLimits.gatherMs, () => void this.write());
    return promise;
  }

  /** Writes everything that has been gathered. */
  write(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#gathered.length === 0) return this.#writing ?? Promise.resolve();
    this.#writing ??= this.#writeAll();
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    for (let next = this.#gathered[0]; next !== undefined; next = this.#gathered[0]) {
      this.#gathered.shift();
      await this.#writeOne(next);
      this.#gatheredRoom -= next.room;
      for (const done of next.done) done();
    }
    this.#writing = undefined;
  }

  /** What cannot be written is dropped: whoever is above sends it again. */
  async #writeOne({ frames }: Gathered): Promise<void> {
    if (this.#trouble !== undefined || this.#waiting.size >= fileLimits.spoolParcelsMax) return;
    const bytes = this.#options.pack(frames);
    const name = this.#options.newName();
    try {
      await this.#options.folder.write(name, bytes);
      this.#waiting.set(name, { bytes: bytes.length, since: this.#options.clock.now() });
    } catch (error) {
      this.#trouble = troubleOf(error);
    }
  }

  /** Sees what has been carried away, and whether the folder is there. True: it can be used, and could not be before. */
  async look(): Promise<boolean> {
    await this.#writing;
    const before = this.#trouble;
    try {
      if (before !== undefined) await this.#options.folder.clean();
      await this.#options.folder.mayWrite();
      const seen = await this.#options.folder.list();
      this.#trouble = seen === undefined ? "crowd" : undefined;
      // Two parties may share one folder: what has the size of a parcel waits, whoever has put it there.
      if (seen !== undefined)
        this.#waits(new Map(seen.flatMap(({ name, is, bytes }) => (is === "file" && isParcelSize(bytes) ? [[name, bytes]] : []))));
    } catch (error) {
      this.#trouble = troubleOf(error);
    }
    return before !== undefined && this.#trouble === undefined;
  }

  #waits(there: ReadonlyMap<string, number>): void {
    const now = this.#options.clock.now();
    // What was written while the list was read is not in it yet.
    const carried = [...this.#waiting].filter(([name, { since }]) => !there.has(name) && since < now);
    if (carried.length > 0) this.#carriedAt = now;
    for (const [name] of carried) this.#waiting.delete(name);
    for (const [name, bytes] of there) if (!this.#waiting.has(name)) this.#waiting.set(name, { bytes, since: now });
  }

  /** Takes nothing more; what has been gathered is still written. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.write();
  }
}
