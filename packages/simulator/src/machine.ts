import { type Entry, type Party, type Suite, OpenlineError } from "@openline/core";
import { type Batch, type Bearer, Node, type NodeOptions, type StoredEntry } from "@openline/node";
import type { PartySecrets } from "@openline/node/line-setup";
import type { Chance } from "./chance.ts";
import { Disk, type DiskFault, DiskStore } from "./disk.ts";
import type { Laws } from "./laws.ts";
import type { Way } from "./network.ts";
import type { PartyClock } from "./party-clock.ts";
import { Process } from "./process.ts";
import type { Schedule } from "./schedule.ts";
import { ProcessSecond, Second } from "./second.ts";
import type { SimulatedLine } from "./line.ts";

/** How a machine behaves by itself, beside what is done to it. */
export interface MachineHabits {
  /** The longest time between two ticks when nothing happens. Milliseconds. */
  readonly tickMaxMs: number;
  /** Chance that a write takes time, and how long at most. */
  readonly slow: number;
  readonly slowMaxMs: number;
  /** Chance that a process stops at some step, and up to which. */
  readonly stops: number;
  readonly stopMax: number;
  /** How long a dead process stays dead. Milliseconds. */
  readonly restart: readonly [number, number];
  readonly confirmStart: boolean;
}

/** Changes what a process is given or what came of it: how a planted bug or a dishonest party gets in. */
export interface Fitting {
  options?(options: NodeOptions, machine: Machine): NodeOptions;
  opened?(node: Node, machine: Machine): void;
  bearer?(bearer: Bearer, machine: Machine): Bearer;
}

export interface MachinePlan {
  readonly position: number;
  readonly name: string;
  readonly line: SimulatedLine;
  readonly suite: Suite;
  readonly schedule: Schedule;
  readonly chance: Chance;
  readonly clock: PartyClock;
  readonly habits: MachineHabits;
  readonly laws: Laws;
  readonly trace: (text: string) => void;
  readonly fittings: readonly Fitting[];
}

/** One party's machine: a disk, a second place, a clock, ways out, and at most one running process, which is the real node. */
export class Machine {
  readonly plan: MachinePlan;
  readonly party: Party;
  readonly secrets: PartySecrets;
  readonly ways: Way[] = [];
  disk = new Disk();
  second = new Second();
  node: Node | undefined;
  process: Process | undefined;
  /** What the disk does to the next write. */
  diskFault: DiskFault;
  /** Nothing starts a process by itself while this is set. */
  off = false;
  habits: MachineHabits;
  starts = 0;
  /** Its clock was set in a way that no drift explains; one of its places was put back. */
  disturbed = { clock: false, rolledBack: false };
  #calm = 0;
  /** The ends of its ways that the running process holds. */
  bearers: Bearer[] = [];
  readonly #opened: ((node: Node) => void)[] = [];
  readonly #stored: ((stored: StoredEntry, entry: Entry) => void)[] = [];

  constructor(plan: MachinePlan) {
    this.plan = plan;
    this.habits = plan.habits;
    const [party, secrets] = [plan.line.accord.parties[plan.position], plan.line.secrets[plan.position]];
    if (party === undefined || secrets === undefined) throw new RangeError(`the line has no party ${plan.position}`);
    this.party = party;
    this.secrets = secrets;
  }

  /** Called whenever a process has come up. */
  onOpen(opened: (node: Node) => void): void {
    this.#opened.push(opened);
  }

  /** Called with each entry of another party that is durably here. */
  onStored(stored: (stored: StoredEntry, entry: Entry) => void): void {
    this.#stored.push(stored);
  }

  start(): void {
    if (this.process?.alive === true || this.off) return;
    const { chance, trace, name } = this.plan;
    const { stops, stopMax } = this.habits;
    const stopAt = chance.happens(stops)
      ? { step: chance.spread(1, stopMax), when: chance.happens(0.5) ? ("before" as const) : ("after" as const) }
      : undefined;
    const process = new Process(stopAt, (why) => this.#died(why));
    this.process = process;
    this.bearers = [];
    this.starts++;
    trace(`${name} starts${stopAt === undefined ? "" : `, to stop ${stopAt.when} step ${stopAt.step}`}`);
    void this.#open(process);
  }

  /** The process dies where it stands, and comes up again after a while unless the machine is off. */
  kill(why: string): void {
    this.process?.kill(why);
  }

  /** What a door of the node gives back; when the node has stopped, so does its process. */
  async guard<T>(process: Process, step: Promise<T>): Promise<T | undefined> {
    try {
      return await step;
    } catch (error) {
      if (!process.alive) return undefined;
      this.plan.laws.stopped(this, error);
      process.kill(error instanceof OpenlineError ? `fault: ${error.message}` : `bug: ${String(error)}`);
      return undefined;
    }
  }

  /** Something happened here: the next tick is near. */
  stir(): void {
    this.#calm = 0;
  }

  /** Runs once for every tick that is due. */
  async #tickFor(process: Process, node: Node): Promise<void> {
    while (process.alive) {
      const gap = Math.min(this.habits.tickMaxMs, 1000 * 2 ** Math.min(this.#calm++, 12));
      await this.plan.schedule.pass(gap);
      if (!process.alive) return;
      await this.guard(process, node.tick());
    }
  }

  async #open(process: Process): Promise<void> {
    const node = await this.guard(process, Node.open(this.#options(process)));
    if (node === undefined || !process.alive) return;
    for (const fitting of this.plan.fittings) fitting.opened?.(node, this);
    this.node = node;
    this.#calm = 0;
    this.plan.laws.opened(this, node);
    for (const way of this.ways) this.#join(process, node, way);
    void this.#tickFor(process, node);
    for (const opened of this.#opened) opened(node);
  }

  #join(process: Process, node: Node, way: Way): void {
    const { laws } = this.plan;
    const side = way.sideOf(this);
    const end = way.end(side, process, {
      sent: (frame) => laws.sent(this, frame),
      arrived: (frame, from) => void this.guard(process, node.receive(frame, from)),
    });
    const bearer = this.plan.fittings.reduce((given, fitting) => fitting.bearer?.(given, this) ?? given, end);
    this.bearers.push(bearer);
    const other = way.plan.ends.find((end) => end !== this);
    if (other instanceof Machine) void this.guard(process, node.join(bearer, other.party));
  }

  /** A way that was laid while the process ran. */
  join(way: Way): void {
    this.ways.push(way);
    if (this.node !== undefined && this.process?.alive === true) this.#join(this.process, this.node, way);
  }

  #options(process: Process): NodeOptions {
    const { schedule, chance, laws, line, clock } = this.plan;
    const slow = (): number => (chance.happens(this.habits.slow) ? chance.spread(1, this.habits.slowMaxMs) : 0);
    const pass = async (ms: number): Promise<void> => schedule.pass(ms);
    const store = new DiskStore(this.disk, {
      process,
      delay: slow,
      pass,
      fault: () => this.#takeFault(),
      writing: (batch) => laws.writing(this, batch),
      durable: (batch) => this.#durable(batch),
    });
    const options: NodeOptions = {
      suite: laws.watched(this),
      accord: line.accord,
      party: this.party,
      keys: this.secrets.keys,
      store,
      second: new ProcessSecond(this.second, { process, delay: slow, pass }),
      world: { clock, random: (count) => chance.bytes(count) },
      receiptDelayMs: 1000,
      unprompted: true,
      confirmStart: this.habits.confirmStart,
    };
    return this.plan.fittings.reduce((given, fitting) => fitting.options?.(given, this) ?? given, options);
  }

  #durable(batch: Batch): void {
    if (batch.entries === undefined) return;
    this.stir();
    const { laws } = this.plan;
    for (const stored of batch.entries) {
      const entry = laws.ownLog(this, stored.log) ? undefined : laws.entry(stored);
      if (entry !== undefined) for (const told of this.#stored) told(stored, entry);
    }
  }

  #takeFault(): DiskFault {
    const fault = this.diskFault;
    if (fault?.is === "sync") this.diskFault = undefined;
    if (fault !== undefined) this.plan.laws.faulted(this);
    return fault;
  }

  #died(why: string): void {
    const { chance, schedule, trace, name } = this.plan;
    const lost = this.disk.unsynced;
    const kept = chance.below(lost + 1);
    trace(`${name} dies (${why}); ${lost - kept} of ${lost} unsynced commits are lost`);
    this.node = undefined;
    this.plan.laws.died(this);
    this.disk.crash(kept);
    schedule.after(chance.spread(...this.habits.restart), () => this.start());
  }
}
