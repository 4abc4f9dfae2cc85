import type { Dirent } from "node:fs";
import { lstat, readFile, readdir, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OpenlineError, visibleLine } from "@openline/core";
import { makeFolders } from "../store/make-folders.ts";
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
  await refuseOthers(dir, before, exercise);
  const again = before.length > 0;
  // Who meets the lock of another play has not made or removed anything. In one order, so that one of two that begin at once goes on.
  const names = [...new Set(again && !fresh ? before : [...before, ...parties])].toSorted();
  const held = await holdAll(dir, names);
  try {
    if (again && !fresh) throw new OpenlineError("usage", `${dir} is not empty; --fresh plays the same exercise anew`);
    await refuseOthers(dir, await namesIn(dir), exercise);
    for (const name of names) await refuseStrangers(join(dir, name));
    for (const name of names) await empty(join(dir, name), parties.includes(name));
    for (const party of parties) await writeFile(join(dir, party, FILES.exercise), `${exercise.id}\n`);
    return held;
  } catch (error) {
    held.release();
    throw error;
  }
}

/** Takes an earlier play of the same exercise as it stands, whatever nodes and consoles have left in its folders since: nothing is
 *  removed. Throws `OpenlineError`: `usage`, `folder-in-use`, `storage`. */
export async function holdPlayed(dir: string, exercise: Exercise): Promise<HeldFolders> {
  await refuseUnplayed(dir, exercise);
  const held = await holdAll(dir, exercise.parties.map(({ id }): string => id).toSorted());
  try {
    // Another play may have begun anew before the folders were held.
    await refuseUnplayed(dir, exercise);
    return held;
  } catch (error) {
    held.release();
    throw error;
  }
}

async function refuseUnplayed(dir: string, { id, parties }: Exercise): Promise<void> {
  for (const party of parties) {
    const folder = join(dir, party.id);
    const said = await readFile(join(folder, FILES.exercise), "utf8").catch(() => undefined);
    const names: readonly string[] = await readdir(folder).catch(() => []);
    // The posts' keys are written last, and then the store is opened.
    if (said?.trim() !== id || ![FILES.posts, FILES.database].every((file) => names.includes(file)))
      throw new OpenlineError("usage", `${visibleLine(folder)} holds no play of exercise ${id} that could go on`);
  }
}

async function namesIn(dir: string): Promise<readonly string[]> {
  return makeFolders(dir)
    .then(() => readdir(dir))
    .catch((cause: unknown) => {
      throw new OpenlineError("usage", `${dir} is no folder that can be written: ${cause instanceof Error ? cause.message : ""}`, {
        cause,
      });
    });
}

const LOCK = `${FILES.database}.lock.db`;
/** What keeps a folder taken, and names the exercise, stays where it is while all else goes: whoever comes in between must find both. */
const KEPT: ReadonlySet<string> = new Set([LOCK, `${LOCK}-journal`, FILES.exercise]);
/** What a play makes in a party's folder, also one that was cut off, besides the folder `second`. */
const MADE: ReadonlySet<string> = new Set([
  ...KEPT,
  FILES.accord,
  FILES.party,
  FILES.keys,
  FILES.posts,
  ...[FILES.database, `${FILES.database}.new`].flatMap((name) => [name, `${name}-wal`, `${name}-shm`, `${name}-journal`]),
]);
const PLACE = /^[0-9a-f]{16}\.place(\.new)?$/;

/** Every name must be the folder of a party in a play of this exercise, or one that a play has taken and has not yet written into. */
async function refuseOthers(dir: string, names: readonly string[], { id, parties }: Exercise): Promise<void> {
  for (const name of names) {
    const folder = join(dir, name);
    const own = (await lstat(folder)).isDirectory();
    const said = own ? await readFile(join(folder, FILES.exercise), "utf8").catch(() => undefined) : undefined;
    if (said?.trim() === id) continue;
    const isNew = own && said === undefined && parties.some((party) => party.id === name);
    if (isNew && (await readdir(folder)).every((file) => KEPT.has(file))) continue;
    throw new OpenlineError("usage", `${visibleLine(folder)} is no folder of exercise ${id}; it is left alone`);
  }
}

/** Nothing may lie in a party's folder that a play has not made: a note of somebody's, what a node or a console has left. */
async function refuseStrangers(folder: string): Promise<void> {
  const stranger =
    (await strangerIn(folder, (item) => (item.isDirectory() ? item.name === FILES.second : item.isFile() && MADE.has(item.name)))) ??
    (await strangerIn(join(folder, FILES.second), (item) => item.isFile() && PLACE.test(item.name)));
  if (stranger !== undefined) throw new OpenlineError("usage", `${visibleLine(stranger)} was not made by a play; nothing is removed`);
}

/** The first thing in a folder, or below it, that is not known. Nothing where there is no such folder. */
async function strangerIn(folder: string, known: (item: Dirent) => boolean): Promise<string | undefined> {
  const items = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const stranger = items.find((item) => !known(item));
  if (stranger === undefined) return undefined;
  const path = join(folder, stranger.name);
  return (stranger.isDirectory() ? await strangerIn(path, () => false) : undefined) ?? path;
}

async function holdAll(dir: string, names: readonly string[]): Promise<HeldFolders> {
  const locks: ReturnType<typeof lockStore>[] = [];
  const release = (): void => locks.forEach((lock) => lock.close());
  try {
    for (const name of names) {
      await makeFolders(join(dir, name), { mode: 0o700 });
      locks.push(lockStore(join(dir, name, FILES.database)));
    }
    return { release };
  } catch (cause) {
    release();
    if (cause instanceof OpenlineError) throw cause;
    throw new OpenlineError("storage", `${dir}: ${cause instanceof Error ? cause.message : "cannot be taken"}`, { cause });
  }
}

/** Removes what a play has made, by its names. A party that the exercise no longer has keeps no folder. */
async function empty(folder: string, goesOn: boolean): Promise<void> {
  const second = join(folder, FILES.second);
  for (const name of await readdir(folder)) {
    if (name === FILES.second) for (const place of await readdir(second)) await rm(join(second, place));
    if (name === FILES.second) await rmdir(second);
    else if (!goesOn || !KEPT.has(name)) await rm(join(folder, name));
  }
  if (!goesOn) await rmdir(folder);
}
