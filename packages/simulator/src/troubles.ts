import type { Chance } from "./chance.ts";
import type { Laws } from "./laws.ts";
import type { Machine } from "./machine.ts";
import type { Way } from "./network.ts";
import type { Options, Spells } from "./options.ts";
import type { Schedule } from "./schedule.ts";
import { CALM, drawWeather } from "./weather.ts";

const DAY_MS = 86_400_000;

export interface Scene {
  readonly schedule: Schedule;
  readonly laws: Laws;
  readonly machines: readonly Machine[];
  readonly ways: readonly Way[];
  readonly trace: (text: string) => void;
}

/** What goes wrong in a run, all of it drawn from the seed: each kind strikes by its own chance until the run is calmed. */
export class Troubles {
  readonly #scene: Scene;
  readonly #chance: Chance;
  #over = false;

  constructor(scene: Scene, chance: Chance, options: Options) {
    this.#scene = scene;
    this.#chance = chance;
    const way =
      (act: (way: Way, lasts: number) => void): ((lasts: number) => void) =>
      (lasts) =>
        this.#with(scene.ways, lasts, act);
    const machine =
      (act: (machine: Machine, lasts: number) => void): ((lasts: number) => void) =>
      (lasts) =>
        this.#with(scene.machines, lasts, act);
    this.#plan(
      options.badWeather,
      way((at, lasts) => this.#badWeather(at, lasts)),
    );
    this.#plan(
      options.partition,
      way((at, lasts) => this.#cut(at, [0, 1], lasts)),
    );
    this.#plan(
      options.oneWay,
      way((at, lasts) => this.#cut(at, [this.#chance.pick([0, 1])], lasts)),
    );
    this.#plan(
      options.flap,
      way((at, lasts) => this.#flap(at, lasts)),
    );
    this.#plan(
      options.kill,
      machine((at) => at.kill("the power goes")),
    );
    this.#plan(
      options.syncError,
      machine((at) => void (at.diskFault = { is: "sync", kept: this.#chance.happens(0.5) })),
    );
    this.#plan(
      options.diskFull,
      machine((at, lasts) => this.#diskFull(at, lasts)),
    );
    this.#plan(
      options.clockJump,
      machine((at, lasts) => this.#clockJump(at, lasts)),
    );
    this.#plan(
      options.clockFrozen,
      machine((at, lasts) => this.#clockFrozen(at, lasts)),
    );
    this.#plan(
      options.storeBack,
      machine((at, lasts) => this.#putBack(at, lasts, "store")),
    );
    this.#plan(
      options.secondBack,
      machine((at, lasts) => this.#putBack(at, lasts, "second")),
    );
    this.#plan(
      options.bothBack,
      machine((at, lasts) => this.#putBack(at, lasts, "both")),
    );
    this.#plan(
      options.secondLost,
      machine((at) => this.#loseSecond(at)),
    );
  }

  /** Everything is well again, for good. */
  calm(): void {
    this.#over = true;
    for (const way of this.#scene.ways) way.calm();
    for (const machine of this.#scene.machines) {
      machine.plan.clock.mend();
      machine.diskFault = undefined;
      machine.off = false;
      machine.habits = { ...machine.habits, stops: 0, restart: [1000, 5000] };
      machine.start();
    }
  }

  #plan(spells: Spells, strike: (lasts: number) => void): void {
    if (spells.perDay === 0) return;
    const mean = DAY_MS / spells.perDay;
    const next = (): void => {
      this.#scene.schedule.after(this.#chance.spread(mean / 8, mean * 2), () => {
        if (this.#over) return;
        strike(this.#chance.spread(...spells.lasts));
        next();
      });
    };
    next();
  }

  #with<T extends Way | Machine>(items: readonly T[], lasts: number, act: (item: T, lasts: number) => void): void {
    const item = this.#chance.one(items);
    if (item !== undefined) act(item, lasts);
  }

  #after(ms: number, act: () => void): void {
    this.#scene.schedule.after(ms, () => {
      if (!this.#over) act();
    });
  }

  #badWeather(way: Way, lasts: number): void {
    const weather = drawWeather(this.#chance);
    this.#scene.trace(`bad weather on ${way.id} for ${lasts} ms: ${JSON.stringify(weather)}`);
    way.weather(weather);
    this.#after(lasts, () => way.weather(CALM));
  }

  #cut(way: Way, sides: readonly (0 | 1)[], lasts: number): void {
    this.#scene.trace(`${way.id} is cut from ${sides.join(" and ")} for ${lasts} ms`);
    for (const side of sides) way.cut(side, true);
    this.#after(lasts, () => {
      for (const side of sides) way.cut(side, false);
    });
  }

  #flap(way: Way, lasts: number): void {
    const times = this.#chance.between(2, 12);
    this.#scene.trace(`${way.id} goes down and up ${times} times, every ${lasts} ms`);
    for (let i = 0; i < times; i++) {
      this.#after(i * lasts, () => way.down(true));
      this.#after((i + 0.5) * lasts, () => way.down(false));
    }
  }

  #diskFull(machine: Machine, lasts: number): void {
    this.#scene.trace(`the disk of ${machine.plan.name} is full for ${lasts} ms`);
    machine.diskFault = { is: "full" };
    this.#after(lasts, () => void (machine.diskFault = undefined));
  }

  #clockJump(machine: Machine, lasts: number): void {
    const ms = this.#chance.happens(0.5) ? lasts : -lasts;
    this.#scene.trace(`the clock of ${machine.plan.name} jumps by ${ms} ms`);
    machine.disturbed.clock = true;
    machine.plan.clock.jump(ms);
  }

  #clockFrozen(machine: Machine, lasts: number): void {
    this.#scene.trace(`the clock of ${machine.plan.name} stands for ${lasts} ms`);
    machine.disturbed.clock = true;
    machine.plan.clock.freeze();
    this.#after(lasts, () => machine.plan.clock.mend());
  }

  #loseSecond(machine: Machine): void {
    const damaged = this.#chance.happens(0.5);
    this.#scene.trace(`the second place of ${machine.plan.name} is ${damaged ? "damaged" : "lost"}`);
    this.#down(machine, () => {
      if (damaged) machine.second.damaged = true;
      else machine.second.places.clear();
    });
  }

  /** A backup is taken now and put back later: of the store, of the second place, or of the whole machine. */
  #putBack(machine: Machine, lasts: number, what: "store" | "second" | "both"): void {
    const length = machine.disk.length - machine.disk.unsynced;
    const second = machine.second.copy();
    this.#after(lasts, () => {
      this.#scene.trace(`${machine.plan.name} is put back by ${lasts} ms: ${what}`);
      this.#down(machine, () => {
        if (length > machine.disk.length) return;
        if (what !== "second") machine.disk.restore(length);
        if (what !== "store") machine.second = second;
        if (what !== "second") this.#scene.laws.putBack(machine);
        if (what !== "both") return;
        // Long gone are frames that were under way when it went back, and what they said nobody but it had ever heard.
        for (const way of machine.ways) {
          way.forget(0);
          way.forget(1);
        }
        this.#scene.laws.forget(machine);
      });
    });
  }

  /** Done to a machine while nothing runs on it. */
  #down(machine: Machine, act: () => void): void {
    machine.off = true;
    machine.kill("switched off");
    act();
    machine.off = false;
    this.#scene.schedule.after(this.#chance.spread(...machine.habits.restart), () => machine.start());
  }
}
