import { type LineRecord, type LogId, firstAbove, parseLogId } from "@openline/core";
import { Asked } from "./problems.ts";

/** Where an entry stands in the order by placement time, then log, then index. */
export interface At {
  readonly time: number;
  readonly log: LogId;
  readonly index: number;
}

/** Entries of all logs of a record, newest placement first, from `from` on. Entries of one second go by log id and then from the last
 *  to the first, so that a page goes on where the one before ended though entries have been added since. */
export function* newestFirst(record: LineRecord, from: At | undefined): Generator<At, void, void> {
  const heads = [...record.logs.values()]
    .map((log) => ({ log, next: startOf(log.id, log.times, from) - 1 }))
    .toSorted((a, b) => (a.log.id < b.log.id ? -1 : 1));
  for (;;) {
    let newest: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (head.next < 0) continue;
      if (newest === undefined || (head.log.times[head.next] ?? 0) > (newest.log.times[newest.next] ?? 0)) newest = head;
    }
    if (newest === undefined) return;
    yield { time: newest.log.times[newest.next] ?? 0, log: newest.log.id, index: newest.next };
    newest.next--;
  }
}

/** How many entries of a log lie at or after `from` in this order. */
function startOf(log: LogId, times: readonly number[], from: At | undefined): number {
  if (from === undefined) return times.length;
  if (log === from.log) return Math.min(from.index + 1, times.length);
  // A log that sorts before has given its entries of that second already.
  return firstAbove(times, log < from.log ? from.time - 1 : from.time);
}

export const cursorOf = ({ time, log, index }: At): string => `${time}.${log}.${index}`;

export function parseCursor(text: string): At {
  const match = /^([0-9]{1,12})\.([0-9a-f]{16})\.([0-9]{1,15})$/.exec(text);
  if (match?.[2] === undefined) throw new Asked("bad-request", "cursor: as the page before gave it");
  return { time: Number(match[1]), log: parseLogId(match[2]), index: Number(match[3]) };
}
