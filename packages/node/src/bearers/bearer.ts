import type { UnixMillis } from "@openline/core";

/** A node's own observation of one direction of a bearer; it is shown beside the state and no part of it. */
export type BearerHealth =
  | { readonly is: "proven"; readonly at: UnixMillis }
  | { readonly is: "silent"; readonly since: UnixMillis }
  | { readonly is: "failing"; readonly code: string }
  | { readonly is: "not-tested" };

/** A way bytes travel between two nodes. It may lose, double, reorder, delay, cut or corrupt frames; nothing above may
 *  notice. It holds no signing or sealing key. What every kind does is the suite `test/bearers/acceptance.ts`.
 *  Source: docs/spec/bearers.md §2. */
export interface Bearer {
  /** Unique in the process. */
  readonly id: string;
  readonly kind: "memory" | "tls" | "file";
  /** Decides how long a sealing epoch lasts: a day, a week, a month. */
  readonly epoch: "direct" | "narrow" | "hand";
  /** Longest frame it takes, bytes. */
  readonly mtu: number;
  readonly oneWay: "out" | "in" | undefined;
  /** Bytes it takes now without queueing beyond its window; 0: none. */
  credit(): number;
  /** Takes a frame of 1 to `mtu` bytes for the other side; resolves when it has been handed over or dropped, and never rejects for
   *  either. A frame of any other length is a bug. */
  send(frame: Uint8Array): Promise<void>;
}

/** What whoever composes a node does with a bearer besides. */
export interface OpenBearer extends Bearer {
  /** How each direction does. */
  health(): { readonly out: BearerHealth; readonly in: BearerHealth };
  /** Lets go of everything it holds; frames under way are dropped. Closing twice is allowed. */
  close(): Promise<void>;
}

/** Where a bearer hands what it got, one frame after another: the next one waits until this one is taken, and with it the other
 *  end. Bytes are the other end's claim, 1 to `mtu` of them. It never rejects. */
export type TakeFrame = (frame: Uint8Array, bearer: Bearer) => void | Promise<void>;

/** Chances to wait that a test can turn by hand. */
export interface Timers {
  /** Runs `step` once, `ms` from now, unless it is cancelled before. */
  after(ms: number, step: () => void): { cancel(): void };
}
