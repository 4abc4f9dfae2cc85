import { constants } from "node:fs";
import { type FileHandle, access, lstat, open, opendir, rename, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { fileLimits, parcelBytesMax } from "./limits.ts";

/** A file as it lies in a folder, and by what it is known again. */
export interface Seen {
  readonly name: string;
  /** `unknown`: its name is none that can be asked for, or it has gone since. */
  readonly is: "file" | "other" | "unknown";
  readonly bytes: number;
  /** Changes whenever the file does. */
  readonly version: string;
}

/** A spool folder: it is never made here, and never reached through a link, so that an empty mount point or a planted link takes
 *  nothing. Every method throws what the file system throws. */
export class SpoolFolder {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** What lies there, the oldest first, but for names that begin with a dot; undefined: more than are looked at. Whoever carries may
   *  change every time: then the order is another, and what was read too soon is sent again. */
  async list(): Promise<readonly Seen[] | undefined> {
    await this.#stands();
    const names: string[] = [];
    for await (const { name } of await opendir(this.#dir)) {
      if (name.startsWith(".")) continue;
      if (names.length >= fileLimits.namesMax) return undefined;
      names.push(name);
    }
    const seen: (Seen & { readonly written: bigint })[] = [];
    for (const name of names) {
      const info = await lstat(join(this.#dir, name), { bigint: true }).catch(() => undefined);
      const version = info === undefined ? "" : `${info.ino} ${info.size} ${info.mtimeNs} ${info.ctimeNs}`;
      const is = info === undefined ? "unknown" : info.isFile() ? "file" : "other";
      seen.push({ name, is, bytes: Number(info?.size ?? 0), version, written: info?.mtimeNs ?? 0n });
    }
    return seen.toSorted((a, b) => Number(a.written - b.written) || (a.name < b.name ? -1 : 1));
  }

  /** The whole of a file that was seen with this size; undefined where it is another by now. No link is followed, no pipe waited for. */
  async read({ name, bytes }: Seen): Promise<Uint8Array | undefined> {
    const file = await open(join(this.#dir, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const info = await file.stat();
      return info.isFile() && info.size === bytes ? await readWhole(file, bytes) : undefined;
    } finally {
      await file.close();
    }
  }

  /** Durable under its name, or not there at all. */
  async write(name: string, bytes: Uint8Array): Promise<void> {
    await this.#stands();
    const begun = join(this.#dir, `${BEGUN}${name}`);
    const file = await open(begun, "wx", 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } catch (error) {
      await rm(begun, { force: true }).catch(() => undefined);
      throw error;
    } finally {
      await file.close();
    }
    await rename(begun, join(this.#dir, name));
    await this.#sync();
  }

  /** Removes what a writer that was stopped has left half done. */
  async clean(): Promise<void> {
    await this.#stands();
    for await (const { name } of await opendir(this.#dir)) if (name.startsWith(BEGUN)) await rm(join(this.#dir, name), { force: true });
  }

  /** Throws where nothing can be written there now. */
  async mayWrite(): Promise<void> {
    await access(this.#dir, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(this.#dir);
    if (bavail * bsize < parcelBytesMax) throw Object.assign(new Error(`no room in ${this.#dir}`), { code: "ENOSPC", syscall: "statfs" });
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.#dir, name));
  }

  /** Moves a file to another folder of the same medium, under a name of ours. */
  async move(name: string, to: SpoolFolder, as: string): Promise<void> {
    await to.#stands();
    await rename(join(this.#dir, name), join(to.#dir, as));
  }

  async #stands(): Promise<void> {
    const info = await lstat(this.#dir);
    if (!info.isDirectory()) throw Object.assign(new Error(`${this.#dir} is no folder`), { code: "ENOTDIR", syscall: "lstat" });
  }

  /** The name is durable too. */
  async #sync(): Promise<void> {
    const folder = await open(this.#dir, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

/** Begins the name of a file that is being written: it begins with a dot, so that nobody reads it. */
const BEGUN = ".begun-";

async function readWhole(file: FileHandle, bytes: number): Promise<Uint8Array | undefined> {
  const whole = new Uint8Array(bytes);
  for (let at = 0; at < bytes;) {
    const { bytesRead } = await file.read(whole, at, bytes - at, at);
    if (bytesRead === 0) return undefined;
    at += bytesRead;
  }
  return whole;
}
