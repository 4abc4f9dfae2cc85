import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync, backup } from "node:sqlite";
import { OpenlineError } from "@openline/core";
import { openForReading } from "./sqlite-open.ts";

/** Copies a store into a new file, also while its node writes: the copy is the store as it was at one instant, whole and durable.
 *  Throws `OpenlineError`: `usage` when the file is there already, `not-a-folder`, `damaged`, `storage`. */
export async function copyStore(from: string, to: string): Promise<void> {
  if (existsSync(to)) throw new OpenlineError("usage", `${to} is there already`);
  const source = openForReading(from);
  try {
    await backup(source, to, { rate: 1000 });
  } catch (cause) {
    throw new OpenlineError("storage", `${to} cannot be written`, { cause });
  } finally {
    source.close();
  }
  sealCopy(to);
  for (const path of [to, dirname(to)]) {
    const file = await open(path, "r");
    await file.sync();
    await file.close();
  }
}

/** A copy in one file: nothing of it waits in a log beside it. */
function sealCopy(path: string): void {
  const db = new DatabaseSync(path);
  try {
    db.exec("PRAGMA journal_mode = DELETE");
    const found = Object.values(db.prepare("PRAGMA integrity_check").get() ?? {})[0];
    if (found !== "ok") throw new OpenlineError("damaged", `${path}: ${String(found)}`);
  } finally {
    db.close();
  }
}
