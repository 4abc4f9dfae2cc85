import { formatTime, secondsOf } from "@openline/core";
import { unreadyOf } from "../http/readiness.ts";
import type { ServedLine } from "../http/served.ts";
import type { AlarmSettings } from "./alarm-settings.ts";
import { Bell } from "./bell.ts";
import { DeadMan } from "./dead-man.ts";
import { settlesWithin } from "./settles-within.ts";
import { TextLog } from "./text-log.ts";

const LOOK_MS = 1000;
const FEED_MS = 5000;
/** A text log that has not answered by then cannot be written: well below the three lines that the dead-man output may lack. */
const LOG_MS = 3000;
/** What is being printed when the node is stopped has this long. */
const LAST_MS = 2000;

/** The machine's own alarm: it rings, prints and says that it lives, whether or not anybody has a console open. None of the three waits
 *  for another. */
export class HostAlarm {
  readonly #line: ServedLine;
  readonly #told: (line: string) => void;
  readonly #bell: Bell | undefined;
  readonly #deadMan: DeadMan | undefined;
  readonly #textLog: TextLog | undefined;
  readonly #logPath: string | undefined;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #unwatch: () => void;
  #stopped = false;
  #bellPlanned = false;
  #printing: Promise<void> | undefined;
  #printAgain = false;
  #feeding = false;
  /** Why the text log cannot be written, by what has found it out. */
  readonly #logFails: Map<"print" | "check", string> = new Map();

  constructor(line: ServedLine, { program, deadMan, log }: AlarmSettings, told: (line: string) => void) {
    this.#line = line;
    this.#told = told;
    this.#bell = program === undefined ? undefined : new Bell(line, program, told);
    this.#deadMan = deadMan === undefined ? undefined : new DeadMan(deadMan, told);
    this.#textLog = log === undefined ? undefined : new TextLog(line, log);
    this.#logPath = log;
    const look = (): void => {
      this.#planBell();
      this.#print();
    };
    this.#unwatch = line.changes.watch(look);
    this.#timers = [setInterval(look, LOOK_MS).unref(), setInterval(() => void this.#feed(), FEED_MS).unref()];
    void this.#feed();
  }

  /** One look for all that changes at the same moment. */
  #planBell(): void {
    if (this.#bell === undefined || this.#bellPlanned) return;
    this.#bellPlanned = true;
    setImmediate(() => {
      this.#bellPlanned = false;
      if (!this.#stopped) this.#bell?.look();
    });
  }

  /** One look at a time, and one more where something changed meanwhile. */
  #print(): void {
    this.#printAgain = true;
    this.#printing ??= this.#whileChanging().finally(() => {
      this.#printing = undefined;
    });
  }

  async #whileChanging(): Promise<void> {
    while (this.#printAgain && !this.#stopped) {
      this.#printAgain = false;
      this.#logIs("print", await failureOf(this.#textLog?.look()));
    }
  }

  /** Only while the node is well, what it had to print is printed, and more could be. */
  async #feed(): Promise<void> {
    this.#deadMan?.keep();
    if (this.#feeding) return;
    this.#feeding = true;
    const unready = await unreadyOf({ lines: [this.#line] });
    await this.#checkLog();
    this.#feeding = false;
    if (unready.length > 0 || this.#logFails.size > 0) return;
    this.#deadMan?.feed(`${this.#line.party.id} alive ${formatTime(secondsOf(this.#line.node.options.world.clock.now()))}`);
  }

  async #checkLog(): Promise<void> {
    const failure = failureOf(this.#textLog?.check());
    const answered = await settlesWithin(failure, LOG_MS);
    this.#logIs("check", answered ? await failure : `it has not answered for ${LOG_MS / 1000} s`);
  }

  /** Tells when it begins to fail. */
  #logIs(by: "print" | "check", failure: string | undefined): void {
    if (failure === undefined) return void this.#logFails.delete(by);
    if (this.#logFails.size === 0 && !this.#stopped)
      this.#told(`${this.#line.party.id}: the text log ${this.#logPath} cannot be written: ${failure}`);
    this.#logFails.set(by, failure);
  }

  /** Resolves within seconds, whatever a program or the text log does. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unwatch();
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([this.#lastPrinted(), this.#deadMan?.stop(), this.#bell?.stop()]);
  }

  async #lastPrinted(): Promise<void> {
    if (this.#printing !== undefined) await settlesWithin(this.#printing, LAST_MS);
    this.#textLog?.stop();
    await this.#printing;
  }
}

const failureOf = async (step: Promise<void> | undefined): Promise<string | undefined> => {
  try {
    await step;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
