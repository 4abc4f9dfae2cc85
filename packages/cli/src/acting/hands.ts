import { type Hand, OpenlineError } from "@openline/core";
import { type SigningKey, handOf, loadSigningKey, nativeSuite, postSeed } from "@openline/node/operate";
import { EXIT, Ended } from "../exit.ts";
import { type KeyOptions, unlockerOf } from "../passphrases.ts";

/** Whose keys sign an act. */
export interface HandOptions extends KeyOptions {
  /** File of the author's watch key; an exercise's lies in its folder. */
  readonly key?: string;
  /** File of the watch key of the second person, where the channel asks for two. */
  readonly releaserKey?: string;
}

/** The watch keys given, opened: the posts that the author's key is for stand in its label. */
export interface WatchKeys {
  readonly author: SigningKey | undefined;
  readonly releaser: SigningKey | undefined;
}

export async function watchKeysOf(party: string, options: HandOptions): Promise<WatchKeys> {
  const unlocker = unlockerOf(options);
  const load = (path: string | undefined): Promise<SigningKey | undefined> =>
    path === undefined ? Promise.resolve(undefined) : loadSigningKey(path, { kind: "watch", party }, unlocker);
  return { author: await load(options.key), releaser: await load(options.releaserKey) };
}

/** Posts that a watch key was made for. */
export const postsOf = (key: SigningKey): readonly string[] => key.label.name.split("+");

/** An exercise's posts have their keys in its folder; on a live line an officer brings one. */
async function exerciseSeed(dir: string, post: string): Promise<Uint8Array> {
  try {
    return await postSeed(dir, post);
  } catch (error) {
    if (error instanceof OpenlineError && error.code === "not-a-folder")
      throw new Ended(EXIT.usage, `--key FILE: the watch key of post ${post}`);
    throw error;
  }
}

/** Who signs for a post, the author first. */
export async function handsFor(dir: string, post: string, { author, releaser }: WatchKeys): Promise<readonly Hand[]> {
  const first: Hand =
    author === undefined
      ? { ...handOf(nativeSuite, await exerciseSeed(dir, post)), role: "author" }
      : { kid: author.kid, sign: author.sign, role: "author" };
  return releaser === undefined ? [first] : [first, { kid: releaser.kid, sign: releaser.sign, role: "releaser" }];
}
