import type { Hand } from "@openline/core";
import { handOf, nativeSuite, postSeed } from "@openline/node/operate";

/** The key with which a post signs. */
export async function authorOf(dir: string, post: string): Promise<Hand> {
  return { ...handOf(nativeSuite, await postSeed(dir, post)), role: "author" };
}
