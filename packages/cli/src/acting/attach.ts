import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { lookup } from "mrmime";
import type { NodeClient } from "@openline/api";
import { type Attachment, type Cbor, attachmentsWord, limits, parseDigest } from "@openline/core";
import { EXIT, Ended } from "../exit.ts";

/** A file that goes beside an act, with what its author says it is. */
interface FileToAttach {
  readonly file: string;
  readonly media: string;
}

/** `[TYPE=]FILE`: without a media type it is the one that the file's name ends in. */
export function attachOption(value: string): FileToAttach {
  const match = /^([a-z0-9.+-]+\/[a-z0-9.+-]+)=(.+)$/s.exec(value);
  const file = match?.[2] ?? value;
  return { file, media: match?.[1] ?? lookup(file) ?? "application/octet-stream" };
}

/** A regular file: a device has no end. */
async function readAtMost(file: string, max: number): Promise<Uint8Array> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) throw new Ended(EXIT.usage, `${file} is no file that can be read`);
  if (found.size > max) throw new Ended(EXIT.usage, `${file} is longer than ${max} bytes`);
  return readFile(file).catch(() => {
    throw new Ended(EXIT.usage, `${file} is no file that can be read`);
  });
}

/** Hands each file to the running node and gives the word of the body that names them all. Throws `Ended`. */
export async function attachAll(client: NodeClient, line: string, files: readonly FileToAttach[]): Promise<Cbor> {
  if (files.length > limits.attachmentsMax) throw new Ended(EXIT.usage, `an act names at most ${limits.attachmentsMax} attachments`);
  const kept: Attachment[] = [];
  for (const { file, media } of files) {
    const bytes = await readAtMost(file, limits.objectBytesMax);
    const { object, size } = await client.attach(line, new Uint8Array(bytes));
    kept.push({ object: parseDigest(object), size, media, name: basename(file).normalize("NFC") });
  }
  return attachmentsWord(kept);
}
