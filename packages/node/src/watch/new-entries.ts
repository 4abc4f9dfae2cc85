import { type LogId, type LogTrack, parseLogIndex } from "@openline/core";
import type { ServedLine } from "../http/served.ts";
import { type StoredEntry, pageMax } from "../store/store.ts";

/** Entries of a line that have been read and are durable, each once, in the order of each log. */
export class NewEntries {
  readonly #line: ServedLine;
  readonly #seen: Map<LogId, number>;

  /** Begins after what has been read now. */
  constructor(line: ServedLine) {
    this.#line = line;
    this.#seen = new Map([...line.node.record.logs.values()].map((log) => [log.id, log.times.length]));
  }

  /** How much of a log has been given. */
  seen(log: LogId): number {
    return this.#seen.get(log) ?? 0;
  }

  /** What has come since the last call. An own entry has its place before it is durable; it is given when it is. */
  async *take(): AsyncGenerator<{ readonly log: LogTrack; readonly stored: StoredEntry }, void, void> {
    for (const log of this.#line.node.record.logs.values()) {
      for (let from = this.seen(log.id); from < log.times.length; from = this.seen(log.id)) {
        const count = Math.min(pageMax, log.times.length - from, 256);
        const page = await this.#line.store.entries(log.id, parseLogIndex(from), count);
        if (page.length === 0) break;
        for (const stored of page) {
          this.#seen.set(log.id, stored.index + 1);
          yield { log, stored };
        }
      }
    }
  }
}
