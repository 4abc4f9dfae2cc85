import { type Cbor, type LineRecord, dueInForce, secondsOf } from "@openline/core";
import type { Author } from "./author.ts";
import type { NodeOptions } from "./node-options.ts";
import { beatDue, lastStateSaid, midnight, stateDigest } from "./unprompted.ts";

/** A beat carries the cosignature when the last one that did lies this far back. Milliseconds. */
const COSIGN_MS = 60_000;

/** How many attachments one beat says are held. */
const HELD_OBJECTS_SAID = 64;

/** What a node says of itself, when there is something to be said: that it goes over to an amendment, the daily state, a beat. */
export class Speaker {
  readonly #options: NodeOptions;
  /** Both are others after everything has been read anew. */
  readonly #now: () => { readonly record: LineRecord; readonly author: Author };
  #stateSaid: number | undefined;
  #cosignedAt = -Infinity;
  /** Whether our last beat said that we take no more. */
  #fullSaid = false;

  constructor(options: NodeOptions, now: () => { readonly record: LineRecord; readonly author: Author }) {
    this.#options = options;
    this.#now = now;
  }

  /** Goes over to what has been confirmed, or to our own file that every other party holds. */
  async goOver(): Promise<void> {
    const { record, author } = this.#now();
    const log = record.amendments.any ? record.logs.get(author.own.log) : undefined;
    const due = log === undefined ? undefined : dueInForce(record, log, author.receipts.naming());
    if (due !== undefined) await author.enter({ kind: "in-force", ...due });
  }

  /** The daily state act: cut and verdicts at the last 00:00Z. */
  async sayState(): Promise<void> {
    const { suite, accord, party, world } = this.#options;
    const { record, author } = this.#now();
    const at = midnight(secondsOf(world.clock.now()));
    this.#stateSaid ??= lastStateSaid(record, accord.parties.indexOf(party));
    if (at <= this.#stateSaid) return;
    const digest = stateDigest(suite, record, { own: author.own, naming: author.receipts.naming().heads, at });
    if (digest === undefined) return;
    this.#stateSaid = at;
    await author.enter({ kind: "state", facts: { digest, saidAt: at } });
  }

  /** A beat: what this node holds, when it has nothing else to say. */
  async sayDue(): Promise<void> {
    const { unprompted, world } = this.#options;
    const { record, author } = this.#now();
    const now = world.clock.now();
    const silent = unprompted && beatDue(record, { at: secondsOf(now), silentS: author.receipts.silentMs(now) / 1000 });
    const full = author.exchange.isFull;
    const { objects } = author.exchange.incoming;
    const held = objects.unsaid.slice(0, HELD_OBJECTS_SAID);
    if (!silent && !author.receipts.due(now) && full === this.#fullSaid && held.length === 0) return;
    this.#fullSaid = full;
    const cosignature = this.#cosignature(author);
    const body = new Map<string, Cbor>([
      ...(cosignature === undefined ? [] : [["cosignature", cosignature] as const]),
      ...(full ? [["credit", 0] as const] : []),
      ...(held.length > 0 ? [["objects", new Map(held.map(({ object, size }) => [object, size]))] as const] : []),
    ]);
    await author.enter({ kind: "beat", ...(body.size === 0 ? {} : { body }) });
    if (held.length > 0) await objects.said(held);
  }

  /** It says in another form what the beat says; outside tools need it for recent heads, not for each. */
  #cosignature(author: Author): Uint8Array | undefined {
    const now = this.#options.world.clock.now();
    if (now < this.#cosignedAt + COSIGN_MS) return undefined;
    this.#cosignedAt = now;
    return author.exchange.cosign(author.receipts.naming().heads, secondsOf(now));
  }
}
