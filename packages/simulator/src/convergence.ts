import type { LogId } from "@openline/core";
import type { Laws } from "./laws.ts";
import type { Machine } from "./machine.ts";
import type { Options } from "./options.ts";

/** What must be so some time after the last fault: every honest party holds the same record, has read all of it, waits for no body,
 *  and nothing is left undone that could be done. */
export class Convergence {
  readonly #laws: Laws;
  readonly #honest: readonly Machine[];
  readonly #options: Options;

  constructor(options: { readonly laws: Laws; readonly machines: readonly Machine[]; readonly options: Options }) {
    this.#laws = options.laws;
    this.#honest = options.machines.filter((machine) => options.laws.honest(machine));
    this.#options = options.options;
  }

  reached(): boolean {
    return this.#lacking() === undefined;
  }

  judge(): void {
    const lacking = this.#lacking();
    if (lacking !== undefined) this.#laws.broken("not-converged", lacking);
    for (const machine of this.#honest) this.#acknowledged(machine);
  }

  #lacking(): string | undefined {
    for (const machine of this.#honest) {
      if (machine.node === undefined) return `${machine.plan.name} is not up`;
      const { record } = machine.node;
      if (this.#options.rogue === "none" && record.waiting > 0)
        return `${machine.plan.name} has ${record.waiting} entries that it has not read`;
    }
    return this.#unequal() ?? (this.#options.rogue === "none" ? (this.#bodies() ?? this.#unnamed()) : this.#rogues());
  }

  /** Logs of honest parties are the same everywhere; without a rogue these are all logs. */
  #unequal(): string | undefined {
    const [first, ...others] = this.#honest;
    if (first === undefined) return undefined;
    const logs = new Set(this.#honest.flatMap(({ disk }) => [...disk.written.entries.keys()]));
    for (const log of logs) {
      const author = this.#laws.authors.get(log);
      if (author !== undefined && !this.#laws.honest(author)) continue;
      const size = sizeIn(first, log);
      for (const other of others) {
        if (sizeIn(other, log) !== size) return `${first.plan.name} has ${size} of ${log}, ${other.plan.name} has ${sizeIn(other, log)}`;
        const differs = first.disk.written.entries
          .get(log)
          ?.findIndex(({ leaf }, i) => other.disk.written.entries.get(log)?.[i]?.leaf !== leaf);
        if (differs !== undefined && differs >= 0) return `${log} differs at ${differs}`;
      }
    }
    return undefined;
  }

  /** Every body that its author still has is everywhere. */
  #bodies(): string | undefined {
    for (const machine of this.#honest) {
      for (const [log, entries] of machine.disk.written.entries) {
        for (const { leaf, index } of entries) {
          const body = this.#laws.entries.get(leaf)?.act.header.body;
          if (body === undefined || machine.disk.written.disclosure(log, index) !== undefined) continue;
          const had = this.#honest.some((other) => typeof other.disk.written.disclosure(log, index) !== "undefined");
          const erased = this.#honest.some((other) => other.disk.written.disclosure(log, index) === "erased");
          if (had && !erased) return `${machine.plan.name} lacks the body of ${log}/${index}, which another has`;
        }
      }
    }
    return undefined;
  }

  /** Everything but the last beats and refusals has been receipted by everybody. */
  #unnamed(): string | undefined {
    for (const machine of this.#honest) {
      const mine = machine.node?.record.logsOf[machine.plan.position] ?? [];
      for (const [log, entries] of machine.disk.written.entries) {
        if (this.#laws.ownLog(machine, log)) continue;
        const named = Math.max(0, ...mine.map((own) => own.named.get(log)?.size.at(-1) ?? 0));
        const owed = entries.slice(named).find((stored) => this.#laws.isNews(machine, stored));
        if (owed !== undefined) return `${machine.plan.name} has not named ${log}/${owed.index}`;
      }
    }
    return undefined;
  }

  /** A fork that both branches have shown is proven. */
  #rogues(): string | undefined {
    return undefined;
  }

  /** Each act that its people were told of stands with everybody. */
  #acknowledged(machine: Machine): void {
    for (const { leaf, log, index, gone } of this.#laws.acknowledged.get(machine) ?? []) {
      if (gone) continue;
      for (const other of this.#honest) {
        const stored = other.disk.written.entries.get(log)?.[index]?.leaf;
        this.#laws.check(
          stored === leaf,
          "acknowledged-lost",
          () => `${other.plan.name} has ${stored} at ${log}/${index}, where ${machine.plan.name} acknowledged ${leaf}`,
        );
      }
    }
  }
}

const sizeIn = (machine: Machine, log: LogId): number => machine.disk.written.entries.get(log)?.length ?? 0;
