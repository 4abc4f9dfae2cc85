import { statSync, statfsSync } from "node:fs";
import { OpenlineError } from "@openline/core";

/** The files of an open store, under the names that they had when it was opened. Calls are synchronous: they are for the thread that
 *  holds the store. */
export class StoreFiles {
  readonly #path: string;
  /** Device and inode of each file by its name. */
  readonly #open: ReadonlyMap<string, string>;

  constructor(path: string) {
    this.#path = path;
    const open = new Map<string, string>();
    // A bare copy that is read has only the first.
    for (const suffix of ["", "-wal", "-shm"]) {
      const place = placeOf(`${path}${suffix}`);
      if (place !== undefined) open.set(`${path}${suffix}`, place);
    }
    this.#open = open;
  }

  /** What is written into a file that has no name, or another one, is not there after the next start. Throws
   *  `OpenlineError("storage")`. */
  mustBeThere(): void {
    for (const [name, file] of this.#open)
      if (placeOf(name) !== file) throw new OpenlineError("storage", `${name} is no longer the file that the node has open`);
  }

  /** Bytes that its disk has left for this account. Throws as `mustBeThere`. */
  bytesFree(): number {
    this.mustBeThere();
    const { bavail, bsize } = statfsSync(this.#path);
    return bavail * bsize;
  }
}

function placeOf(name: string): string | undefined {
  const file = statSync(name, { bigint: true, throwIfNoEntry: false });
  return file && `${file.dev}:${file.ino}`;
}
