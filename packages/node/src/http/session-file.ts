import { type FileHandle, open, rm } from "node:fs/promises";
import { OpenlineError, type Schema, bytes, decode, encode, list, object, plain, refusable, text, toHex, uint } from "@openline/core";
import { writeSecretly } from "../operate/key-file.ts";

/** Somebody who has signed in, under the hash of the cookie: whoever reads it cannot make the cookie of it. */
export interface KeptSession {
  /** 32 bytes. */
  readonly hash: Uint8Array;
  readonly post: string;
  /** Milliseconds of the machine's clock. */
  readonly until: number;
}

/** Where sessions outlive the process. */
export interface SessionPlace {
  /** Empty where nothing is kept. Throws `OpenlineError`: `exposed`, `damaged`, `storage`. */
  load(): Promise<readonly KeptSession[]>;
  /** Durable when it resolves. Throws `OpenlineError` `storage`: then nothing is kept any more. */
  keep(sessions: readonly KeptSession[]): Promise<void>;
}

/** Sessions at once. */
export const SESSIONS_MAX = 256;
/** So many, each with the longest post, take half of it. */
const FILE_BYTES_MAX = 65_536;
/** The end of the year 9999. */
const MILLIS_MAX = 253_402_300_799_999;

const kept: Schema<readonly KeptSession[]> = list(
  object<KeptSession>({ hash: bytes(32), post: text(64), until: uint(MILLIS_MAX) }),
  SESSIONS_MAX,
);

/** One file of the party's folder, replaced as a whole, in no backup. */
export class SessionFile implements SessionPlace {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async load(): Promise<readonly KeptSession[]> {
    const content = await this.#read();
    if (content === undefined) return [];
    const read = refusable(() => kept(decode(content), "sessions"));
    if (!read.ok) throw new OpenlineError("damaged", `${this.#path}: ${read.refusal.detail}`);
    if (new Set(read.value.map(({ hash }) => toHex(hash))).size < read.value.length)
      throw new OpenlineError("damaged", `${this.#path}: a session stands there twice`);
    return read.value;
  }

  async keep(sessions: readonly KeptSession[]): Promise<void> {
    try {
      await writeSecretly(this.#path, encode(plain(sessions.map(({ hash, post, until }) => ({ hash, post, until })))), true);
    } catch (cause) {
      // What stands there is older: it would let in who has signed out since.
      for (const path of [this.#path, `${this.#path}.new`]) await rm(path, { force: true }).catch(() => undefined);
      throw new OpenlineError("storage", `${this.#path} cannot be written`, { cause });
    }
  }

  async #read(): Promise<Uint8Array | undefined> {
    let file: FileHandle | undefined;
    try {
      file = await open(this.#path, "r");
      const { mode, size } = await file.stat();
      // Who may write there could let themselves in.
      if ((mode & 0o077) !== 0) throw new OpenlineError("exposed", `${this.#path} is open to others; it must be 600`);
      if (size > FILE_BYTES_MAX) throw new OpenlineError("damaged", `${this.#path} is longer than sessions can be`);
      return new Uint8Array(await file.readFile());
    } catch (cause) {
      if (cause instanceof OpenlineError) throw cause;
      if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
      throw new OpenlineError("storage", `${this.#path} cannot be read`, { cause });
    } finally {
      await file?.close();
    }
  }
}
