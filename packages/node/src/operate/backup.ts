import { copyFile, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { OpenlineError, recordFiles } from "@openline/core";
import { verifyRecord } from "@openline/verify";
import { nativeSuite } from "../crypto/native-suite.ts";
import { copyStore } from "../store/backup-store.ts";
import { makeFolders } from "../store/make-folders.ts";
import { checkPages } from "../store/sqlite-open.ts";
import { isOpenToAll } from "./ceremony.ts";
import { FILES, readFolder } from "./folder.ts";
import { LINE_FILES } from "./line-folder.ts";
import { recordSource } from "./record-source.ts";

/** What a backup holds besides the store: what the node cannot make again, sealed as it lies in the folder, and what its people have set.
 *  Never the second place, which must tell a restored store from one that was not, never the keys of sealing epochs, which must be gone
 *  when they are over, never who is signed in at consoles, and never what was laid out to be handed over. */
const KEPT = [
  FILES.accord,
  FILES.party,
  LINE_FILES.config,
  FILES.keys,
  FILES.posts,
  FILES.exercise,
  "bearers.yaml",
  "telephones.yaml",
  "alarm.yaml",
] as const;

/** Folders of which a backup holds files, and which: of the ceremony only what is no secret. */
const KEPT_WITHIN: readonly { readonly folder: string; readonly keeps: (name: string) => boolean }[] = [
  { folder: LINE_FILES.ceremony, keeps: isOpenToAll },
  { folder: FILES.notices, keeps: (name) => name.endsWith(".notice") },
];

/** Copies a party's folder into a new or empty one, also while its node runs. Returns the names of the files written.
 *  Throws `OpenlineError`: `usage`, `not-a-folder`, `storage`. */
export async function backUp(dir: string, out: string): Promise<readonly string[]> {
  await refuseFull(out);
  await makeFolders(out, { mode: 0o700 });
  await copyStore(join(dir, FILES.database), join(out, FILES.database));
  return [FILES.database, ...(await copyKept(dir, out))];
}

/** Puts a backup where a node can be started in it: a new or empty folder. What the backup lacks comes back from the other side. */
export async function restoreBackup(from: string, dir: string): Promise<readonly string[]> {
  const report = await verifyFolder(from);
  if (!report.ok) throw new OpenlineError("damaged", `${from} does not verify, so nothing was restored`);
  await refuseFull(dir);
  await makeFolders(dir, { mode: 0o700 });
  await copyFile(join(from, FILES.database), join(dir, FILES.database));
  return [FILES.database, ...(await copyKept(from, dir))];
}

/** Recomputes everything in a folder or a backup from its bytes: every root against the heads that both parties signed, every
 *  signature, rule and body. Throws `OpenlineError`: `not-a-folder`, `damaged`. */
export async function verifyFolder(dir: string): Promise<ReturnType<typeof verifyRecord>> {
  const folder = await readFolder(dir);
  try {
    checkPages(join(dir, FILES.database));
    const files = new Map<string, Uint8Array>();
    for (const { path, bytes } of recordFiles(nativeSuite, await recordSource(nativeSuite, folder))) files.set(path, bytes);
    return verifyRecord(nativeSuite, files);
  } finally {
    await folder.store.close();
  }
}

async function copyKept(from: string, to: string): Promise<readonly string[]> {
  const copied: string[] = [];
  for (const name of [...KEPT, ...(await keptWithin(from))]) {
    if ((await stat(join(from, name)).catch(() => undefined)) === undefined) continue;
    await makeFolders(dirname(join(to, name)), { mode: 0o700 });
    await copyFile(join(from, name), join(to, name));
    copied.push(name);
  }
  return copied;
}

async function keptWithin(from: string): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const { folder, keeps } of KEPT_WITHIN) {
    const names = await namesIn(join(from, folder));
    kept.push(...names.filter(keeps).map((name) => join(folder, name)));
  }
  return kept.toSorted();
}

/** None where there is no folder. */
const namesIn = (dir: string): Promise<readonly string[]> =>
  readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new OpenlineError("usage", `${dir} is no folder`);
  });

async function refuseFull(dir: string): Promise<void> {
  if ((await namesIn(dir)).length > 0) throw new OpenlineError("usage", `${dir} is not empty`);
}
