import { lstat, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ExportedFile, limits } from "@openline/core";
import { EXIT, Ended } from "./exit.ts";

/** Writes files below an empty or new folder. */
export async function writeFiles(dir: string, files: Iterable<ExportedFile>): Promise<number> {
  await mkdir(dir, { recursive: true });
  if ((await readdir(dir)).length > 0) throw new Ended(EXIT.usage, `${dir} is not empty`);
  let count = 0;
  for (const { path, bytes } of files) {
    const target = join(dir, ...path.split("/"));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
    count++;
  }
  return count;
}

/** Every regular file below a folder, by its path with `/`. Anything else there (a link, a device) is not an export's. */
export async function readFiles(dir: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const names = await readdir(dir, { recursive: true }).catch((cause: unknown) => {
    throw new Ended(EXIT.usage, `${dir} cannot be read: ${cause instanceof Error ? cause.message : ""}`);
  });
  for (const name of names.toSorted()) {
    const found = await lstat(join(dir, name));
    if (found.isDirectory()) continue;
    if (!found.isFile()) throw new Ended(EXIT.notVerified, `not verified: ${name} is no regular file`);
    if (found.size > limits.packBytesMax)
      throw new Ended(EXIT.notVerified, `not verified: ${name} is longer than ${limits.packBytesMax} bytes`);
    files.set(name.replaceAll("\\", "/"), await readFile(join(dir, name)));
  }
  return files;
}
