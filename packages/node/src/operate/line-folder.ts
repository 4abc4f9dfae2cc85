import { readFile, readdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Mode, OpenlineError, type PartyId, parsePartyId, yamlText } from "@openline/core";
import { makeFolders } from "../store/make-folders.ts";
import { mapOf, optionally, parsedBy, required, textOf, wordOf } from "./exercise-values.ts";
import { FILES } from "./folder.ts";
import { writeSecretly } from "./key-file.ts";
import { readYamlFile } from "./yaml-file.ts";

/** A live line's folder of one party. From the start: `line.yaml`, `node.keys`, `ceremony/` (what has been exchanged) and `out/`
 *  (what is to be handed over). When the accord is in force: `accord.cbor`, `party`, `openline.db`. Keys of root holders, of the
 *  directory and of posts are never in it. */

export const LINE_FILES = { config: "line.yaml", keys: FILES.keys, ceremony: "ceremony", out: "out" } as const;

export interface LineConfig {
  readonly party: PartyId;
  readonly mode: Mode;
  /** Folder of the second durable place, absolute: on another disk, and in no backup. */
  readonly second: string;
  /** The line is kept by this party alone, and this is the other one. */
  readonly absent?: PartyId;
}

/** Throws `OpenlineError`: `not-a-folder`, `exposed`, `usage` for a `line.yaml` that cannot be read. */
export async function readLineConfig(dir: string): Promise<LineConfig> {
  await refuseExposed(dir);
  const path = join(dir, LINE_FILES.config);
  if ((await stat(path).catch(() => undefined)) === undefined)
    throw new OpenlineError("not-a-folder", `${dir} is no line's folder: ${LINE_FILES.config} is not there (openline init makes one)`);
  return readYamlFile(path, (root) => {
    const map = mapOf(root, LINE_FILES.config, ["party", "mode", "second", "absent"]);
    return {
      party: parsedBy(required(map, "party", LINE_FILES.config), "party", parsePartyId),
      mode: wordOf(required(map, "mode", LINE_FILES.config), "mode", ["live", "exercise"]),
      second: resolve(dir, textOf(required(map, "second", LINE_FILES.config), "second", 4096)),
      ...optionally(map, "absent", (node) => parsedBy(node, "absent", parsePartyId)),
    };
  });
}

export const writeLineConfig = (dir: string, { party, mode, second, absent }: LineConfig): Promise<void> =>
  writeSecretly(
    join(dir, LINE_FILES.config),
    Buffer.from(yamlText({ party, mode, second, ...(absent === undefined ? {} : { absent }) })),
    true,
  );

/** Makes a folder that only its owner may enter. An existing one must be so already. */
export async function makeFolder(dir: string): Promise<void> {
  await makeFolders(dir, { mode: 0o700 });
  await refuseExposed(dir);
}

/** Throws `OpenlineError` `exposed` when others may enter, `not-a-folder` when there is none. */
export async function refuseExposed(dir: string): Promise<void> {
  const found = await stat(dir).catch(() => undefined);
  if (found === undefined || !found.isDirectory()) throw new OpenlineError("not-a-folder", `${dir} is no folder`);
  if ((found.mode & 0o077) !== 0)
    throw new OpenlineError("exposed", `${dir} may be entered by others (mode ${(found.mode & 0o777).toString(8)}); it must be 700`);
}

/** A file's content; nothing where there is none. */
export async function fileIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new OpenlineError("storage", `${path} cannot be read`, { cause: error });
  }
}

/** Whether two paths lie on one disk, as far as the system says: a backup or a failure would then take both. */
export async function sameDisk(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([stat(a), stat(b)]);
  return first.dev === second.dev;
}

/** Folders beside this one. */
export async function foldersBeside(dir: string): Promise<readonly string[]> {
  const own = resolve(dir);
  const parent = dirname(own);
  const found = await readdir(parent, { withFileTypes: true });
  return found.filter((item) => item.isDirectory() && join(parent, item.name) !== own).map((item) => join(parent, item.name));
}
