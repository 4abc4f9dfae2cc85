import type { Accord, Party, Suite } from "@openline/core";
import type { SealingPort } from "./exchange-have.ts";
import type { NodeKeys } from "./keys.ts";
import type { Enrolled } from "./own-evidence.ts";
import type { SecondPlace, Store, World } from "./ports.ts";
import type { VerifyAside } from "./verify-aside.ts";

/** Whom a node serves, and what it works with. */
export interface NodeOptions {
  readonly suite: Suite;
  readonly accord: Accord;
  /** Which party this node is. */
  readonly party: Party;
  readonly keys: NodeKeys;
  readonly store: Store;
  readonly second: SecondPlace;
  readonly world: World;
  /** Receipts are entered on the next tick after this; a replay uses 0. Milliseconds. */
  readonly receiptDelayMs: number;
  /** Interval beats and the daily state act; off in a replay, which enters receipts only. */
  readonly unprompted: boolean;
  /** At a start, place nothing until a peer has confirmed that it holds no more of our log than we do; after 10 s open a new
   *  incarnation instead. It finds out that store and second place were rolled back together. */
  readonly confirmStart?: boolean;
  /** Keys known on other lines, with their mode. */
  readonly enrolled?: Enrolled;
  /** What one party's entries and bodies may take of our disk; at that its credit is 0 and a beat says so. Bytes. */
  readonly peerBytes?: number;
  /** Envelopes below the bearers. */
  readonly sealing?: SealingPort;
  /** Told whenever something may have changed: after each door, and when an own act is durable. It must return at once. */
  readonly changed?: () => void;
  /** Checks signatures of our own people's acts on other threads. */
  readonly verifyAside?: VerifyAside;
}
