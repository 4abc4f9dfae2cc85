import { formatTime, secondsOf } from "@openline/core";
import { unreadyOf } from "../http/readiness.ts";
import type { ServedLine } from "../http/served.ts";
import type { AlarmSettings } from "./alarm-settings.ts";
import { Bell } from "./bell.ts";
import { DeadMan } from "./dead-man.ts";
import { TextLog } from "./text-log.ts";

const LOOK_MS = 1000;
const FEED_MS = 5000;

/** The machine's own alarm: it rings, prints and says that it lives, whether or not anybody has a console open. */
export class HostAlarm {
  readonly #bell: Bell | undefined;
  readonly #deadMan: DeadMan | undefined;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #unwatch: () => void;
  #looking: Promise<void> | undefined;
  #again = false;
  #printFails = false;

  constructor(line: ServedLine, { program, deadMan, log }: AlarmSettings, told: (line: string) => void) {
    this.#bell = program === undefined ? undefined : new Bell(line, program, told);
    this.#deadMan = deadMan === undefined ? undefined : new DeadMan(deadMan, told);
    const textLog = log === undefined ? undefined : new TextLog(line, log);
    const print = async (): Promise<void> => {
      const failed = await textLog?.look().then(
        () => undefined,
        (error: unknown) => String(error),
      );
      if (failed !== undefined && !this.#printFails) told(`${line.party.id}: the text log ${log} cannot be written: ${failed}`);
      this.#printFails = failed !== undefined;
    };
    const look = (): void => this.#look(print);
    this.#unwatch = line.changes.watch(look);
    this.#timers = [setInterval(look, LOOK_MS).unref(), setInterval(() => void this.#feed(line), FEED_MS).unref()];
    void this.#feed(line);
  }

  /** One look at a time, and one more where something changed meanwhile. */
  #look(print: () => Promise<void>): void {
    this.#again = true;
    this.#looking ??= this.#whileChanging(print).finally(() => {
      this.#looking = undefined;
    });
  }

  async #whileChanging(print: () => Promise<void>): Promise<void> {
    while (this.#again) {
      this.#again = false;
      this.#bell?.look();
      await print();
    }
  }

  /** Only while the node is well, and what it had to print is printed. */
  async #feed(line: ServedLine): Promise<void> {
    this.#deadMan?.keep();
    if (this.#deadMan === undefined || this.#printFails || (await unreadyOf({ lines: [line] })).length > 0) return;
    this.#deadMan.feed(`${line.party.id} alive ${formatTime(secondsOf(line.node.options.world.clock.now()))}`);
  }

  async stop(): Promise<void> {
    this.#unwatch();
    for (const timer of this.#timers) clearInterval(timer);
    await this.#looking;
    await this.#deadMan?.stop();
    await this.#bell?.stop();
  }
}
