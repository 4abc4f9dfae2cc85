import type { Program } from "./alarm-settings.ts";
import { RunningProgram } from "./run-program.ts";

/** A program that goes on after its input has ended is killed. */
const STOP_MS = 2000;

/** A program that runs for as long as the node does, is fed a line while the node is well, and alarms people when no line comes. */
export class DeadMan {
  readonly #program: Program;
  readonly #told: (line: string) => void;
  #running: RunningProgram | undefined;
  #stopped = false;

  /** Starts it at once: a node that is never well must not leave people without anything that counts the silence. */
  constructor(program: Program, told: (line: string) => void) {
    this.#program = program;
    this.#told = told;
    this.keep();
  }

  /** Starts it again where it has ended, or could not be started. */
  keep(): void {
    if (!this.#stopped) this.#running ??= this.#start();
  }

  feed(line: string): void {
    this.keep();
    this.#running?.say(`${line}\n`);
  }

  #start(): RunningProgram {
    const program = new RunningProgram(this.#program);
    void program.ended.then((why) => {
      if (this.#running !== program) return;
      this.#running = undefined;
      this.#told(`the dead-man program ${this.#program[0]} does not run: ${why ?? "it ended"}; it is started again`);
    });
    return program;
  }

  /** The end of its input tells it that the node has been stopped. Resolves when it has ended too; it is not waited for long. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const program = this.#running;
    this.#running = undefined;
    program?.sayLast();
    await program?.endWithin(STOP_MS);
  }
}
