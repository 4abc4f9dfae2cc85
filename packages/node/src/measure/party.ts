import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Order, Sent, Usage } from "./orders.ts";

/** The process of one party, from outside. */
export class PartyProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when its node runs. */
  static async start(dir: string): Promise<PartyProcess> {
    // Run from source it strips types itself, and finds the other packages' sources under the same condition.
    const fromSource = import.meta.url.endsWith(".ts");
    const execArgv = ["--disable-warning=ExperimentalWarning", ...(fromSource ? ["--conditions=openline-source"] : [])];
    const child = fork(new URL(`./party-process${fromSource ? ".ts" : ".js"}`, import.meta.url), [dir], { execArgv });
    await answerOf(child);
    return new PartyProcess(child);
  }

  async send(order: Omit<Extract<Order, { do: "send" }>, "do">): Promise<Sent> {
    return (await this.#tell({ do: "send", ...order })) as Sent;
  }

  /** Hands it one act of its own people. Resolves when that act stands durably in its log. */
  async place(): Promise<void> {
    await this.#tell({ do: "place" });
  }

  async usage(): Promise<Usage> {
    return (await this.#tell({ do: "usage" })) as Usage;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.send({ do: "stop" } satisfies Order);
    await ended;
  }

  /** As a power cut does it. */
  async kill(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }

  #tell(order: Order): Promise<unknown> {
    this.#child.send(order);
    return answerOf(this.#child);
  }
}

/** The next message of a child. Rejects when it ends instead. */
function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a party's process ended with ${code}`));
    child.once("exit", ended);
    child.once("message", (answer: unknown) => {
      child.off("exit", ended);
      resolve(answer);
    });
  });
}
