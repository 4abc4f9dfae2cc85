import {
  type Head,
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

/** A peer log that is durably stored, with its bodies, up to a head its owner signed. */
export interface StoredUpTo {
  readonly head: Head;
  /** Whether what is new there asks for a beat, and how soon. */
  readonly asks: "at-once" | "soon" | "nothing";
}

/** What the next own entry says of the other logs. */
export interface Naming {
  readonly heads: readonly Head[];
  /** Leaves held late after a refusal. */
  readonly ahead: readonly LeafHash[];
}

const NEVER = Infinity;

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
  #late: readonly LeafHash[] = [];
  #dueAt = NEVER;
  #lastMs = 0;

  constructor(options: { readonly record: LineRecord; readonly own: () => OwnLog; readonly delayMs: number }) {
    this.#record = options.record;
    this.#own = options.own;
    this.#delayMs = options.delayMs;
  }

  /** Takes note of what is now durable. */
  stored(items: readonly StoredUpTo[], now: UnixMillis): void {
    for (const { head, asks } of items) {
      const known = this.#holding.get(head.log);
      if (known === undefined || known.size < head.size) this.#holding.set(head.log, head);
      if (asks === "nothing") continue;
      const waits = asks === "soon" && head.size - this.#named(head.log) < GATHERED;
      this.#dueAt = Math.min(this.#dueAt, waits ? now + this.#delayMs : now);
    }
  }

  /** A body came after its refusal: the next entry lists its leaf. */
  holdLate(leaf: LeafHash, now: UnixMillis): void {
    if (!this.#late.includes(leaf)) this.#late = [...this.#late, leaf];
    this.#dueAt = Math.min(this.#dueAt, now);
  }

  /** Peer heads above what this log has named, and read here; and leaves held late. */
  naming(): Naming {
    const heads = [...this.#holding.values()].filter(
      (head) => head.size > this.#named(head.log) && this.#record.readTo(head.log) >= head.size,
    );
    return { heads: heads.slice(0, limits.headsMax), ahead: this.#late.slice(0, limits.heldAheadMax) };
  }

  /** How much of another log our own has named. */
  #named(log: LogId): number {
    const own = this.#record.logs.get(this.#own().log);
    return own === undefined ? 0 : namedBy(own, log, own.times.length);
  }

  /** An own entry has said this much. What did not fit into it is due again. */
  named({ ahead }: Naming, now: UnixMillis): void {
    this.#late = this.#late.slice(ahead.length);
    this.#lastMs = now;
    this.#dueAt = this.#late.length > 0 ? now : NEVER;
  }

  /** Is something to be said that has not been? */
  due(now: UnixMillis): boolean {
    if (this.#dueAt > now) return false;
    const { heads, ahead } = this.naming();
    return heads.length > 0 || ahead.length > 0;
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
