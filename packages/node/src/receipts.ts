import { type Accord, type Head, type LeafHash, type LineRecord, type LogId, type Party, type UnixMillis, namedBy } from "@openline/core";

/** A peer log that is durably stored, with its bodies, up to a head its owner signed. */
export interface StoredUpTo {
  readonly head: Head;
  /** Whether what is new there asks for a beat, and how soon. A beat never causes a beat. */
  readonly asks: "at-once" | "soon" | "nothing";
}

const NEVER = Infinity;

/** What this node holds and has not said yet. Naming a head in an own entry is the receipt; a beat says it when there is
 *  nothing else to say. Source: docs/spec/exchange.md §4. */
export class Receipts {
  readonly #accord: Accord;
  readonly #party: Party;
  readonly #delayMs: number;
  readonly #unprompted: boolean;
  readonly #holding: Map<LogId, Head> = new Map();
  #late: readonly LeafHash[] = [];
  #dueAt = NEVER;
  #lastMs = 0;

  constructor(options: { readonly accord: Accord; readonly party: Party; readonly delayMs: number; readonly unprompted: boolean }) {
    this.#accord = options.accord;
    this.#party = options.party;
    this.#delayMs = options.delayMs;
    this.#unprompted = options.unprompted;
  }

  /** Leaves held late after a refusal: listed in the next own entry. */
  get late(): readonly LeafHash[] {
    return this.#late;
  }

  /** Takes note of what is now durable. */
  stored(items: readonly StoredUpTo[], now: UnixMillis): void {
    for (const { head, asks } of items) {
      const known = this.#holding.get(head.log);
      if (known === undefined || known.size < head.size) this.#holding.set(head.log, head);
      if (asks !== "nothing") this.#dueAt = Math.min(this.#dueAt, asks === "at-once" ? now : now + this.#delayMs);
    }
  }

  /** A body came after its refusal: the next entry lists its leaf. */
  holdLate(leaf: LeafHash, now: UnixMillis): void {
    this.#late = [...this.#late, leaf];
    this.#dueAt = Math.min(this.#dueAt, now);
  }

  /** Peer heads to name in the next own entry: those above what this log has named, and read. */
  heads(record: LineRecord): readonly Head[] {
    const own = record.logsOf[this.#accord.parties.indexOf(this.#party)]?.at(-1);
    return [...this.#holding.values()].filter(
      (head) => record.readTo(head.log) >= head.size && head.size > (own === undefined ? 0 : namedBy(own, head.log, own.times.length)),
    );
  }

  /** An own entry has said it. */
  named(now: UnixMillis): void {
    this.#late = [];
    this.#dueAt = NEVER;
    this.#lastMs = now;
  }

  /** Is it time to say something? */
  due(now: UnixMillis): boolean {
    if (this.#dueAt <= now) return true;
    return this.#unprompted && now >= this.#lastMs + this.#accord.terms.beat * 1000;
  }
}
