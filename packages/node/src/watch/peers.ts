import { type LogTrack, firstNaming, namedBy, secondsOf } from "@openline/core";
import type { ServedLine } from "../http/served.ts";

/** What the two logs show of one peer. Times in POSIX seconds. */
interface PeerView {
  readonly id: string;
  /** Undefined: it has signed nothing yet. */
  readonly lastAt: number | undefined;
  readonly lagEntries: number;
  readonly lagSeconds: number;
  readonly clockOffset: number;
}

export function peersOf({ node, accord, party }: ServedLine): readonly PeerView[] {
  const { record } = node;
  const at = secondsOf(node.options.world.clock.now());
  const own = record.logs.get(node.own.log);
  return accord.parties.flatMap((peer, position): readonly PeerView[] => {
    const theirs = record.logsOf[position]?.at(-1);
    if (peer === party || own === undefined) return [];
    const named = Math.max(0, ...(record.logsOf[position] ?? []).map((log) => namedBy(log, own.id, log.times.length)));
    const oldest = own.times[named];
    return [
      {
        id: peer.id,
        lastAt: theirs?.times.at(-1),
        lagEntries: Math.max(0, own.times.length - named),
        lagSeconds: oldest === undefined ? 0 : Math.max(0, at - oldest),
        clockOffset: theirs === undefined ? 0 : offsetOf({ own, theirs, at }),
      },
    ];
  });
}

/** Their last entry was placed after what it names of ours, and before our first entry that names it: how far its time lies outside. */
function offsetOf({ own, theirs, at }: { readonly own: LogTrack; readonly theirs: LogTrack; readonly at: number }): number {
  const index = theirs.times.length - 1;
  const claimed = theirs.times[index];
  if (claimed === undefined) return 0;
  const named = namedBy(theirs, own.id, index + 1);
  const after = named > 0 ? (own.times[named - 1] ?? claimed) : claimed;
  const naming = firstNaming(own, theirs.id, index);
  const before = naming === undefined ? at : (own.times[naming] ?? at);
  if (claimed > before) return claimed - before;
  return claimed < after ? claimed - after : 0;
}
