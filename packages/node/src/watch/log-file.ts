import { type ChildProcess, fork } from "node:child_process";
import { limits } from "@openline/core";

interface Asked {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A text file that is only appended to. A process of its own writes it: a file that does not answer, for nobody reads from a pipe or a
 *  disk is far away and gone, takes no thread of this one, and can be let go of. */
export class LogFile {
  readonly #path: string;
  #process: ChildProcess | undefined;
  #stopped = false;
  readonly #asked: Asked[] = [];
  #checking: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** When it resolves the text is on disk. Rejects with why it may not be; it never settles before the file has answered, or this has
   *  been stopped. One after the other, in the order of the calls. */
  append(text: string): Promise<void> {
    return this.#ask(text);
  }

  /** Whether something could be appended now: as `append`, and writes nothing. Makes the file where there is none. */
  check(): Promise<void> {
    this.#checking ??= this.#ask("").finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  /** What has not been answered never will be. */
  stop(): void {
    this.#stopped = true;
    this.#process?.kill("SIGKILL");
    this.#ended("it was stopped");
  }

  #ask(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#stopped) return reject(new Error("it was stopped"));
      this.#asked.push({ resolve, reject });
      try {
        this.#process ??= this.#start();
        this.#process.send(text);
      } catch (error) {
        this.#ended(String(error));
      }
    });
  }

  #start(): ChildProcess {
    const script = `./log-file-process${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`;
    const child = fork(new URL(script, import.meta.url), [this.#path, String(limits.freeBytesMin)], {
      execArgv: [],
      env: {},
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      // An interrupt from the keyboard is for the node, which lets it end in its time.
      detached: true,
    });
    child.on("message", (why: string | null) => {
      const asked = this.#asked.shift();
      if (why === null) asked?.resolve();
      else asked?.reject(new Error(why));
    });
    const ended = (why: string): void => {
      if (this.#process === child) this.#ended(why);
    };
    child.on("error", (error) => ended(error.message));
    child.on("exit", (code, signal) => ended(`the process that writes it ended with ${code ?? signal}`));
    // It never keeps this process from ending, and ends with it.
    child.unref();
    child.channel?.unref();
    return child;
  }

  /** Another process is started for what is asked next. */
  #ended(why: string): void {
    this.#process = undefined;
    for (const { reject } of this.#asked.splice(0)) reject(new Error(why));
  }
}
