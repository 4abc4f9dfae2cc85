import type { Entry, LogId } from "@openline/core";
import type { StoredEntry } from "@openline/node";
import type { Laws } from "./laws.ts";
import type { Machine } from "./machine.ts";

/** Between what a node plans and what is written a slow disk may lie. Milliseconds. */
const TOLERANCE_MS = 30_000;
/** Beside what its program takes to look at its clock, a node may wait for an answer after a start. */
const LATE_MS = 90_000;
const URGENT_MS = 60_000;

/** A beat never causes a beat: each one names something that is not a beat, or breaks a silence of the agreed length. */
export class SilenceLaw {
  readonly #laws: Laws;
  /** When a machine last placed an entry, by its clock; undefined after a start. */
  readonly #last: Map<Machine, number | undefined> = new Map();
  /** When it last spoke or came up, in true time. */
  readonly #up: Map<Machine, number> = new Map();
  /** Whether its last entry refused a body as missing: the next one names what lies over it. */
  readonly #refusedBody: Map<Machine, boolean> = new Map();
  /** What each own log has named of every other. */
  readonly #namedTo: Map<LogId, Map<LogId, number>> = new Map();

  constructor(laws: Laws) {
    this.#laws = laws;
  }

  opened(machine: Machine): void {
    this.#last.set(machine, undefined);
    this.#up.set(machine, machine.plan.schedule.now);
  }

  died(machine: Machine): void {
    this.#last.set(machine, undefined);
  }

  placed(machine: Machine, stored: StoredEntry, entry: Entry): void {
    const now = machine.plan.clock.now();
    const last = this.#last.get(machine);
    const news = this.#news(machine, stored.log, entry) || this.#refusedBody.get(machine) === true;
    this.#refusedBody.set(machine, entry.act.header.facts.code === "missing-disclosure");
    if (entry.act.header.kind === "beat" && last !== undefined) {
      const interval = Math.min(URGENT_MS, machine.plan.line.accord.terms.beat * 1000);
      const silence = Math.abs(now - last) >= interval - TOLERANCE_MS;
      this.#laws.check(silence || news, "beat-for-a-beat", () => {
        return `${machine.plan.name} beats at ${stored.log}/${stored.index}, ${now - last} ms after its last entry, and has nothing to say`;
      });
    }
    this.#last.set(machine, now);
    this.#up.set(machine, machine.plan.schedule.now);
  }

  /** A node that is up says something at the agreed interval, and half of it later at the latest. */
  sometimes(machine: Machine): void {
    const spoke = this.#up.get(machine);
    if (machine.node === undefined || spoke === undefined || machine.disturbed.clock) return;
    const silence = machine.plan.schedule.now - spoke;
    const limit = machine.plan.line.accord.terms.beat * 1500 + machine.habits.tickMaxMs + LATE_MS;
    this.#laws.check(silence <= limit, "silent", () => `${machine.plan.name} is up and has said nothing for ${silence} ms`);
  }

  /** Whether this entry names anything but beats. */
  #news(machine: Machine, own: LogId, { placement }: Entry): boolean {
    const named = this.#namedTo.get(own) ?? new Map<LogId, number>();
    this.#namedTo.set(own, named);
    let news = placement.ahead.length > 0;
    for (const { log, size } of placement.heads) {
      const entries = machine.disk.written.entries.get(log)?.slice(named.get(log) ?? 0, size) ?? [];
      news ||= entries.some((item) => this.isNews(machine, item));
      named.set(log, Math.max(named.get(log) ?? 0, size));
    }
    return news;
  }

  /** Anything but a beat or a refusal, and a beat whose body was refused as missing: the refusal is followed by naming over it. */
  isNews(machine: Machine, { log, index, leaf, entry }: StoredEntry): boolean {
    const header = this.#laws.entry({ leaf, entry })?.act.header;
    if (header?.kind === "refusal") return false;
    return header?.kind !== "beat" || (header.body !== undefined && machine.disk.written.disclosure(log, index) === undefined);
  }
}
