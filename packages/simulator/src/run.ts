import type { StoredEntry } from "@openline/node";
import { Chance } from "./chance.ts";
import { Convergence } from "./convergence.ts";
import { Laws, type Violation } from "./laws.ts";
import { START_S, lineOf } from "./line.ts";
import { type Fitting, Machine } from "./machine.ts";
import { Way } from "./network.ts";
import type { Options } from "./options.ts";
import { PartyClock } from "./party-clock.ts";
import { People } from "./people.ts";
import { mischief, rogueFitting } from "./rogue.ts";
import { Schedule } from "./schedule.ts";
import { StateLaws } from "./law-states.ts";
import { rememberingSuite } from "./suite.ts";
import { type Scene, Troubles } from "./troubles.ts";

/** What a run came to. */
export interface Outcome {
  readonly violation: Violation | undefined;
  readonly entries: number;
  readonly placed: number;
  readonly starts: number;
  readonly checks: number;
  /** The same for two runs of one seed over one program. */
  readonly digest: string;
}

export interface RunSettings {
  /** A planted bug, in the first party's program. */
  readonly plant?: Fitting;
  readonly trace?: (line: string) => void;
}

const HOUR = 3_600_000;
/** How long after the last fault both records must be equal, and nothing owed that could be delivered. Milliseconds. */
const QUIET_MS = 40 * 60_000;
/** More than this many events in an hour feed on themselves; a start begins anew what was under way, and two machines that answer for one
 *  party have sent to the one what the other said it lacks. */
const STEPS_PER_HOUR_MAX = 60_000;
const STEPS_PER_START_MAX = 2000;
const STEPS_OF_TWINS_MAX = 240_000;
const suite = rememberingSuite();

/** One seed: machines are set up, people work and troubles strike for so many hours; then all is calmed, and both sides must come to
 *  hold the same. */
export async function runSeed(options: Options, settings: RunSettings = {}): Promise<Outcome> {
  const run = new Run(options, settings);
  return run.play();
}

class Run {
  readonly #options: Options;
  readonly #settings: RunSettings;
  readonly #chance: Chance;
  readonly #schedule: Schedule = new Schedule(START_S * 1000);
  readonly #machines: Machine[] = [];
  readonly #people: People[] = [];
  readonly #ways: Way[] = [];
  readonly #laws: Laws;
  readonly #states: StateLaws;
  #digest = 0;

  constructor(options: Options, settings: RunSettings) {
    this.#options = options;
    this.#settings = settings;
    this.#chance = new Chance(options.seed ^ 0x5eed);
    const rogue = options.rogue !== "none";
    this.#laws = new Laws({
      suite,
      honest: (machine) => !(rogue && machine.plan.position === 1),
      machines: () => this.#machines,
      trace: (text) => this.#trace(text),
    });
    this.#states = new StateLaws(this.#laws, this.#machines);
    for (let position = 0; position < options.shape.parties; position++) this.#addMachine(position);
    for (const [i, first] of this.#machines.entries()) for (const second of this.#machines.slice(i + 1)) this.#connect(first, second);
  }

  #addMachine(position: number, from?: Machine): Machine {
    const { options, settings } = { options: this.#options, settings: this.#settings };
    const chance = this.#chance.fork();
    const line = lineOf(suite, options.shape);
    const fittings = [
      ...(position === 0 && settings.plant !== undefined ? [settings.plant] : []),
      ...(position === 1 && options.rogue !== "none" ? [rogueFitting(options.rogue)] : []),
    ];
    const machine = new Machine({
      position,
      name: `${line.accord.parties[position]?.id ?? ""}${from === undefined ? "" : "'"}`,
      line,
      suite,
      schedule: this.#schedule,
      chance,
      clock: new PartyClock(
        () => this.#schedule.now,
        chance.between(-options.clockOffsetMs, options.clockOffsetMs),
        chance.between(-options.driftPpm, options.driftPpm),
      ),
      habits: options.habits,
      laws: this.#laws,
      trace: (text) => this.#trace(text),
      fittings,
    });
    if (from !== undefined) {
      machine.disk = from.disk.copy();
      machine.second = from.second.copy();
    }
    this.#machines.push(machine);
    const people = new People(machine, this.#laws, chance.fork(), options.workload);
    machine.onStored((stored: StoredEntry, entry) => people.read(stored, entry));
    this.#people.push(people);
    return machine;
  }

  #connect(first: Machine, second: Machine): void {
    for (let i = 0; i < this.#options.breadths.length; i++) {
      const way = new Way(this.#schedule, this.#chance.fork(), {
        id: `${first.plan.name}-${second.plan.name}/${i}`,
        ends: [first, second],
        breadth: this.#options.breadths[i] ?? this.#options.breadths[0],
      });
      this.#ways.push(way);
      first.join(way);
      second.join(way);
    }
  }

  async play(): Promise<Outcome> {
    const { hours, rogue } = this.#options;
    const scene: Scene = {
      schedule: this.#schedule,
      laws: this.#laws,
      machines: this.#machines,
      ways: this.#ways,
      trace: (text) => this.#trace(text),
    };
    for (const machine of this.#machines) machine.start();
    for (const people of this.#people) people.begin();
    const [, second] = this.#machines;
    if (rogue !== "none" && second !== undefined)
      mischief(rogue, second, { machine: second, suite, chance: this.#chance.fork(), seeds: new Map(second.secrets.watch) });
    const troubles = new Troubles(scene, this.#chance.fork(), this.#options);
    const end = this.#schedule.now + hours * HOUR;
    const fork = rogue === "forks" ? this.#schedule.now + (this.#chance.between(1, 3) * (hours * HOUR)) / 4 : Infinity;
    await this.#until(Math.min(end, fork));
    if (fork < end && second !== undefined) this.#fork(second);
    await this.#until(end);
    this.#trace("calm");
    for (const people of this.#people) people.working = false;
    troubles.calm();
    await this.#converge();
    return this.#outcome();
  }

  /** The second party goes on from one record on two machines. */
  #fork(second: Machine): void {
    const [first] = this.#machines;
    if (first === undefined) return;
    this.#trace(`${second.plan.name} goes on twice`);
    const twin = this.#addMachine(1, second);
    this.#connect(first, twin);
    twin.start();
    this.#people.at(-1)?.begin();
  }

  async #converge(): Promise<void> {
    const convergence = new Convergence({ laws: this.#laws, machines: this.#machines, options: this.#options });
    const deadline = this.#schedule.now + QUIET_MS;
    while (this.#laws.violation === undefined && this.#schedule.now < deadline && !convergence.reached())
      await this.#until(this.#schedule.now + 15_000);
    if (this.#laws.violation === undefined) convergence.judge();
    if (this.#laws.violation === undefined) this.#states.atEnd(this.#schedule.now);
  }

  async #until(end: number): Promise<void> {
    while (this.#schedule.now < end && this.#laws.violation === undefined) {
      const next = Math.min(end, this.#schedule.now + HOUR);
      const before = this.#starts;
      const usual = this.#options.rogue === "forks" ? STEPS_OF_TWINS_MAX : STEPS_PER_HOUR_MAX;
      let steps = 0;
      await this.#schedule.run(next, () => {
        const most = usual + (this.#starts - before) * STEPS_PER_START_MAX;
        this.#laws.check(++steps < most, "storm", () => `more than ${most} things happen within an hour`);
        return this.#laws.violation !== undefined;
      });
      this.#states.sometimes(this.#schedule.now);
      this.#laws.sometimes();
      for (const way of this.#ways) this.#bounded(way);
    }
  }

  get #starts(): number {
    return this.#machines.reduce((sum, { starts }) => sum + starts, 0);
  }

  /** A node that heeds what a way takes hands it no more than a window and a few frames. */
  #bounded(way: Way): void {
    const limit = way.window + 8 * Math.max(way.plan.breadth.mtu, 4096);
    if (this.#options.rogue !== "floods")
      this.#laws.check(way.peakBytes <= limit, "queue", () => `${way.peakBytes} bytes waited on ${way.id}, which takes ${way.window}`);
  }

  #trace(text: string): void {
    const seconds = (this.#schedule.now / 1000 - START_S).toFixed(3);
    const line = `${seconds.padStart(10)} ${text}`;
    this.#fold(line);
    this.#settings.trace?.(line);
  }

  #fold(text: string): void {
    for (let i = 0; i < text.length; i++) this.#digest = (Math.imul(this.#digest, 31) + text.charCodeAt(i)) | 0;
  }

  #outcome(): Outcome {
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    const entries = sum(this.#machines.map(({ disk }) => sum([...disk.written.entries.values()].map((log) => log.length))));
    for (const { disk } of this.#machines) for (const leaf of disk.written.leaves.keys()) this.#fold(leaf);
    return {
      violation: this.#laws.violation,
      entries,
      placed: sum(this.#people.map(({ placed }) => placed)),
      starts: this.#starts,
      checks: this.#laws.checks,
      digest: (this.#digest >>> 0).toString(16),
    };
  }
}
