import { lstat, readFile } from "node:fs/promises";
import { limits } from "@openline/core";
import { EXIT, Ended, refused } from "./exit.ts";

/** A file from outside: a regular one, and no larger than any file of a ceremony. */
export async function handedOver(path: string): Promise<Uint8Array> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) throw new Ended(EXIT.usage, `${path} cannot be read`);
  if (!found.isFile()) throw new Ended(EXIT.usage, `${path} is no regular file`);
  if (found.size > limits.accordFileBytesMax) throw refused({ code: "oversized", detail: `${path} has ${found.size} bytes` });
  return new Uint8Array(await readFile(path));
}
