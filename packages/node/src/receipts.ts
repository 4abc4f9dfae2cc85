import {
  type Head,
  type Judged,
  type KindName,
  type LeafHash,
  type LineRecord,
  type LogId,
  type OwnLog,
  type UnixMillis,
  limits,
  namedBy,
} from "@openline/core";

/** A beat never causes a beat, and a refusal causes neither a beat nor a refusal: two nodes that refuse what the other says, as when both
 *  logs have run ahead of both clocks, would never be done. */
export const asksForNothing = (kind: KindName | undefined): boolean => kind === "beat" || kind === "refusal";

/** What is new and is to be named by an entry of its own if no other entry comes before; undefined: nothing of the kind. FLASH, IMMEDIATE,
 *  tests and rings are receipted at once. */
function askOf({ entry, index }: Judged): Pick<Ask, "index" | "soon"> | undefined {
  const header = entry?.act.header;
  if (asksForNothing(header?.kind)) return undefined;
  const urgent = header?.precedence === "FLASH" || header?.precedence === "IMMEDIATE" || header?.kind === "test" || header?.kind === "ring";
  return { index, soon: !urgent };
}

interface Ask {
  readonly index: number;
  /** It may wait a moment for others. */
  readonly soon: boolean;
  readonly since: UnixMillis;
}

/** What the next own entry says of the other logs. */
export interface Naming {
  readonly heads: readonly Head[];
  /** Leaves held late after a refusal. */
  readonly ahead: readonly LeafHash[];
}

/** So many entries that have come and are not named are enough for one receipt: it waits no longer for more. A stream is then held
 *  as fast as it is taken in, at a hundredth of its bytes. */
const GATHERED = 32;

/** What this node holds and has not said yet. Naming a head in an own entry is the receipt; a beat says it when there is
 *  nothing else to say. Source: docs/spec/exchange.md §5. */
export class Receipts {
  readonly #record: LineRecord;
  readonly #own: () => OwnLog;
  readonly #delayMs: number;
  readonly #holding: Map<LogId, Head> = new Map();
  /** What has been read of each log, is not named and asks for it. */
  readonly #asks: Map<LogId, readonly Ask[]> = new Map();
  #late: readonly LeafHash[] = [];
  #lastMs = 0;

  constructor(options: { readonly record: LineRecord; readonly own: () => OwnLog; readonly delayMs: number }) {
    this.#record = options.record;
    this.#own = options.own;
    this.#delayMs = options.delayMs;
  }

  /** Takes note of heads below which everything is durably stored, with its bodies. */
  stored(heads: readonly Head[]): void {
    for (const head of heads) if ((this.#holding.get(head.log)?.size ?? 0) < head.size) this.#holding.set(head.log, head);
  }

  /** Entries of other parties have been read. One asks for a receipt as soon as a head above it may be named. */
  read(judged: readonly Judged[], now: UnixMillis): void {
    for (const item of judged) {
      const ask = askOf(item);
      if (ask !== undefined && ask.index >= this.#named(item.log)) this.#ask(item.log, { ...ask, since: now });
    }
  }

  /** A body has been refused as missing: what lies over it is named soon, also where its entry asks for nothing. */
  released(log: LogId, index: number, now: UnixMillis): void {
    this.#ask(log, { index, soon: true, since: now });
  }

  #ask(log: LogId, ask: Ask): void {
    const asks = this.#asks.get(log) ?? [];
    // The latest stands for those between: a peer can have us wait for a body, and nothing is to grow by it.
    this.#asks.set(log, [...asks.slice(0, GATHERED - 1), ask]);
  }

  /** A body came after its refusal: the next entry lists its leaf. */
  holdLate(leaf: LeafHash): void {
    if (!this.#late.includes(leaf)) this.#late = [...this.#late, leaf];
  }

  /** Peer heads above what this log has named, and read here; and leaves held late. */
  naming(): Naming {
    return { heads: this.#nameable().slice(0, limits.headsMax), ahead: this.#late.slice(0, limits.heldAheadMax) };
  }

  #nameable(): readonly Head[] {
    return [...this.#holding.values()].filter(({ log, size }) => size > this.#named(log) && this.#record.readTo(log) >= size);
  }

  /** How much of another log our own has named. */
  #named(log: LogId): number {
    const own = this.#record.logs.get(this.#own().log);
    return own === undefined ? 0 : namedBy(own, log, own.times.length);
  }

  /** An own entry has said this much. What did not fit into it, or cannot be named yet, is still due. */
  named({ heads, ahead }: Naming, now: UnixMillis): void {
    for (const { log, size } of heads) {
      const left = (this.#asks.get(log) ?? []).filter(({ index }) => index >= size);
      if (left.length > 0) this.#asks.set(log, left);
      else this.#asks.delete(log);
    }
    this.#late = this.#late.slice(ahead.length);
    this.#lastMs = now;
  }

  /** Is something to be said that has not been? What cannot be named yet is not, whatever else could be named. */
  due(now: UnixMillis): boolean {
    return this.#late.length > 0 || this.#nameable().some((head) => this.#dueBelow(head, now));
  }

  #dueBelow({ log, size }: Head, now: UnixMillis): boolean {
    const asks = (this.#asks.get(log) ?? []).filter(({ index }) => index < size);
    const gathered = size - this.#named(log) >= GATHERED;
    return asks.some(({ soon, since }) => !soon || gathered || Math.abs(now - since) >= this.#delayMs);
  }

  /** Goes on where another left off: what it said last is not said again because everything has been read anew. */
  goOnFrom(before: Receipts): void {
    this.#lastMs = before.#lastMs;
  }

  /** How long nothing has been said, in milliseconds. */
  silentMs(now: UnixMillis): number {
    return now - this.#lastMs;
  }
}
