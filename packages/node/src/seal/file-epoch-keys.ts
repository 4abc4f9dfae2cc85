import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { OpenlineError } from "@openline/core";
import type { EpochKeyPlace } from "./epoch-keys.ts";

/** One file, replaced as a whole. */
export class FileEpochKeys implements EpochKeyPlace {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async load(): Promise<Uint8Array | undefined> {
    try {
      return new Uint8Array(await readFile(this.#path));
    } catch (cause) {
      if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
      throw new OpenlineError("storage", `${this.#path} cannot be read`, { cause });
    }
  }

  async save(content: Uint8Array): Promise<void> {
    try {
      const making = `${this.#path}.new`;
      const file = await open(making, "w", 0o600);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(making, this.#path);
      const folder = await open(dirname(this.#path), "r");
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    } catch (cause) {
      throw new OpenlineError("storage", `${this.#path} cannot be written`, { cause });
    }
  }
}

/** In memory, for tests and the simulator. */
export class MemoryEpochKeys implements EpochKeyPlace {
  #content: Uint8Array | undefined;

  async load(): Promise<Uint8Array | undefined> {
    return this.#content;
  }

  async save(content: Uint8Array): Promise<void> {
    this.#content = new Uint8Array(content);
  }
}
