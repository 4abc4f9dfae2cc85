import { type ChildProcess, spawn } from "node:child_process";
import { EXIT, Ended } from "../exit.ts";

/** A node that is well ends within less, whoever is asking it something. */
const END_MS = 5000;

/** One node as a process of its own: `openline up` with these arguments, asked for anew at each start. */
export class NodeProcess {
  readonly #args: () => readonly string[];
  readonly #told: (line: string) => void;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(args: () => readonly string[], told: (line: string) => void) {
    this.#args = args;
    this.#told = told;
  }

  get running(): boolean {
    return this.#child !== undefined;
  }

  /** Resolves when it says that it runs. Throws `Ended` with its last sentence where it ends before. */
  async start(): Promise<void> {
    if (this.#child !== undefined) return;
    await this.#ended;
    // Who asked at the same time was first.
    if (this.#child !== undefined) return;
    const [script] = process.argv.slice(1);
    const command = [...process.execArgv, script ?? "", "up", ...this.#args()];
    // Over the channel it learns when this process is gone, however it went.
    const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe", "ipc"] });
    this.#child = child;
    const printed: string[] = [];
    const lost = Promise.withResolvers<never>();
    const runs = Promise.withResolvers<void>();
    this.#ended = new Promise((resolve) => {
      child.once("close", () => {
        this.#child = undefined;
        lost.reject(new Ended(EXIT.unavailable, lastSentence(printed.join(""))));
        resolve();
      });
    });
    child.once("error", (error) => lost.reject(error));
    child.stdout?.on("data", (chunk: Buffer) => {
      printed.push(chunk.toString());
      if (printed.join("").includes(": running\n")) runs.resolve();
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      printed.push(chunk.toString());
      for (const line of chunk.toString().trimEnd().split("\n")) this.#told(withoutName(line));
    });
    await Promise.race([runs.promise, lost.promise]);
    // From here on an end is seen by whoever asks whether it runs.
    lost.promise.catch(() => undefined);
  }

  /** Asks it to end, as a system does, and waits until it has. One that does not end in time is killed: what it has acknowledged is on
   *  its disk. */
  async stop(): Promise<void> {
    const child = this.#child;
    child?.kill("SIGTERM");
    const timer = setTimeout(() => {
      child?.kill("SIGKILL");
      // Nor is a program waited for that it has left behind with its outputs.
      child?.stdout?.destroy();
      child?.stderr?.destroy();
    }, END_MS);
    await this.#ended;
    clearTimeout(timer);
  }
}

/** Everything that it printed on stderr has been passed on: the traces of a bug stand there. */
const lastSentence = (printed: string): string =>
  withoutName(printed.split("\n").findLast((line) => line !== withoutName(line)) ?? "a node ended before it ran");
const withoutName = (line: string): string => line.replace(/^openline: /, "");
