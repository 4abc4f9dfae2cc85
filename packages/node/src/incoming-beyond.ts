import { type Head, type LogId, type Party, type UnixMillis } from "@openline/core";
import type { Fresh } from "./incoming-keep.ts";
import type { PeerLog } from "./peer-log.ts";
import type { PeerLogs } from "./peer-logs.ts";
import type { ExchangeOptions } from "./received.ts";

/** Once its author has said that it has no such thing, an entry that names more of our log than we have is put off no longer than this. */
const BEYOND_US_MS = 60_000;

/** How much of a log a party says it has, since our start; undefined where it has not said. */
export type SaidToHave = (party: Party, log: LogId) => number | undefined;

/** Entries that name more of our own log than is here. They may be right, if we were rolled back, and the end of our log may be longer on its
 *  way than they were. Source: docs/spec/exchange.md §4. */
export class BeyondUs {
  readonly #options: ExchangeOptions;
  readonly #logs: PeerLogs;
  readonly #saidToHave: SaidToHave;

  constructor(options: ExchangeOptions, logs: PeerLogs, saidToHave: SaidToHave) {
    this.#options = options;
    this.#logs = logs;
    this.#saidToHave = saidToHave;
  }

  /** Whether these entries of one log wait, and whether they began to only now. Those that wait no longer are judged by what is here. */
  putsOff(item: PeerLog, fresh: readonly Fresh[], now: UnixMillis): "from now" | "still" | undefined {
    const { record, accord, party } = this.#options;
    const mine = new Set(record.logsOf[accord.parties.indexOf(party)]?.map(({ id }) => id));
    const beyond = fresh.flatMap(({ entry }) => (entry.ok ? entry.value.placement.heads : [])).filter((head) => this.#isBeyond(mine, head));
    const since = item.beyondUsSince;
    item.beyondUsSince = beyond.length === 0 ? undefined : (since ?? now);
    if (beyond.length === 0) return undefined;
    this.#logs.add(item);
    if (since === undefined) return "from now";
    const hasNot = ({ log, size }: Head): boolean => (this.#saidToHave(item.party, log) ?? Infinity) < size;
    if (now < since + BEYOND_US_MS || !beyond.every(hasNot)) return "still";
    for (const log of mine) record.complete(log);
    return undefined;
  }

  /** Of a log of ours that has two histories nothing more can be returned. */
  #isBeyond(mine: ReadonlySet<LogId>, { log, size }: Head): boolean {
    return mine.has(log) && this.#logs.get(log)?.forked !== true && size > this.#logs.sizeOf(log);
  }
}
