import { firstAbove } from "../record/log-track.ts";
import type { Debt } from "./debts.ts";

/** Debts that weigh no more, by the instant from which they do not: what is still needed to ask about an earlier time. */
export class SettledDebts {
  readonly #from: Map<Debt, number> = new Map();
  /** Both rise together: instants, and the debts that end at them. */
  readonly #instants: number[] = [];
  readonly #debts: Debt[] = [];

  add(debt: Debt, from: number): void {
    const place = firstAbove(this.#instants, from);
    this.#instants.splice(place, 0, from);
    this.#debts.splice(place, 0, debt);
    this.#from.set(debt, from);
  }

  /** Whether it was there. */
  delete(debt: Debt): boolean {
    const from = this.#from.get(debt);
    if (from === undefined) return false;
    let place = firstAbove(this.#instants, from) - 1;
    while (this.#debts[place] !== debt) place--;
    this.#instants.splice(place, 1);
    this.#debts.splice(place, 1);
    return this.#from.delete(debt);
  }

  /** Debts that may weigh at `at` although they no longer do later. */
  after(at: number): readonly Debt[] {
    return this.#debts.slice(firstAbove(this.#instants, at));
  }

  takeAll(): readonly Debt[] {
    const all = this.#debts.splice(0);
    this.#instants.length = 0;
    this.#from.clear();
    return all;
  }
}
