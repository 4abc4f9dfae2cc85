import type { ChildProcess } from "node:child_process";
import type { Program } from "./alarm-settings.ts";
import { startProgram } from "./run-program.ts";

/** A program that goes on after its input has ended is killed. */
const STOP_MS = 2000;

/** A program that is fed a line for as long as the node is well, and that alarms people when it is not. It is started again when it
 *  has ended. */
export class DeadMan {
  readonly #program: Program;
  readonly #told: (line: string) => void;
  #child: ChildProcess | undefined;

  constructor(program: Program, told: (line: string) => void) {
    this.#program = program;
    this.#told = told;
  }

  feed(line: string): void {
    this.#child ??= this.#start();
    // One that does not read is not fed without end: what it has not taken is as good as not said.
    if (this.#child.stdin?.writableNeedDrain === false) this.#child.stdin.write(`${line}\n`);
  }

  #start(): ChildProcess {
    const child = startProgram(this.#program);
    const ended = (): void => {
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#told(`the dead-man program ${this.#program[0]} has ended; it is started again`);
    };
    child.on("error", ended);
    child.on("exit", ended);
    return child;
  }

  /** The end of its input tells it that the node has been stopped. Resolves when it has ended too; it is not waited for long. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => {
      child.once("exit", resolve);
      child.once("error", resolve);
    });
    child.stdin?.end();
    const limit = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(limit);
  }
}
