import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { StartShown } from "@openline/api";
import { formatTime, parseUnixSeconds } from "@openline/core";
import { complain } from "../output.ts";
import { askNode } from "../acting/node-client.ts";
import { giveKeys } from "./give-keys.ts";
import type { ExerciseLine, StartedLine, StartedParty } from "./lines.ts";
import { NodeProcess } from "./node-process.ts";
import type { PartyPorts } from "./ports.ts";

/** A party's node on this machine, and how it is reached. */
export interface Station {
  readonly party: StartedParty;
  readonly ports: PartyPorts;
  readonly node: NodeProcess;
}

/** Every node that `openline start` runs: all parties of one exercise line and of one live line. */
export class Machine {
  readonly exercise: ExerciseLine;
  readonly stations: readonly Station[];
  readonly #lines: readonly StartedLine[];
  readonly #begun = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(exercise: ExerciseLine, live: StartedLine, ports: readonly PartyPorts[]) {
    this.exercise = exercise;
    this.#lines = [exercise, live];
    const clock = (): readonly string[] => ["--clock", this.#exerciseNow()];
    this.stations = this.#lines
      .flatMap((line) => line.parties.map((party) => ({ party, clock: line === exercise ? clock : () => [] })))
      .map(({ party, clock: clockOf }, i) => stationOf(party, { ports: ports[i] ?? NO_PORTS, clock: clockOf }));
  }

  /** The exercise's clock has run on since this process began, so that a node that starts later agrees with the other. */
  #exerciseNow(): string {
    return formatTime(parseUnixSeconds(this.exercise.clock + Math.floor((performance.now() - this.#begun) / 1000)));
  }

  stationOf(party: string): Station | undefined {
    return this.stations.find((station) => station.party.id === party);
  }

  /** Resolves when every node runs. Throws `Ended`; none is left running then. */
  async start(): Promise<void> {
    try {
      for (const line of this.#lines) await this.#connect(line);
      await Promise.all(this.stations.map(({ node }) => node.start()));
      this.#timer = setInterval(() => this.#look(), LOOK_MS);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Looks whether a console waits for a key, at every node that runs. */
  #look(): void {
    if (this.#looking) return;
    this.#looking = true;
    const running = this.stations.filter(({ node }) => node.running);
    // A node that is just ending is asked again if it comes back.
    void Promise.allSettled(running.map(async ({ party }) => giveKeys(party))).then(() => {
      this.#looking = false;
    });
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.stations.map(({ node }) => node.stop()));
  }

  /** Each party of a line listens, and calls every other. */
  async #connect(line: StartedLine): Promise<void> {
    const here = this.stations.filter(({ party }) => line.parties.includes(party));
    for (const station of here) {
      const others = here.filter((other) => other !== station).map(({ ports }) => `"127.0.0.1:${ports.peer}"`);
      const settings = [`listen: "127.0.0.1:${station.ports.peer}"`, `dial: [${others.join(", ")}]`, ""];
      await writeFile(join(station.party.dir, "bearers.yaml"), settings.join("\n"));
    }
  }

  /** What each node computes at this moment, asked of all at once; of one that does not run, nothing. */
  async shown(): Promise<StartShown> {
    const lines = await Promise.all(
      this.#lines.map(async (line) => ({
        line: line.parties[0]?.line ?? "",
        parties: await Promise.all(this.stations.filter(({ party }) => line.parties.includes(party)).map(shownOf)),
      })),
    );
    return { lines };
  }
}

const LOOK_MS = 500;
const NO_PORTS: PartyPorts = { console: 0, metrics: 0, peer: 0 };

function stationOf(
  party: StartedParty,
  { ports, clock }: { readonly ports: PartyPorts; readonly clock: () => readonly string[] },
): Station {
  const fixed = ["--dir", party.dir, "--console", `127.0.0.1:${ports.console}`, "--metrics", `127.0.0.1:${ports.metrics}`];
  return { party, ports, node: new NodeProcess(() => [...fixed, ...clock()], complain) };
}

type ShownParty = StartShown["lines"][number]["parties"][number];

async function shownOf({ party, node }: Station): Promise<ShownParty> {
  const nothing = { id: party.id, running: node.running, summary: null, states: null, bearers: null };
  if (!node.running) return nothing;
  try {
    return await askNode(party.dir, async (client) => {
      const [summary] = await client.allLines();
      if (summary === undefined) return nothing;
      const [states, bearers] = await Promise.all([client.states(summary.line), client.allBearers(summary.line)]);
      return { ...nothing, summary, states, bearers };
    });
  } catch {
    // It is ending, or has just ended: the next answer says so.
    return nothing;
  }
}
