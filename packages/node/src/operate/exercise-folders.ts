import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OpenlineError } from "@openline/core";
import { lockStore } from "../store/sqlite-open.ts";
import type { Exercise } from "./exercise-types.ts";
import { FILES } from "./folder.ts";

/** The folders of one play, held by this process as a node holds its own: no node starts in one of them, and no other play begins. */
export interface HeldFolders {
  release(): void;
}

/** Takes `dir`, in which nothing may lie, or with `fresh` an earlier play of the same exercise, which is then gone. Every folder is held
 *  before anything in any of them is removed. Stores are opened in them as `locked`. Throws `OpenlineError`: `usage`, `folder-in-use`,
 *  `storage`. */
export async function takeFolders(dir: string, exercise: Exercise, fresh: boolean): Promise<HeldFolders> {
  const parties = exercise.parties.map(({ id }): string => id);
  const before = await namesIn(dir);
  await refuseOthers(dir, before, exercise.id);
  const again = before.length > 0;
  // Who meets the lock of another play has not made or removed anything. In one order, so that one of two that begin at once goes on.
  const names = [...new Set(again && !fresh ? before : [...before, ...parties])].toSorted();
  const held = await holdAll(dir, names);
  try {
    if (again && !fresh) throw new OpenlineError("usage", `${dir} is not empty; --fresh plays the same exercise anew`);
    await refuseOthers(dir, await namesIn(dir), exercise.id);
    for (const name of names) await empty(join(dir, name), parties.includes(name));
    for (const party of parties) await writeFile(join(dir, party, FILES.exercise), `${exercise.id}\n`);
    return held;
  } catch (error) {
    held.release();
    throw error;
  }
}

async function namesIn(dir: string): Promise<readonly string[]> {
  return mkdir(dir, { recursive: true })
    .then(() => readdir(dir))
    .catch((cause: unknown) => {
      throw new OpenlineError("usage", `${dir} is no folder that can be written: ${cause instanceof Error ? cause.message : ""}`, {
        cause,
      });
    });
}

/** What keeps a folder taken, and names the exercise, stays where it is while all else goes: whoever comes in between must find both. */
const LOCK = `${FILES.database}.lock.db`;
const KEPT: ReadonlySet<string> = new Set([LOCK, `${LOCK}-journal`, FILES.exercise]);

/** Every name must be the folder of a party of this exercise, or one that a play has taken and has not yet written into. */
async function refuseOthers(dir: string, names: readonly string[], exercise: string): Promise<void> {
  for (const name of names) {
    const folder = join(dir, name);
    const said = await readFile(join(folder, FILES.exercise), "utf8").catch(() => undefined);
    if (said?.trim() === exercise) continue;
    const inside = await readdir(folder).catch(() => undefined);
    if (said === undefined && inside?.every((file) => KEPT.has(file)) === true) continue;
    throw new OpenlineError("usage", `${folder} is no folder of exercise ${exercise}; it is left alone`);
  }
}

async function holdAll(dir: string, names: readonly string[]): Promise<HeldFolders> {
  const locks: ReturnType<typeof lockStore>[] = [];
  const release = (): void => locks.forEach((lock) => lock.close());
  try {
    for (const name of names) {
      await mkdir(join(dir, name), { recursive: true, mode: 0o700 });
      locks.push(lockStore(join(dir, name, FILES.database)));
    }
    return { release };
  } catch (cause) {
    release();
    if (cause instanceof OpenlineError) throw cause;
    throw new OpenlineError("storage", `${dir}: ${cause instanceof Error ? cause.message : "cannot be taken"}`, { cause });
  }
}

/** A party that the exercise no longer has keeps no folder. */
async function empty(folder: string, goesOn: boolean): Promise<void> {
  for (const name of await readdir(folder)) if (!goesOn || !KEPT.has(name)) await rm(join(folder, name), { recursive: true });
  if (!goesOn) await rm(folder, { recursive: true });
}
