import { assert } from "../errors.ts";
import type { InUse } from "./in-use.ts";
import type { LogTrack } from "./log-track.ts";

/** What a log begins with: keys, accord, and acts of amendments that are under way. */
export type LogStart = Pick<LogTrack, "ring" | "uses" | "amending">;

export const newLogTrack = (which: Pick<LogTrack, "id" | "party" | "incarnation" | "actIds">, start: LogStart): LogTrack => ({
  ...which,
  ...start,
  times: [],
  named: new Map(),
  notHeld: new Map(),
  missing: new Set(),
  listed: new Map(),
  lastControl: null,
  origin: "",
});

/** What a later incarnation goes on with: keys, accord and acts of amendments as they stood where it closes the one before. */
export function carriedOver(before: LogTrack, size: number): LogStart {
  const uses = before.uses.filter((use) => use.since < size).map((use): InUse => ({ ...use, since: -1 }));
  const last = uses.at(-1);
  assert(last !== undefined, "every log begins with an accord");
  const amending = before.amending.filter((act) => act.log !== before || act.index < size);
  return { ring: before.ring.carriedOver(size), uses: [last], amending };
}
