import { type Entry, type LeafHash, type LogId, commitmentOf } from "@openline/core";
import { nativeSuite, type StoredEntry } from "@openline/node";
import type { Laws } from "./laws.ts";
import type { Machine } from "./machine.ts";

interface Seen {
  /** How far the bodies of a log have been found to be here. */
  readonly upTo: Map<LogId, number>;
  /** When an entry that promises a body was written without it, by the machine's clock. Milliseconds. */
  readonly since: Map<LeafHash, number>;
  readonly refused: Set<LeafHash>;
  readonly erased: Set<LeafHash>;
}

/** A receipt is given only for what is durable with its body, and a body is the one committed to. */
export class Bodies {
  readonly #laws: Laws;
  readonly #seen: Map<Machine, Seen> = new Map();

  constructor(laws: Laws) {
    this.#laws = laws;
  }

  #of(machine: Machine): Seen {
    const known = this.#seen.get(machine);
    if (known !== undefined) return known;
    const seen = { upTo: new Map(), since: new Map(), refused: new Set<LeafHash>(), erased: new Set<LeafHash>() };
    this.#seen.set(machine, seen);
    return seen;
  }

  written(machine: Machine, stored: StoredEntry, entry: Entry | undefined): void {
    const seen = this.#of(machine);
    const header = entry?.act.header;
    if (header?.kind === "erase") for (const leaf of header.refs) seen.erased.add(leaf);
    if (header?.kind === "refusal" && header.facts.code === "missing-disclosure" && this.#laws.ownLog(machine, stored.log))
      for (const leaf of header.refs) seen.refused.add(leaf);
    if (header?.body === undefined) return;
    if (stored.disclosure === undefined) seen.since.set(stored.leaf, machine.plan.clock.now());
    else this.#fits(machine, header.body, stored.disclosure);
  }

  disclosed(
    machine: Machine,
    { log, index, disclosure }: { readonly log: LogId; readonly index: number; readonly disclosure: Uint8Array },
  ): void {
    const stored = machine.disk.written.entries.get(log)?.[index];
    const body = stored === undefined ? undefined : this.#laws.entry(stored)?.act.header.body;
    if (body !== undefined) this.#fits(machine, body, disclosure);
  }

  #fits(machine: Machine, body: string, disclosure: Uint8Array): void {
    this.#laws.check(
      commitmentOf(nativeSuite, disclosure) === body,
      "wrong-body",
      () => `${machine.plan.name} keeps a body that nobody committed to`,
    );
  }

  /** Everything below a head that this own entry names is durably here, with its body. */
  named(machine: Machine, entry: Entry): void {
    const seen = this.#of(machine);
    for (const { log, size } of entry.placement.heads) {
      const durable = machine.disk.durableSize(log);
      this.#laws.check(
        durable >= size,
        "named-beyond-durable",
        () => `${machine.plan.name} names ${log} at ${size} in a ${entry.act.header.kind}, and ${durable} of it are durable`,
      );
      const entries = machine.disk.written.entries.get(log) ?? [];
      for (let index = seen.upTo.get(log) ?? 0; index < size; index++) {
        const stored = entries[index];
        if (stored === undefined || !this.#promised(stored) || machine.disk.hasBody(log, index)) continue;
        const excused = seen.refused.has(stored.leaf) || seen.erased.has(stored.leaf) || this.#isRefusal(stored);
        this.#laws.check(
          excused,
          "named-without-body",
          () => `${machine.plan.name} names ${log} at ${size}, and the body of ${index} is not here`,
        );
      }
      seen.upTo.set(log, Math.max(seen.upTo.get(log) ?? 0, size));
    }
  }

  /** Nothing waits for the words of a refusal. */
  #isRefusal(stored: StoredEntry): boolean {
    return this.#laws.entry(stored)?.act.header.kind === "refusal";
  }

  #promised(stored: StoredEntry): boolean {
    return this.#laws.entry(stored)?.act.header.body !== undefined;
  }

  /** Whether this body may be refused as missing: it has been waited for as long as the held clock says. */
  mayBeMissing(machine: Machine, leaf: LeafHash): boolean {
    const since = this.#of(machine).since.get(leaf);
    const stored = machine.disk.written.leaves.get(leaf);
    const header = stored === undefined ? undefined : this.#laws.entry(stored)?.act.header;
    if (since === undefined || header === undefined) return false;
    const terms = machine.plan.line.accord.terms.channels.find(({ number }) => number === header.channel);
    const graceS = terms?.clocks.held[header.precedence] ?? 60;
    return machine.plan.clock.now() - since >= graceS * 1000 - 1000;
  }

  /** What was seen before is not on this disk any more. */
  putBack(machine: Machine): void {
    this.#seen.delete(machine);
    const all = [...machine.disk.written.entries.values()].flat();
    for (const stored of all) this.written(machine, machine.disk.written.withDisclosure(stored), this.#laws.entry(stored));
  }
}
