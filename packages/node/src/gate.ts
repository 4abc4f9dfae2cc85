import type { Head, UnixMillis } from "@openline/core";

/** How long a node waits for its peers before it opens a new incarnation rather than stay silent. Milliseconds. */
export const CONFIRM_MS = 10_000;

/** Whether this node may place entries in its log as it stands.
 *  `asking`: it has just started and no peer has confirmed that it holds no more of our log than we do.
 *  `returned`: a peer has shown a head of ours that we had lost; it is read first, then closed. */
export type Standing =
  | { readonly is: "going" }
  | { readonly is: "asking"; readonly since: UnixMillis }
  | { readonly is: "returned"; readonly since: UnixMillis; readonly head: Head };

/** Holds back what would be placed until the node may place it. */
export class Gate {
  #standing: Standing = { is: "going" };
  #open: PromiseWithResolvers<void> = Promise.withResolvers<void>();
  #fault: Error | undefined;

  constructor() {
    this.#open.resolve();
  }

  get standing(): Standing {
    return this.#standing;
  }

  get going(): boolean {
    return this.#standing.is === "going";
  }

  shut(standing: Exclude<Standing, { is: "going" }>): void {
    if (this.going) {
      this.#open = Promise.withResolvers<void>();
      // Nobody may be waiting when the node stops.
      this.#open.promise.catch(() => undefined);
    }
    this.#standing = standing;
  }

  open(): void {
    this.#standing = { is: "going" };
    this.#open.resolve();
  }

  /** Whether it has been shut for so long that the line must go on without an answer. */
  overdue(now: UnixMillis): boolean {
    return this.#standing.is !== "going" && now >= this.#standing.since + CONFIRM_MS;
  }

  /** For good: whoever waits is told. */
  fail(fault: Error): void {
    this.#fault ??= fault;
    this.#open.reject(this.#fault);
  }

  /** Resolves when the node may place. Rejects when it has stopped. */
  passed(): Promise<void> {
    return this.#fault === undefined ? this.#open.promise : Promise.reject(this.#fault);
  }
}
