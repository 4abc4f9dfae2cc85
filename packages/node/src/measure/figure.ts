/** How much is measured: `quick` within a minute, `usual` within ten. */
export type Size = "quick" | "usual";

/** What the same machine can do at best in the same run. All in milliseconds; `durable_append` is SQLite with synchronous FULL. */
export interface Floor {
  /** The least that a message and its receipt can take: two durable appends, one round trip on loopback, three signatures and
   *  three checks of signatures (the act, its checkpoint, the checkpoint of the beat). */
  readonly ms: number;
  readonly parts: Readonly<Record<string, number>>;
}

export interface Figure {
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  readonly floorRatio?: number;
}
