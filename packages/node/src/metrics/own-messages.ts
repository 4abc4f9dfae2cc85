import { type Placed, type Precedence, heldAt, messageTrack, secondsOf } from "@openline/core";
import type { ServedLine } from "../http/served.ts";

/** A fact about an own message that has become known. */
interface Fact {
  readonly peer: string;
  readonly precedence: Precedence;
  readonly fact: "held" | "acknowledged";
  readonly seconds: number;
}

/** Messages watched at most; of a peer that never acknowledges the oldest are forgotten. */
const WATCHED_MAX = 4096;

/** How long own messages took to be held and acknowledged. Each is told once, and only what was placed since this began: what
 *  is older was told to whoever asked before. */
export class OwnMessages {
  readonly #line: ServedLine;
  readonly #open: Map<string, { readonly act: Placed; held: boolean }> = new Map();
  #seen: number;

  constructor(line: ServedLine) {
    this.#line = line;
    this.#seen = line.node.own.frontier.size;
  }

  /** What has become known since the last call. */
  since(): readonly Fact[] {
    this.#gather();
    return [...this.#open.values()].flatMap((item) => this.#look(item));
  }

  #gather(): void {
    const { record, own } = this.#line.node;
    if (own.frontier.size === this.#seen) return;
    for (const act of record.byLeaf.values()) {
      if (act.header === undefined || act.log.id !== own.log || act.index < this.#seen || act.header.kind !== "message") continue;
      this.#open.set(act.leaf, { act, held: false });
    }
    this.#seen = own.frontier.size;
    for (const leaf of [...this.#open.keys()].slice(0, Math.max(0, this.#open.size - WATCHED_MAX))) this.#open.delete(leaf);
  }

  #look(item: { readonly act: Placed; held: boolean }): readonly Fact[] {
    const { node, accord, party } = this.#line;
    const { record } = node;
    const at = secondsOf(node.options.world.clock.now());
    const { precedence } = item.act.header;
    const holds = accord.parties.flatMap((peer, position) => {
      const held = peer === party ? Infinity : heldAt(record, item.act, { party: position, at });
      return held <= at ? [{ peer: peer.id, held }] : [];
    });
    const [first] = holds.toSorted((a, b) => a.held - b.held);
    if (first === undefined) return [];
    const facts: Fact[] = [];
    const fact = { peer: first.peer, precedence };
    if (!item.held) facts.push({ ...fact, fact: "held", seconds: Math.max(0, first.held - item.act.placement.time) });
    item.held = true;
    const { acknowledged } = messageTrack(record, item.act, at);
    if (acknowledged === undefined) return facts;
    this.#open.delete(item.act.leaf);
    return [...facts, { ...fact, fact: "acknowledged", seconds: Math.max(0, acknowledged.placement.time - first.held) }];
  }
}
