import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Accord,
  OpenlineError,
  type Party,
  type Schema,
  bytes,
  decode,
  decodeAccordFiles,
  encode,
  encodeAccordFiles,
  list,
  object,
  plain,
  readAccord,
  record,
  refusable,
} from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import { decodeNodeKeys, encodeNodeKeys } from "../keys.ts";
import { FileSecondPlace } from "../store/file-second-place.ts";
import { makeFolders } from "../store/make-folders.ts";
import { openSqlite, openSqliteReadOnly } from "../store/sqlite.ts";
import type { Store } from "../store/store.ts";
import type { PartySecrets } from "./line-setup.ts";

/** A party's folder: `accord.cbor`, `node.keys`, `posts.keys`, `party`, `openline.db`, `second/`;
 *  an exercise's folder also says in `exercise` which it is. */

export const FILES = {
  accord: "accord.cbor",
  party: "party",
  keys: "node.keys",
  posts: "posts.keys",
  database: "openline.db",
  second: "second",
  exercise: "exercise",
  /** Private keys of the sealing epochs: in no backup. */
  epochs: "epoch.keys",
  /** Who is signed in at consoles: in no backup. */
  sessions: "console.sessions",
  /** What root holders have said of lost pre-shared keys. */
  notices: "notices",
} as const;

interface PostKeys {
  readonly directory: readonly Uint8Array[];
  readonly watch: Readonly<Record<string, Uint8Array>>;
}
const postKeys: Schema<PostKeys> = object<PostKeys>({ directory: list(bytes(32), 64), watch: record(bytes(32), 1024) });

/** Writes a new party folder. Key files are readable by their owner only. */
export async function createFolder(dir: string, accord: Accord, secrets: PartySecrets): Promise<void> {
  await makeFolders(dir, { mode: 0o700 });
  await makeFolders(join(dir, FILES.second));
  await writeFile(join(dir, FILES.accord), encodeAccordFiles(accord.files));
  await writeFile(join(dir, FILES.party), `${secrets.id}\n`);
  await secret(join(dir, FILES.keys), encodeNodeKeys(secrets.keys));
  await secret(join(dir, FILES.posts), encode(plain({ directory: secrets.directory, watch: Object.fromEntries(secrets.watch) })));
}

async function secret(path: string, content: Uint8Array): Promise<void> {
  await writeFile(path, content, { mode: 0o600 });
  await chmod(path, 0o600);
}

/** What a folder says without its keys: enough to read the record. */
export interface FolderView {
  readonly dir: string;
  readonly accord: Accord;
  readonly party: Party;
  readonly store: Store;
}

/** Opens a folder read-only, also while its node runs. Throws `OpenlineError` `not-a-folder`. */
export async function readFolder(dir: string): Promise<FolderView> {
  const { accord, party } = await accordOf(dir);
  return { dir, accord, party, store: await openSqliteReadOnly(join(dir, FILES.database)) };
}

async function accordOf(dir: string): Promise<{ readonly accord: Accord; readonly party: Party }> {
  const files = await fileOf(dir, FILES.accord);
  const id = Buffer.from(await fileOf(dir, FILES.party))
    .toString("utf8")
    .trim();
  const read = refusable(() => readAccord(nativeSuite, decodeAccordFiles(files)));
  if (!read.ok) throw new OpenlineError("damaged", `${dir}: ${FILES.accord}: ${read.refusal.code}: ${read.refusal.detail}`);
  const party = read.value.parties.find((item) => item.id === id);
  if (party === undefined) throw new OpenlineError("damaged", `${dir}: ${FILES.party} names no party of the accord`);
  return { accord: read.value, party };
}

async function fileOf(dir: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(join(dir, name));
  } catch (cause) {
    throw new OpenlineError("not-a-folder", `${dir} is no party's folder: ${name} cannot be read`, { cause });
  }
}

/** A folder opened for its node: the store is locked for this process. */
export interface OpenFolder extends FolderView {
  readonly secrets: PartySecrets;
  readonly second: FileSecondPlace;
}

/** `locked`: this process holds the folder already. Throws `OpenlineError`: `not-a-folder`, `folder-in-use`, `damaged`. */
export async function openFolder(dir: string, { locked = false }: { readonly locked?: boolean } = {}): Promise<OpenFolder> {
  const { accord, party } = await accordOf(dir);
  const nodeKeys = await fileOf(dir, FILES.keys);
  const posts = await fileOf(dir, FILES.posts);
  const read = refusable(() => ({ keys: decodeNodeKeys(nodeKeys), posts: postKeys(decode(posts), "post keys") }));
  if (!read.ok) throw new OpenlineError("damaged", `${dir}: key files: ${read.refusal.detail}`);
  const secrets: PartySecrets = {
    id: party.id,
    keys: read.value.keys,
    directory: read.value.posts.directory,
    watch: new Map(Object.entries(read.value.posts.watch)),
  };
  const store = await openSqlite(join(dir, FILES.database), { locked });
  return { dir, accord, party, store, secrets, second: new FileSecondPlace(join(dir, FILES.second)) };
}

/** Seed of a post's watch key, where it lies in the folder: an exercise's. Throws `OpenlineError` `usage`. */
export async function postSeed(dir: string, post: string): Promise<Uint8Array> {
  const seed = (await postKeysOf(dir))?.watch[post];
  if (seed === undefined) throw new OpenlineError("usage", `${dir} holds no key of post ${post}`);
  return seed;
}

/** Seed of an exercise's first directory key. Throws `OpenlineError` `usage`. */
export async function directorySeed(dir: string): Promise<Uint8Array> {
  const [seed] = (await postKeysOf(dir))?.directory ?? [];
  if (seed === undefined) throw new OpenlineError("usage", `${dir} holds no key of the directory`);
  return seed;
}

async function postKeysOf(dir: string): Promise<PostKeys | undefined> {
  const file = await fileOf(dir, FILES.posts);
  const read = refusable(() => postKeys(decode(file), "post keys"));
  return read.ok ? read.value : undefined;
}
