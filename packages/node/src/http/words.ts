import { type Body, type Suite, type WordsOf, parseLeafHash } from "@openline/core";
import { wordsOfEntry } from "../operate/status.ts";
import type { Store } from "../store/store.ts";

/** Runs a computation that looks up disclosed words, which lie in the store: what it asks for is fetched and it runs again. It must be
 *  pure. Each round asks for what the one before made it see, so a few are enough. */
export async function withWords<T>(place: { readonly store: Store; readonly suite: Suite }, compute: (words: WordsOf) => T): Promise<T> {
  const known = new Map<string, Body | undefined>();
  for (;;) {
    const asked = new Set<string>();
    const value = compute((leaf) => {
      if (!known.has(leaf)) asked.add(leaf);
      return known.get(leaf);
    });
    if (asked.size === 0) return value;
    for (const leaf of asked) {
      const stored = await place.store.byLeaf(parseLeafHash(leaf));
      known.set(leaf, stored === undefined ? undefined : wordsOfEntry(place.suite, stored));
    }
  }
}
