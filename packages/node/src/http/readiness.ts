import type { Unready } from "@openline/api";
import { limits, secondsOf } from "@openline/core";
import type { Served, ServedLine } from "./served.ts";

/** Without a tick for this long no clock of the line runs here. Milliseconds. */
const STALLED_MS = 10_000;
/** A node places nothing before its log's last entry, and does not wait longer than this for its clock to come up to it. Seconds. */
const CLOCK_BEHIND_S = 2;

/** What keeps this node from signing, storing or keeping time, for each of its lines. */
export async function unreadyOf({ lines }: Served): Promise<readonly Unready[]> {
  const found = await Promise.all(lines.map(async (line) => ({ party: line.party.id, why: await whyUnready(line) })));
  return found.flatMap(({ party, why }) => (why === undefined ? [] : [{ party, why }]));
}

async function whyUnready({ node, store, sinceTickMs }: ServedLine): Promise<Unready["why"] | undefined> {
  if (node.stopped) return "fault";
  const free = await bytesFree(store);
  if (free === undefined) return "store";
  if (sinceTickMs() > STALLED_MS) return "stalled";
  if (secondsOf(node.options.world.clock.now()) + CLOCK_BEHIND_S < node.own.time) return "clock";
  if (free < limits.freeBytesMin) return "full";
  return node.places ? undefined : "starting";
}

/** Undefined: the store has failed, or fails at this. */
const bytesFree = (store: ServedLine["store"]): Promise<number | undefined> => store.bytesFree().catch(() => undefined);
