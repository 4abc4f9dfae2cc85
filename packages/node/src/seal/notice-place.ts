import { mkdir, open, readFile, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { type Digest, OpenlineError } from "@openline/core";

/** Where notices of lost pre-shared keys are kept: those of our own root holders, and those that peers have told. */
export interface NoticePlace {
  load(): Promise<readonly Uint8Array[]>;
  /** Durable when it resolves. Rejects with `OpenlineError` `storage`. */
  save(digest: Digest, notice: Uint8Array): Promise<void>;
}

/** A folder, one file for each notice, so that the people who sign one and the node that takes one never write the same file. */
export class NoticeFolder implements NoticePlace {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  async load(): Promise<readonly Uint8Array[]> {
    try {
      const names = await readdir(this.#dir).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return [];
        throw error;
      });
      const notices = names.filter((name) => name.endsWith(".notice")).toSorted();
      return await Promise.all(notices.map(async (name) => new Uint8Array(await readFile(join(this.#dir, name)))));
    } catch (cause) {
      throw new OpenlineError("storage", `${this.#dir} cannot be read`, { cause });
    }
  }

  async save(digest: Digest, notice: Uint8Array): Promise<void> {
    try {
      await mkdir(this.#dir, { recursive: true, mode: 0o700 });
      const path = join(this.#dir, `${digest}.notice`);
      const file = await open(`${path}.new`, "w", 0o600);
      try {
        await file.writeFile(notice);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.new`, path);
      const folder = await open(this.#dir, "r");
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    } catch (cause) {
      throw new OpenlineError("storage", `${this.#dir} cannot be written`, { cause });
    }
  }
}

/** In memory, for tests and the simulator. */
export class MemoryNotices implements NoticePlace {
  readonly #notices: Map<Digest, Uint8Array> = new Map();

  async load(): Promise<readonly Uint8Array[]> {
    return [...this.#notices.values()];
  }

  async save(digest: Digest, notice: Uint8Array): Promise<void> {
    this.#notices.set(digest, new Uint8Array(notice));
  }
}
