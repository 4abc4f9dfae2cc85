import type { UnixMillis } from "@openline/core";
import type { Clock } from "../../ports.ts";
import type { BearerHealth } from "../bearer.ts";
import type { Seen, SpoolFolder } from "./folder.ts";
import { fileLimits } from "./limits.ts";
import { type ParcelRefusal, isParcelSize, type readParcel } from "./parcel.ts";
import { type FolderTrouble, troubleOf } from "./trouble.ts";

/** Why something in the folder was not read. */
export type FileRefusal =
  | ParcelRefusal
  | "not-a-file" // a folder, a link, a pipe or a device
  | "unreadable" // it is there and cannot be read
  | "left"; // it was read, and cannot be put away: a medium that is write-protected

export interface SpoolInOptions {
  readonly folder: SpoolFolder;
  /** Where a parcel goes once it has been read; undefined: it is removed. */
  readonly done: SpoolFolder | undefined;
  readonly clock: Clock;
  readonly read: (bytes: Uint8Array) => ReturnType<typeof readParcel>;
  /** Takes one frame; the next one waits for it. */
  readonly take: (frame: Uint8Array) => void | Promise<void>;
  /** Something was refused, and has lain there unchanged since the look before. `name` is the carrier's and may say anything. */
  readonly refused: (why: FileRefusal, name: string) => void;
}

/** A folder into which somebody puts parcels, in any order, and anything else. What is refused stays where it is. */
export class SpoolIn {
  readonly #options: SpoolInOptions;
  /** Files of no use, by name, as they were seen. */
  #useless: Map<string, { readonly version: string; readonly why: FileRefusal; said: boolean }> = new Map();
  readonly #ids: Set<string> = new Set();
  #trouble: FolderTrouble | undefined = "gone";
  #readAt: UnixMillis | undefined;
  #closed = false;

  constructor(options: SpoolInOptions) {
    this.#options = options;
  }

  get usable(): boolean {
    return this.#trouble === undefined && !this.#closed;
  }

  get health(): BearerHealth {
    if (this.#trouble !== undefined) return { is: "failing", code: this.#trouble };
    return this.#readAt === undefined ? { is: "not-tested" } : { is: "proven", at: this.#readAt };
  }

  /** Reads every parcel that is there. */
  async look(): Promise<void> {
    try {
      const seen = await this.#options.folder.list();
      this.#trouble = seen === undefined ? "crowd" : undefined;
      for (const file of seen ?? []) if (!this.#closed) await this.#see(file);
      if (seen !== undefined) this.#forget(new Set(seen.map(({ name }) => name)));
    } catch (error) {
      this.#trouble = troubleOf(error);
    }
  }

  async #see(file: Seen): Promise<void> {
    const known = this.#useless.get(file.name);
    if (known?.version === file.version) {
      if (!known.said) this.#options.refused(known.why, file.name);
      known.said = true;
      return;
    }
    const why = await this.#take(file);
    if (why === undefined) this.#useless.delete(file.name);
    else this.#useless.set(file.name, { version: file.version, why, said: false });
  }

  async #take(file: Seen): Promise<FileRefusal | undefined> {
    if (file.is !== "file") return file.is === "other" ? "not-a-file" : "unreadable";
    // Looked at before a byte is read: a file may say that it has any size.
    if (!isParcelSize(file.bytes)) return "wrong-size";
    const bytes = await this.#options.folder.read(file).catch((error: unknown) => void troubleOf(error));
    if (bytes === undefined) return "unreadable";
    const parcel = this.#options.read(bytes);
    if (!parcel.ok) return parcel.refusal;
    if (!this.#ids.has(parcel.id)) {
      for (const frame of parcel.frames) {
        await this.#options.take(frame);
        if (this.#closed) return undefined;
      }
      this.#remember(parcel.id);
    }
    this.#readAt = this.#options.clock.now();
    return this.#putAway(file, parcel.id);
  }

  /** Under a name of ours: theirs may be anything. On a medium that cannot be written it stays, and is not read again. */
  async #putAway(file: Seen, id: string): Promise<"left" | undefined> {
    const { folder, done } = this.#options;
    try {
      if (done === undefined) await folder.remove(file.name);
      else await folder.move(file.name, done, `${id}.bin`);
      return undefined;
    } catch (error) {
      return troubleOf(error) === "gone" && done === undefined ? undefined : "left";
    }
  }

  #remember(id: string): void {
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > fileLimits.rememberedMax && oldest !== undefined) this.#ids.delete(oldest);
  }

  /** Remembers only of what is there: no more than the names that are looked at. */
  #forget(there: ReadonlySet<string>): void {
    this.#useless = new Map([...this.#useless].filter(([name]) => there.has(name)));
  }

  close(): void {
    this.#closed = true;
  }
}
