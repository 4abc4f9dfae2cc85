import { lstat, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ExportedFile, limits } from "@openline/core";
import { makeFolders } from "@openline/node/operate";
import type { Bad } from "@openline/verify";
import { EXIT, Ended } from "./exit.ts";

/** Writes files below an empty or new folder. */
export async function writeFiles(dir: string, files: Iterable<ExportedFile>): Promise<number> {
  const names = await makeFolders(dir)
    .then(() => readdir(dir))
    .catch((cause: unknown) => {
      throw new Ended(EXIT.usage, `${dir} is no folder that can be written: ${messageOf(cause)}`);
    });
  if (names.length > 0) throw new Ended(EXIT.usage, `${dir} is not empty`);
  let count = 0;
  for (const { path, bytes } of files) {
    const target = join(dir, ...path.split("/"));
    await makeFolders(dirname(target));
    await writeFile(target, bytes);
    count++;
  }
  return count;
}

/** Everything below a folder, by its path with `/`: the bytes of each regular file, and each folder in which nothing is, as a
 *  path that ends in `/`. Names are read as the bytes they are: one that is not UTF-8 stands with its bytes as `\xff`, and a
 *  backslash is a character like others. Throws `NoFileOfARecord` for anything else there: a link, a device, a file beyond every limit. */
export async function readFiles(dir: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  await readBelow({ path: Buffer.from(dir), shown: "" }, files).catch((cause: unknown) => {
    if (cause instanceof NoFileOfARecord) throw cause;
    throw new Ended(EXIT.usage, `${dir} cannot be read: ${messageOf(cause)}`);
  });
  return files;
}

/** Something below a folder that no export has, and that is not opened. */
export class NoFileOfARecord extends Error {
  override readonly name = "NoFileOfARecord";
  readonly bad: Bad;
  constructor(bad: Bad) {
    super(`${bad.file}: ${bad.detail}`);
    this.bad = bad;
  }
}

interface Folder {
  /** As the system knows it. */
  readonly path: Buffer;
  /** Below the export, empty or ending in `/`. */
  readonly shown: string;
}

async function readBelow(folder: Folder, files: Map<string, Uint8Array>): Promise<void> {
  const names = await readdir(folder.path, { encoding: "buffer" });
  for (const name of names.toSorted((a, b) => Buffer.compare(a, b))) {
    const path = Buffer.concat([folder.path, Buffer.from("/"), name]);
    const shown = `${folder.shown}${nameOf(name)}`;
    const found = await lstat(path);
    if (found.isDirectory()) {
      await readBelow({ path, shown: `${shown}/` }, files);
      continue;
    }
    if (!found.isFile()) throw new NoFileOfARecord({ file: shown, code: "unknown-file", detail: "no regular file" });
    if (found.size > limits.packBytesMax)
      throw new NoFileOfARecord({ file: shown, code: "oversized", detail: `longer than ${limits.packBytesMax} bytes` });
    files.set(shown, await readFile(path));
  }
  if (names.length === 0 && folder.shown !== "") files.set(folder.shown, new Uint8Array());
}

/** A file's name as text; every byte that is no part of UTF-8 as `\xff`. */
function nameOf(name: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(name);
  } catch {
    return [...name].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join("");
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : "unknown reason");
