import { type KemSuite, assert, toHex } from "@openline/core";
import type { Clock } from "../../ports.ts";
import type { BearerHealth, OpenBearer, TakeFrame, Timers } from "../bearer.ts";
import { SpoolFolder } from "./folder.ts";
import { fileLimits } from "./limits.ts";
import { type ParcelLabels, packParcel, readParcel } from "./parcel.ts";
import { type FileRefusal, SpoolIn } from "./spool-in.ts";
import { SpoolOut } from "./spool-out.ts";

export interface FileBearerOptions {
  readonly id: string;
  readonly suite: Pick<KemSuite, "hmacSha256">;
  readonly labels: ParcelLabels;
  readonly random: (count: number) => Uint8Array;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Folder from which parcels are carried to the peer; undefined: nothing goes out this way. */
  readonly out: string | undefined;
  /** Folder into which parcels of the peer are put; undefined: nothing comes in this way. */
  readonly in: string | undefined;
  /** Folder, on the medium of `in`, for parcels that have been read; undefined: they are removed. */
  readonly done: string | undefined;
  readonly take: TakeFrame;
  /** The folders are there, after they were not: from now on it can be used. */
  readonly up: () => void;
  /** Something in the folder is of no use. `name` is the carrier's and may say anything. */
  readonly refused: (why: FileRefusal, name: string) => void;
}

/** Frames carried by hand, or through a diode: one side writes parcels into a folder, somebody carries them, the other side reads
 *  them from a folder. Folders may come and go at any moment. Source: docs/spec/parcel.md. */
export class FileBearer implements OpenBearer {
  readonly id: string;
  readonly kind = "file";
  readonly epoch = "hand";
  readonly mtu: number = fileLimits.frameBytesMax;
  readonly oneWay: "out" | "in" | undefined;
  readonly #options: FileBearerOptions;
  readonly #out: SpoolOut | undefined;
  readonly #in: SpoolIn | undefined;
  readonly #refusals: Map<FileRefusal, number> = new Map();
  #looking: { cancel(): void } | undefined;
  #closed = false;
  #up = false;

  constructor(options: FileBearerOptions) {
    assert(options.out !== undefined || options.in !== undefined, "a bearer has at least one direction");
    this.id = options.id;
    this.#options = options;
    this.oneWay = options.in === undefined ? "out" : options.out === undefined ? "in" : undefined;
    this.#out = options.out === undefined ? undefined : this.#spoolOut(options.out);
    this.#in = options.in === undefined ? undefined : this.#spoolIn(options.in);
    this.#looking = options.timers.after(0, () => void this.#look());
  }

  #spoolOut(dir: string): SpoolOut {
    const { clock, timers, suite, labels, random } = this.#options;
    return new SpoolOut({
      folder: new SpoolFolder(dir),
      clock,
      timers,
      pack: (frames) => packParcel(suite, labels.out, { frames, random }),
      newName: () => `${toHex(random(16))}.bin`,
    });
  }

  #spoolIn(dir: string): SpoolIn {
    const { clock, suite, labels, done } = this.#options;
    return new SpoolIn({
      folder: new SpoolFolder(dir),
      done: done === undefined ? undefined : new SpoolFolder(done),
      clock,
      read: (bytes) => readParcel(suite, labels, bytes),
      take: (frame) => this.#options.take(frame, this),
      refused: (why, name) => {
        this.#refusals.set(why, (this.#refusals.get(why) ?? 0) + 1);
        this.#options.refused(why, name);
      },
    });
  }

  credit(): number {
    return this.#out?.credit ?? 0;
  }

  async send(frame: Uint8Array): Promise<void> {
    assert(frame.length > 0 && frame.length <= this.mtu, `a frame of ${frame.length} bytes`);
    await this.#out?.send(frame);
  }

  /** How many files were of no use, by reason. */
  get refusals(): ReadonlyMap<FileRefusal, number> {
    return this.#refusals;
  }

  health(): { readonly out: BearerHealth; readonly in: BearerHealth } {
    const none: BearerHealth = { is: "not-tested" };
    return { out: this.#out?.health ?? none, in: this.#in?.health ?? none };
  }

  /** Looks at both folders, and again after a while. */
  async #look(): Promise<void> {
    await this.#out?.look();
    this.#tell();
    await this.#in?.look();
    this.#tell();
    if (!this.#closed) this.#looking = this.#options.timers.after(fileLimits.lookMs, () => void this.#look());
  }

  /** It is up when it can do something. */
  #tell(): void {
    const up = this.#out?.usable ?? this.#in?.usable ?? false;
    if (up && !this.#up && !this.#closed) this.#options.up();
    this.#up = up;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#looking?.cancel();
    this.#in?.close();
    await this.#out?.close();
  }
}
