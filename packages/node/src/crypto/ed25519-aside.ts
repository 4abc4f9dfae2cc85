import { Worker } from "node:worker_threads";
import { type Question, packQuestions, parseAnswers } from "./ed25519-questions.ts";

interface Asked extends Question {
  readonly resolve: (good: boolean) => void;
}

/** Signatures in one message: enough to outweigh what a message costs, few enough that the first answers are used while the rest
 *  are still being verified. */
const GROUP_MAX = 32;

/** The suite's verification on another thread: a node checks the acts of its own people there while it writes. Starts the thread when
 *  it is first asked; the thread keeps no process alive. `false` also when the thread has ended: whoever asks then verifies for
 *  itself what it was told is not good. */
export function verifyEd25519Aside(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return Promise.resolve(false);
  return (thread ??= new VerifyingThread()).ask({ publicKey, message, signature });
}

let thread: VerifyingThread | undefined;

class VerifyingThread {
  readonly #worker: Worker;
  #waiting: Asked[] = [];
  /** Groups under way; they are answered in order. */
  readonly #sent: (readonly Asked[])[] = [];
  #ended = false;

  constructor() {
    // Run from source the worker strips types itself, and finds the other packages' sources under the same condition.
    const fromSource = import.meta.url.endsWith(".ts");
    this.#worker = new Worker(new URL(`./ed25519-thread${fromSource ? ".ts" : ".js"}`, import.meta.url), {
      ...(fromSource && { execArgv: ["--conditions=openline-source"] }),
    });
    this.#worker.on("message", (message: unknown) => this.#answered(parseAnswers(message)));
    this.#worker.on("error", () => this.#end());
    this.#worker.on("exit", () => this.#end());
    this.#worker.unref();
  }

  ask(question: Question): Promise<boolean> {
    if (this.#ended) return Promise.resolve(false);
    return new Promise((resolve) => {
      if (this.#waiting.length === 0) queueMicrotask(() => this.#send());
      this.#waiting.push({ ...question, resolve });
    });
  }

  /** Questions of the same moment travel together. */
  #send(): void {
    for (let at = 0; at < this.#waiting.length; at += GROUP_MAX) {
      const group = this.#waiting.slice(at, at + GROUP_MAX);
      const { message, buffer } = packQuestions(group);
      this.#sent.push(group);
      this.#worker.postMessage(message, [buffer]);
    }
    this.#waiting = [];
    // The process lives on while somebody waits for an answer.
    this.#worker.ref();
  }

  #answered(good: readonly boolean[]): void {
    const group = this.#sent.shift() ?? [];
    group.forEach(({ resolve }, i) => resolve(good[i] === true));
    if (this.#sent.length === 0) this.#worker.unref();
  }

  #end(): void {
    this.#ended = true;
    for (const { resolve } of [...this.#sent.flat(), ...this.#waiting]) resolve(false);
    this.#sent.length = 0;
    this.#waiting = [];
  }
}
