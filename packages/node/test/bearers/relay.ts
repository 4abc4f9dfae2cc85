import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";
import { seeded } from "../node/line.ts";
import type { Timers } from "../../src/bearers/bearer.ts";

/** What may happen to bytes on their way. */
export const FAULTS = ["cut", "flip", "double", "reorder", "lose", "delay", "drip"] as const;
export type Fault = (typeof FAULTS)[number];

/** How bad it is: which faults, and how many bytes go well between two of them, about. */
export interface Weather {
  readonly faults: readonly Fault[];
  readonly bytesBetween: number;
}

export interface RelayOptions {
  readonly to: { readonly host: string; readonly port: number };
  readonly timers: Timers;
  /** Decides everything that happens, by connection, direction and offset in the stream. */
  readonly seed: number;
}

/** How long a delay lasts, and how long a dripping byte takes. */
const DELAY_MS = 2_000;
const DRIP_MS = 100;
/** Longest run of bytes that is doubled, lost, dripped or changes places with the next. */
const RUN_BYTES_MAX = 200;
/** Above it nothing more is read from a sender. */
const HELD_BYTES_MAX = 1_048_576;

/** Stands between two ends of TCP connections, on a port of its own, and does to their bytes what its weather says. */
export class Relay {
  readonly #options: RelayOptions;
  readonly #server: Server;
  readonly #pairs: Set<readonly [Socket, Socket]> = new Set();
  /** How many have been made since it was opened. */
  connections = 0;
  /** How often each fault has happened. */
  readonly did: Map<Fault, number> = new Map();
  weather: Weather | undefined;
  /** Nobody gets through: connections end as soon as they have begun. */
  shut = false;

  private constructor(options: RelayOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#join(socket));
  }

  static async open(options: RelayOptions): Promise<Relay> {
    const relay = new Relay(options);
    await new Promise<void>((resolve) => relay.#server.listen({ host: "127.0.0.1", port: 0 }, resolve));
    return relay;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends every connection, as a pulled cable that both sides notice. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  /** Puts bytes into every connection towards the end that was called. */
  inject(bytes: Uint8Array): void {
    for (const [, called] of this.#pairs) called.write(bytes);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
  }

  #join(caller: Socket): void {
    if (this.shut) return void caller.destroy();
    const called = connect(this.#options.to);
    const pair = [caller, called] as const;
    this.#pairs.add(pair);
    const end = (): void => {
      this.#pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    const at = this.connections++;
    for (const [from, to, side] of [
      [caller, called, 0],
      [called, caller, 1],
    ] as const) {
      from.on("error", end).on("close", end);
      const stretch = new Stretch(from, to, {
        seed: this.#options.seed * 1_000 + at * 2 + side,
        timers: this.#options.timers,
        weather: () => this.weather,
        happened: (fault) => void this.did.set(fault, (this.did.get(fault) ?? 0) + 1),
        cut: end,
      });
      from.on("data", (bytes: Buffer) => stretch.take(bytes));
    }
  }
}

interface StretchUse {
  readonly seed: number;
  readonly timers: Timers;
  readonly weather: () => Weather | undefined;
  readonly happened: (fault: Fault) => void;
  readonly cut: () => void;
}

/** One direction of one connection. Where in the stream a fault happens does not depend on how TCP cuts the stream. */
class Stretch {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #use: StretchUse;
  readonly #chance: ReturnType<typeof seeded>;
  #held: Buffer = Buffer.alloc(0);
  #untilFault: number | undefined;
  #waiting = false;
  #dripping = 0;

  constructor(from: Socket, to: Socket, use: StretchUse) {
    this.#from = from;
    this.#to = to;
    this.#use = use;
    this.#chance = seeded(use.seed);
  }

  take(bytes: Buffer): void {
    this.#held = Buffer.concat([this.#held, bytes]);
    if (this.#held.length > HELD_BYTES_MAX) this.#from.pause();
    this.#pump();
  }

  #pump(): void {
    while (this.#held.length > 0 && !this.#waiting && !this.#to.destroyed) this.#step();
    if (this.#held.length < HELD_BYTES_MAX / 2) this.#from.resume();
  }

  #step(): void {
    const weather = this.#use.weather();
    if (this.#dripping > 0) {
      this.#dripping--;
      this.#to.write(this.#next(1));
      return this.#wait(DRIP_MS);
    }
    if (weather === undefined) return void this.#to.write(this.#next(this.#held.length));
    this.#untilFault ??= 1 + this.#chance.below(2 * weather.bytesBetween);
    const well = Math.min(this.#untilFault, this.#held.length);
    this.#untilFault -= well;
    this.#to.write(this.#next(well));
    if (this.#untilFault > 0 || this.#held.length === 0) return;
    this.#untilFault = undefined;
    const fault = weather.faults[this.#chance.below(weather.faults.length)];
    if (fault !== undefined) this.#happen(fault, 1 + this.#chance.below(RUN_BYTES_MAX));
  }

  #happen(fault: Fault, run: number): void {
    this.#use.happened(fault);
    switch (fault) {
      case "cut":
        return this.#use.cut();
      case "delay":
        return this.#wait(DELAY_MS);
      case "drip":
        this.#dripping = run;
        return;
      case "lose":
        this.#next(run);
        return;
      case "double": {
        const bytes = this.#next(run);
        this.#to.write(bytes);
        this.#to.write(bytes);
        return;
      }
      case "reorder": {
        const [first, second] = [this.#next(run), this.#next(run)];
        this.#to.write(second);
        this.#to.write(first);
        return;
      }
      case "flip": {
        const bytes = Buffer.from(this.#next(1));
        bytes[0] = bytes[0]! ^ (1 << this.#chance.below(8));
        this.#to.write(bytes);
      }
    }
  }

  #next(count: number): Buffer {
    const bytes = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(bytes.length);
    return bytes;
  }

  #wait(ms: number): void {
    this.#waiting = true;
    this.#use.timers.after(ms, () => {
      this.#waiting = false;
      this.#pump();
    });
  }
}
