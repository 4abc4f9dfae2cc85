import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Accord, Party } from "@openline/core";
import type { NodeKeys } from "../keys.ts";
import type { NodeOptions } from "../node-options.ts";
import { openFolder } from "../operate/folder.ts";
import type { Unlocker } from "../operate/key-file.ts";
import { LINE_FILES } from "../operate/line-folder.ts";
import { openLine } from "../operate/open-line.ts";
import type { FileSecondPlace } from "../store/file-second-place.ts";
import type { Store } from "../store/store.ts";

/** A party's folder opened for its node, a live line's or an exercise's: the store is locked for this process. */
export interface NodePlace {
  readonly dir: string;
  readonly accord: Accord;
  readonly party: Party;
  readonly keys: NodeKeys;
  readonly store: Store;
  readonly second: FileSecondPlace;
  /** Keys known on other lines. */
  readonly enrolled: NonNullable<NodeOptions["enrolled"]>;
}

/** Throws `OpenlineError`: `not-a-folder`, `exposed`, `locked`, `damaged`, `folder-in-use`. */
export async function openNodePlace(dir: string, unlocker: Unlocker): Promise<NodePlace> {
  const live = await stat(join(dir, LINE_FILES.config)).catch(() => undefined);
  if (live !== undefined) return openLine(dir, unlocker);
  const { accord, party, store, second, secrets } = await openFolder(dir);
  return { dir, accord, party, keys: secrets.keys, store, second, enrolled: new Map() };
}

export async function closePlace({ store, second }: NodePlace): Promise<void> {
  await store.close();
  await second.close();
}
