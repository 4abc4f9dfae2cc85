import {
  type Accord,
  type Head,
  type Judged,
  type LeafHash,
  type LineRecord,
  type LogId,
  type OwnLog,
  type Party,
  type Refusal,
  type Suite,
  type WireCheckpoint,
  encodeWireCheckpoint,
} from "@openline/core";
import type { SealingPort } from "./exchange-have.ts";
import type { NodeKeys } from "./keys.ts";
import type { World } from "./ports.ts";
import type { Store } from "./store/store.ts";
import type { VerifyAside } from "./verify-aside.ts";

export interface ExchangeOptions {
  readonly suite: Suite;
  readonly accord: Accord;
  readonly party: Party;
  readonly keys: NodeKeys;
  readonly store: Store;
  readonly record: LineRecord;
  readonly world: World;
  readonly sealing?: SealingPort | undefined;
  readonly peerBytes?: number | undefined;
  readonly verifyAside?: VerifyAside | undefined;
  /** Our own log as it stands now. */
  readonly own: () => OwnLog;
}

/** What a frame brought. */
export interface Received {
  /** Peer entries that were read because of it. */
  readonly judged: readonly Judged[];
  /** Heads below which everything is durably here. */
  readonly stored: readonly Head[];
  /** Entries refused for what only this node can know. */
  readonly refused: readonly { readonly leaf: LeafHash; readonly refusal: Refusal }[];
  /** Proof that a party signed two heads that cannot both be true. */
  readonly forks: readonly { readonly log: LogId; readonly proof: Uint8Array }[];
  /** The head of our own log that a peer returned and our store did not have: we have been rolled back. */
  readonly tail: Head | undefined;
  /** Leaves to be listed one by one: refused and their body has come after all, or held ahead of a gap. */
  readonly late: readonly LeafHash[];
  /** The sender should hear what we have, or be asked for the log from its start, or for attachments that it has named. */
  readonly ask: "again" | "from-start" | "attachments" | undefined;
}

export const NOTHING: Received = {
  judged: [],
  stored: [],
  refused: [],
  forks: [],
  tail: undefined,
  late: [],
  ask: undefined,
};

/** Where the store keeps the latest checkpoint of a log that carries an ML-DSA-44 line. */
export const sealedKey = (log: LogId): string => `sealed/${log}`;
export const sealedHead = (log: LogId, checkpoint: WireCheckpoint): { key: string; value: Uint8Array } => ({
  key: sealedKey(log),
  value: encodeWireCheckpoint(checkpoint),
});
