import type { Precedence } from "@openline/core";

/** The post that sends on a measured line. */
export const WATCH = "watch";

/** What the process of a party is told to do. */
export type Order =
  | { readonly do: "send"; readonly count: number; readonly outstanding: number; readonly precedence: Precedence }
  | { readonly do: "place" }
  | { readonly do: "usage" }
  | { readonly do: "stop" };

/** How long each message took until its receipt was durable at its sender, and all of them together. Milliseconds. */
export interface Sent {
  readonly tookMs: readonly number[];
  readonly ms: number;
}

/** What a process has used since it started; `handed`: bytes of frames handed to TLS. */
export interface Usage {
  readonly cpuS: number;
  readonly rssMb: number;
  readonly handed: number;
}
