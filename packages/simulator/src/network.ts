import type { Bearer } from "@openline/node";
import type { Chance } from "./chance.ts";
import type { Process } from "./process.ts";
import type { Schedule } from "./schedule.ts";
import { Air, CALM, type Weather } from "./weather.ts";

/** What one process does with its end of a way. */
export interface EndUse {
  /** Told of every frame before it leaves. */
  readonly sent: (frame: Uint8Array) => void;
  readonly arrived: (frame: Uint8Array, bearer: Bearer) => void;
}

interface Direction {
  readonly air: Air;
  /** Frames under way when this changes are lost. */
  epoch: number;
  /** Cut: what is sent goes nowhere, and the sender does not know. Down: it does know, and nothing is taken. */
  cut: boolean;
  down: boolean;
  lastArrival: number;
  /** Bytes handed over and not yet on their way, and until when the sender is busy with them. */
  queued: number;
  busyUntil: number;
}

/** What a way takes: bytes a second, and the longest frame. */
export interface Breadth {
  readonly bytesPerSecond: number;
  readonly mtu: number;
}

export interface WayPlan {
  readonly id: string;
  readonly ends: readonly [object, object];
  readonly breadth: Breadth;
}

/** One way between two machines: two directions with their own faults. */
export class Way {
  readonly plan: WayPlan;
  readonly #schedule: Schedule;
  readonly #directions: readonly [Direction, Direction];
  readonly #arrived: [((frame: Uint8Array) => void) | undefined, ((frame: Uint8Array) => void) | undefined] = [undefined, undefined];
  /** The most that ever was handed over at once and not on its way, in bytes. */
  peakBytes = 0;

  constructor(schedule: Schedule, chance: Chance, plan: WayPlan) {
    this.#schedule = schedule;
    this.plan = plan;
    const direction = (): Direction => ({
      air: new Air(chance.fork()),
      epoch: 0,
      cut: false,
      down: false,
      lastArrival: 0,
      queued: 0,
      busyUntil: 0,
    });
    this.#directions = [direction(), direction()];
  }

  get id(): string {
    return this.plan.id;
  }

  /** Bytes a way takes before it says that it takes no more: what a second carries, and one frame at least. */
  get window(): number {
    return Math.max(this.plan.breadth.mtu, Math.min(this.plan.breadth.bytesPerSecond, WINDOW_MAX));
  }

  sideOf(end: object): 0 | 1 {
    return this.plan.ends[0] === end ? 0 : 1;
  }

  weather(weather: Weather): void {
    for (const { air } of this.#directions) air.weather = weather;
  }

  /** Cuts or mends what one side sends. What is under way when it is cut is lost. */
  cut(from: 0 | 1, cut: boolean): void {
    const direction = this.#directions[from];
    direction.cut = cut;
    if (cut) this.#lose(direction);
  }

  /** Takes the way down or up, as both ends can see. */
  down(down: boolean): void {
    for (const direction of this.#directions) {
      direction.down = down;
      if (down) this.#lose(direction);
    }
  }

  calm(): void {
    this.weather(CALM);
    this.cut(0, false);
    this.cut(1, false);
    this.down(false);
  }

  /** All that a side has ever sent is nowhere any more, under way or remembered. */
  forget(from: 0 | 1): void {
    this.#lose(this.#directions[from]);
    this.#directions[from].air.forget();
  }

  #lose(direction: Direction): void {
    direction.epoch++;
  }

  /** This side's end, for one process. */
  end(side: 0 | 1, process: Process, { sent, arrived }: EndUse): Bearer {
    const direction = this.#directions[side];
    const bearer: Bearer = {
      id: `${this.id}:${side}`,
      kind: "memory",
      epoch: "direct",
      mtu: this.plan.breadth.mtu,
      oneWay: undefined,
      credit: () => (direction.down ? 0 : Math.max(0, this.window - direction.queued)),
      send: async (frame) =>
        process.step(async () => {
          sent(frame);
          await this.#send(side, frame);
        }),
    };
    this.#arrived[side] = (frame) => {
      if (process.alive) arrived(frame, bearer);
    };
    return bearer;
  }

  /** Bytes that no node sent. */
  inject(side: 0 | 1, frame: Uint8Array): void {
    void this.#send(side, frame);
  }

  /** Resolves when the frame is on its way, or dropped. */
  async #send(side: 0 | 1, frame: Uint8Array): Promise<void> {
    const direction = this.#directions[side];
    if (direction.down) return;
    direction.queued += frame.length;
    this.peakBytes = Math.max(this.peakBytes, direction.queued);
    const takes = (1000 * frame.length) / this.plan.breadth.bytesPerSecond;
    direction.busyUntil = Math.max(direction.busyUntil, this.#schedule.now) + takes;
    const wait = direction.busyUntil - this.#schedule.now;
    // Less than a tick of a real clock is not worth an event.
    if (wait >= 1) await this.#schedule.pass(wait);
    direction.queued -= frame.length;
    if (direction.down || direction.cut) return;
    for (const carried of direction.air.carry(frame)) this.#underway(side, direction, carried);
  }

  #underway(side: 0 | 1, direction: Direction, { frame, delayMs }: { readonly frame: Uint8Array; readonly delayMs: number }): void {
    const { epoch } = direction;
    const { reorder } = direction.air.weather;
    const at = Math.max(this.#schedule.now + delayMs, reorder ? 0 : direction.lastArrival);
    direction.lastArrival = Math.max(direction.lastArrival, at);
    this.#schedule.after(at - this.#schedule.now, () => {
      if (direction.epoch === epoch) this.#arrived[side === 0 ? 1 : 0]?.(frame);
    });
  }
}

/** No window is larger, however broad the way. */
const WINDOW_MAX = 262_144;
