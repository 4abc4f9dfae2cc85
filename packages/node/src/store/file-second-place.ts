import { createHash } from "node:crypto";
import { open, rename, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { assert, concatBytes, equalBytes, fromHex, OpenlineError, utf8, type LogId } from "@openline/core";
import { makeFolders } from "./make-folders.ts";
import { checkExpected, type SecondPlace, type SignedUpTo } from "./second-place.ts";

/** The second place as one small file per log, `<folder>/<log>.place`.
 *
 *  A file is two slots, each alone in its 4,096-byte block so that writing one cannot tear the other. Swaps alternate
 *  between them; the valid slot with the higher number is the value. Slot, 96 bytes: "openline-place-1" (16),
 *  number (uint64), log (8), size (uint64), root (32), 24 bytes of SHA-256 over all before. */
export class FileSecondPlace implements SecondPlace {
  readonly #folder: string;
  readonly #open = new Map<LogId, OpenPlace>();
  #queue: Promise<unknown> = Promise.resolve();
  #failed: OpenlineError | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  read(log: LogId): Promise<SignedUpTo | undefined> {
    return this.#inTurn(async () => (await this.#place(log))?.value);
  }

  swap(log: LogId, expected: SignedUpTo | undefined, next: SignedUpTo): Promise<void> {
    assert(next.root.length === 32, "a root has 32 bytes");
    return this.#inTurn(async () => {
      const place = await this.#place(log);
      checkExpected(log, expected, place?.value);
      if (place === undefined) await createFile(this.#folder, log, next);
      else await writeNext(place, log, next);
    });
  }

  /** Lets go of the files. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      for (const { file } of this.#open.values()) await file.close();
      this.#open.clear();
    });
  }

  async #place(log: LogId): Promise<OpenPlace | undefined> {
    const known = this.#open.get(log);
    if (known !== undefined) return known;
    const place = await openPlace(this.#folder, log);
    if (place !== undefined) this.#open.set(log, place);
    return place;
  }

  /** One after the other, and nothing more after an error of the disk: a sync that is tried again can succeed over
   *  pages the kernel has already dropped. */
  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(async () => {
      if (this.#failed !== undefined) throw this.#failed;
      try {
        return await step();
      } catch (cause) {
        if (cause instanceof OpenlineError) throw cause;
        this.#failed = new OpenlineError("storage", `second place in ${this.#folder}: ${String(cause)}`, { cause });
        throw this.#failed;
      }
    });
    this.#queue = run.catch(() => undefined);
    return run;
  }
}

interface OpenPlace {
  readonly file: FileHandle;
  number: number;
  value: SignedUpTo;
}

const BLOCK = 4096;
const SLOT = 96;
const CHECKED = 72;
const MAGIC = utf8("openline-place-1");

const pathOf = (folder: string, log: LogId): string => join(folder, `${log}.place`);

async function openPlace(folder: string, log: LogId): Promise<OpenPlace | undefined> {
  const file = await openIfThere(pathOf(folder, log));
  if (file === undefined) return undefined;
  // A process that was killed may have written a slot without syncing it; from here on it counts as durable.
  await file.datasync();
  const bytes = new Uint8Array(2 * BLOCK);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
  const slots = [0, BLOCK].flatMap((at) => decodeSlot(bytes.subarray(at, Math.min(at + SLOT, bytesRead)), log));
  const newest = slots.toSorted((a, b) => b.number - a.number)[0];
  if (newest !== undefined) return { file, ...newest };
  await file.close();
  throw new OpenlineError("second-place", `${pathOf(folder, log)} holds no valid slot`);
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r+");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The file appears under its name only when its first slot is durable, so a crash leaves it absent or whole. */
async function createFile(folder: string, log: LogId, value: SignedUpTo): Promise<void> {
  await makeFolders(folder);
  const path = pathOf(folder, log);
  const bytes = new Uint8Array(2 * BLOCK);
  bytes.set(encodeSlot(0, log, value));
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeNext(place: OpenPlace, log: LogId, value: SignedUpTo): Promise<void> {
  const number = place.number + 1;
  const slot = encodeSlot(number, log, value);
  const { bytesWritten } = await place.file.write(slot, 0, SLOT, (number % 2) * BLOCK);
  if (bytesWritten !== SLOT) throw new Error(`${bytesWritten} of ${SLOT} bytes written`);
  await place.file.datasync();
  place.number = number;
  place.value = { size: value.size, root: new Uint8Array(value.root) };
}

function encodeSlot(number: number, log: LogId, value: SignedUpTo): Uint8Array {
  const checked = concatBytes(MAGIC, uint64(number), fromHex(log), uint64(value.size), value.root);
  return concatBytes(checked, checksum(checked));
}

/** One value or none: a torn, damaged or foreign slot is as good as absent. */
function decodeSlot(slot: Uint8Array, log: LogId): { number: number; value: SignedUpTo }[] {
  if (slot.length !== SLOT) return [];
  const checked = slot.subarray(0, CHECKED);
  if (!equalBytes(slot.subarray(CHECKED), checksum(checked))) return [];
  if (!equalBytes(slot.subarray(0, 16), MAGIC) || !equalBytes(slot.subarray(24, 32), fromHex(log))) return [];
  const view = new DataView(slot.buffer, slot.byteOffset, SLOT);
  const value = { size: Number(view.getBigUint64(32)), root: slot.slice(40, 72) };
  return [{ number: Number(view.getBigUint64(16)), value }];
}

function checksum(checked: Uint8Array): Uint8Array {
  return createHash("sha256")
    .update(checked)
    .digest()
    .subarray(0, SLOT - CHECKED);
}

function uint64(value: number): Uint8Array {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value));
  return out;
}
