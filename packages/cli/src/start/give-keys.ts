import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { NodeClient } from "@openline/api";
import { type Hand, OpenlineError, type UnixSeconds, parseTime } from "@openline/core";
import {
  type SigningKey,
  directorySeed,
  giveWatchKey,
  handOf,
  handsOf,
  loadSigningKey,
  makeFolders,
  nativeSuite,
  saltOfPerson,
} from "@openline/node/operate";
import { askNode } from "../acting/node-client.ts";
import { bytesOf, placeThroughNode } from "../acting/through-node.ts";
import { unlockerOf } from "../passphrases.ts";
import { GIVE_KEYS_MS } from "./limits.ts";
import type { StartedParty } from "./lines.ts";

/** Keys of a line that is there to be looked at last as long as anybody may look. */
export const SHIFT_END: UnixSeconds = parseTime("2099-12-31T00:00:00Z");

/** Gives every console that waits for a key its post, as the party's directory would after comparing digits: on this machine one
 *  person sits at all of them. */
export async function giveKeys({ id, dir, line }: StartedParty): Promise<void> {
  const give = async (client: NodeClient): Promise<void> => {
    const { requests } = await client.keyRequests(line);
    for (const { kid, post, key, possession } of requests) {
      const salt = await saltHere(dir, { party: id, person: post });
      const of = { key: bytesOf(key), possession: bytesOf(possession), posts: [post], person: post, salt, until: SHIFT_END };
      const out = join(dir, "consoles", `${kid}.person`);
      await makeFolders(join(dir, "consoles"));
      // Left by an answer that did not come to an end.
      await rm(out, { force: true });
      const said = await giveWatchKey(id, { ...of, out, protect: { by: "none" } });
      await placeThroughNode(client, line, { said, hands: await directoryHands(dir, id) });
    }
  };
  await askNode(dir, give, { withinMs: GIVE_KEYS_MS });
}

/** Who sits at another console of the same post is the same person: the second never releases what the first drafted. */
async function saltHere(dir: string, who: { readonly party: string; readonly person: string }): Promise<Uint8Array | undefined> {
  const folders = [join(dir, "consoles"), `${dir}-keys`].filter((folder) => existsSync(folder));
  for (const folder of folders)
    for (const name of await readdir(folder)) {
      if (!name.endsWith(".person")) continue;
      // Of somebody else, or not written to its end.
      const found = await saltOfPerson(join(folder, name), who, opensNothing).catch(() => undefined);
      if (found !== undefined) return found;
    }
  return undefined;
}

const opensNothing = (): Promise<never> => Promise.reject(new OpenlineError("locked", "a key under a passphrase stays closed here"));

/** The directory's key: of the live line beside the folder, of an exercise in it. */
async function directoryHands(dir: string, party: string): Promise<readonly Hand[]> {
  const file = join(`${dir}-keys`, "directory-1.key");
  if (!existsSync(file)) return [{ ...handOf(nativeSuite, await directorySeed(dir)), role: "author" }];
  const key: SigningKey = await loadSigningKey(file, { kind: "directory", party }, unlockerOf({}));
  return handsOf([key]);
}
