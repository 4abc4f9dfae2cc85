import type { RandomBytes, UnixMillis } from "@openline/core";

export type { Store } from "./store/store.ts";
export type { SecondPlace } from "./store/second-place.ts";
export type { Bearer } from "./bearers/bearer.ts";

/** What a node needs from the world besides its stores and bearers. Only `main.ts` makes real ones. */
export interface Clock {
  now(): UnixMillis;
}

export interface World {
  readonly clock: Clock;
  readonly random: RandomBytes;
}
