/** Tells whoever watches a line that something may have changed. What it was they find out themselves. */
export class Changes {
  readonly #watchers: Set<() => void> = new Set();

  /** Returns how to stop watching. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  readonly tell = (): void => {
    for (const watcher of this.#watchers) watcher();
  };
}
