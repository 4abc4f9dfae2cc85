import { type ChildProcess, spawn } from "node:child_process";
import type { Program } from "./alarm-settings.ts";
import { settlesWithin } from "./settles-within.ts";

/** What cannot be killed at once, such as a program that waits for a dead disk, is not waited for. */
const KILLED_MS = 1000;

/** A program that was started, in a process group of its own: what it starts in its turn can be ended with it. No shell reads its
 *  arguments, and of this process's environment it gets nothing but what finds and reads files. What it prints goes nowhere; what it is
 *  told comes on its standard input. */
export class RunningProgram {
  readonly #child: ChildProcess | undefined;
  /** Resolves when it has ended: undefined after code 0, else why that was not so. A program that could not be started has ended. */
  readonly ended: Promise<string | undefined>;
  readonly #end: (why: string | undefined) => void;

  constructor([path, ...args]: Program) {
    const { PATH, LANG, HOME } = process.env;
    const { promise, resolve: end } = Promise.withResolvers<string | undefined>();
    this.ended = promise;
    this.#end = end;
    const unstarted = (error: unknown): void => end(`it cannot be started (${error instanceof Error ? error.message : String(error)})`);
    try {
      const stdio = ["pipe", "ignore", "ignore"] as const;
      this.#child = spawn(path, args, { shell: false, detached: true, stdio: [...stdio], env: { PATH, LANG, HOME } });
    } catch (error) {
      // Some errors of the system are thrown, the others come as an event.
      unstarted(error);
      return;
    }
    this.#child.on("error", unstarted);
    this.#child.on("exit", (code, signal) => end(code === 0 ? undefined : `it ended with ${code ?? signal}`));
    // It may end before it has read what it is told.
    this.#child.stdin?.on("error", () => undefined);
  }

  /** One that does not read is not told without end: what it has not taken is as good as not said. */
  say(text: string): void {
    if (this.#child?.stdin?.writableNeedDrain === false) this.#child.stdin.write(text);
  }

  /** The last that it is told; then its input ends. */
  sayLast(text = ""): void {
    this.#child?.stdin?.end(text);
  }

  /** Kills it and whatever it has started in its group. */
  kill(): void {
    const { pid, exitCode, signalCode } = this.#child ?? {};
    // Once it has ended its number may be another's.
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // It runs under another account, and is let go of.
    }
  }

  /** Kills it unless it ends within `graceMs`. Resolves within a second of that: what cannot be killed is let go of, and counts as
   *  ended. */
  async endWithin(graceMs: number): Promise<void> {
    if (await settlesWithin(this.ended, graceMs)) return;
    this.kill();
    if (await settlesWithin(this.ended, KILLED_MS)) return;
    this.#child?.stdin?.destroy();
    this.#child?.unref();
    this.#end("it cannot be killed");
  }
}
