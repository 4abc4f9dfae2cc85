import { type LogId, type Refusal, type RefusalCode, type Sha256, type UnixMillis, toHex } from "@openline/core";
import type { Store } from "./store/store.ts";

/** How many findings one hour may add, so that a flood of junk does not fill the disk. */
const PER_HOUR_MAX = 1000;
/** Bytes of a refused thing that are kept: the whole of any entry, the beginning of a larger frame. */
const EVIDENCE_BYTES_MAX = 65_536;
const HOUR_MS = 3_600_000;

export interface Found {
  readonly count: number;
  readonly last: UnixMillis;
}

/** Keeps what was refused and has no place in a log: it is evidence. The same bytes are kept once an hour, and above the
 *  hourly number one last finding says so. */
export class Findings {
  readonly #suite: Sha256;
  readonly #store: Store;
  readonly #seen: Set<string> = new Set();
  readonly #counts: Map<RefusalCode, Found> = new Map();
  #since = 0;
  #kept = 0;

  constructor(options: { readonly suite: Sha256; readonly store: Store }) {
    this.#suite = options.suite;
    this.#store = options.store;
  }

  /** How often what was refused under each code since the start, whether it was kept or not. */
  get counts(): ReadonlyMap<RefusalCode, Found> {
    return this.#counts;
  }

  async keep(refusal: Refusal, from: { readonly bytes: Uint8Array; readonly now: UnixMillis; readonly log?: LogId }): Promise<void> {
    this.#counts.set(refusal.code, { count: (this.#counts.get(refusal.code)?.count ?? 0) + 1, last: from.now });
    if (from.now >= this.#since + HOUR_MS || from.now < this.#since) {
      this.#since = from.now;
      this.#kept = 0;
      this.#seen.clear();
    }
    const digest = `${refusal.code} ${toHex(this.#suite.sha256(from.bytes))}`;
    if (this.#seen.has(digest) || this.#kept > PER_HOUR_MAX) return;
    this.#seen.add(digest);
    this.#kept++;
    const last = this.#kept > PER_HOUR_MAX;
    const { code, detail } = last ? { code: "over-rate", detail: `more than ${PER_HOUR_MAX} findings in an hour` } : refusal;
    const log = from.log === undefined ? {} : { log: from.log };
    await this.#store.commit({ findings: [{ at: from.now, code, detail, bytes: from.bytes.slice(0, EVIDENCE_BYTES_MAX), ...log }] });
  }
}
