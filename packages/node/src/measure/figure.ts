/** How much is measured: `quick` within a minute, `usual` within ten; of `least` the figures mean nothing, and it shows within seconds
 *  that everything is measured. */
export type Size = "least" | "quick" | "usual";

/** How many of something are taken at each size. */
export type BySize = Readonly<Record<Size, number>>;

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
