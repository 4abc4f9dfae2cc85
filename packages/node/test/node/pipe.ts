import type { Bearer } from "@openline/node";
import type { Player } from "./line.ts";

interface Waiting {
  readonly frame: Uint8Array;
  readonly drained: () => void;
}

/** Two nodes joined by a pipe of one width: a sender's frames wait in it, and `carry` takes them out one by one. */
export class Pipe {
  readonly queues: readonly [Waiting[], Waiting[]] = [[], []];
  readonly bearers: readonly [Bearer, Bearer];
  readonly carried: Uint8Array[] = [];
  /** Whether a frame gets lost. */
  loses: (frame: Uint8Array) => boolean = () => false;
  readonly #players: readonly [Player, Player];

  constructor(
    id: string,
    players: readonly [Player, Player],
    options: { readonly epoch?: Bearer["epoch"]; readonly mtu: number; readonly window: number; readonly oneWay?: Bearer["oneWay"] },
  ) {
    this.#players = players;
    const end = (side: 0 | 1): Bearer => ({
      id: `${id}:${side}`,
      kind: "memory",
      epoch: options.epoch ?? "narrow",
      mtu: options.mtu,
      oneWay: options.oneWay === undefined ? undefined : side === 0 ? options.oneWay : options.oneWay === "out" ? "in" : "out",
      credit: () => Math.max(0, options.window - this.queues[side].reduce((sum, { frame }) => sum + frame.length, 0)),
      send: (frame) => new Promise((resolve) => this.queues[side].push({ frame, drained: resolve })),
    });
    this.bearers = [end(0), end(1)];
  }

  async join(): Promise<void> {
    await this.#players[0].node.join(this.bearers[0], this.#players[1].options.party);
    await this.#players[1].node.join(this.bearers[1], this.#players[0].options.party);
  }

  /** Takes up to `count` frames out of one side. */
  async carry(side: 0 | 1, count = 1): Promise<void> {
    for (let i = 0; i < count; i++) {
      const next = this.queues[side].shift();
      if (next === undefined) return;
      next.drained();
      this.carried.push(next.frame);
      const other = side === 0 ? 1 : 0;
      if (!this.loses(next.frame)) await this.#players[other].node.receive(next.frame, this.bearers[other]);
      // What the drained side sends next is in the pipe before anything else happens.
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    }
  }

  /** Carries until nothing is left. */
  async settle(): Promise<void> {
    while (this.queues.some((queue) => queue.length > 0)) {
      await this.carry(0);
      await this.carry(1);
    }
  }

  /** Everything that waits is lost. */
  cut(): void {
    for (const queue of this.queues) for (const { drained } of queue.splice(0)) drained();
  }
}
