import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { LineSummary, NodeClient, StartShown } from "@openline/api";
import { formatTime, parseTime, parseUnixSeconds } from "@openline/core";
import { Ended, endOf } from "../exit.ts";
import { complain } from "../output.ts";
import { askNode } from "../acting/node-client.ts";
import { giveKeys } from "./give-keys.ts";
import { type ExerciseLine, type StartedLine, type StartedParty, playToEnd, readAgain, refuseRunning } from "./lines.ts";
import { ANSWER_MS } from "./limits.ts";
import { NodeProcess } from "./node-process.ts";
import type { PartyPorts } from "./ports.ts";
import { sentenceOf } from "./sentence.ts";

/** A party's node on this machine, and how it is reached. */
export interface Station {
  readonly party: StartedParty;
  readonly ports: PartyPorts;
  readonly node: NodeProcess;
}

/** Every node that `openline start` runs: all parties of one exercise line and of one live line. */
export class Machine {
  readonly stations: readonly Station[];
  readonly #live: StartedLine;
  readonly #said = new Map<StartedParty, LineSummary>();
  #exercise: ExerciseLine;
  #begun = performance.now();
  #playing: Promise<void> | undefined;
  #notPlayed: string | null = null;
  #ending = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #looking = new Set<Station>();

  constructor(exercise: ExerciseLine, live: StartedLine, ports: readonly PartyPorts[]) {
    this.#exercise = exercise;
    this.#live = live;
    const clock = (): readonly string[] => ["--clock", this.#exerciseNow()];
    this.stations = this.#lines
      .flatMap((line) => line.parties.map((party) => ({ party, clock: line === exercise ? clock : () => [] })))
      .map(({ party, clock: clockOf }, i) => stationOf(party, { ports: ports[i] ?? NO_PORTS, clock: clockOf }));
  }

  get exercise(): ExerciseLine {
    return this.#exercise;
  }

  get #lines(): readonly StartedLine[] {
    return [this.#exercise, this.#live];
  }

  /** The exercise's clock has run on since this process began or played it on, so that a node that starts later agrees with the other. */
  #exerciseNow(): string {
    return formatTime(parseUnixSeconds(this.#exercise.clock + Math.floor((performance.now() - this.#begun) / 1000)));
  }

  stationOf(party: string): Station | undefined {
    return this.stations.find((station) => station.party.id === party);
  }

  /** Resolves when every node runs. Throws `Ended`; none is left running then. */
  async start(): Promise<void> {
    // The folders of a line that runs already are left as they are.
    for (const { party } of this.stations) await refuseRunning(party.dir);
    try {
      for (const line of this.#lines) await this.#connect(line);
      if (this.#ending) return;
      await Promise.all(this.stations.map(({ node }) => node.start()));
      if (this.#ending) return;
      this.#timer = setInterval(() => this.#look(), LOOK_MS);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Looks whether a console waits for a key, at every node that runs and has answered what it was asked before. */
  #look(): void {
    for (const station of this.stations.filter((one) => one.node.running && !this.#looking.has(one))) {
      this.#looking.add(station);
      const done = (): boolean => this.#looking.delete(station);
      // A node that is just ending is asked again if it comes back.
      void giveKeys(station.party).then(done, done);
    }
  }

  /** Whether a node has to stay as it is, since its exercise is being played on. */
  isHeld({ party }: Station): boolean {
    return this.#playing !== undefined && this.#exercise.parties.includes(party);
  }

  /** Plays the exercise on to the end of its file. Its nodes are stopped meanwhile, and start again also where it fails. Who asks while
   *  it goes on gets the same answer. Throws what a play throws. */
  playOn(): Promise<void> {
    this.#playing ??= this.#playAndSay().finally(() => {
      this.#playing = undefined;
    });
    return this.#playing;
  }

  /** Windows in which nobody asked for it are told by `shown` how it ended. Throws the sentence that is said there. */
  async #playAndSay(): Promise<void> {
    this.#notPlayed = null;
    try {
      await this.#playToEnd();
    } catch (error) {
      this.#notPlayed = sentenceOf(error);
      throw new Ended(endOf(error).code, this.#notPlayed);
    }
  }

  async #playToEnd(): Promise<void> {
    const before = this.#exercise;
    if (before.at >= before.end) return;
    const nodes = this.stations.filter(({ party }) => before.parties.includes(party)).map(({ node }) => node);
    await Promise.all(nodes.map((node) => node.stop()));
    try {
      await playToEnd(before);
    } finally {
      const { at, clock } = await readAgain(before);
      const now = parseTime(this.#exerciseNow());
      this.#exercise = { ...before, at, clock: parseUnixSeconds(Math.max(clock, now)) };
      this.#begun = performance.now();
      if (!this.#ending) await Promise.all(nodes.map((node) => node.start()));
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#ending = true;
    // Also a node that is just starting, and may never come to run: a play waits for it.
    await this.#stopNodes();
    // Who asked for it has been told how it ended.
    await this.#playing?.catch(() => undefined);
    await this.#stopNodes();
  }

  async #stopNodes(): Promise<void> {
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

  /** What each node computes at this moment, asked of all at once; of one that does not run or does not answer in time, nothing. */
  async shown(): Promise<StartShown> {
    const lines = await Promise.all(
      this.#lines.map(async (line) => ({
        line: line.parties[0]?.line ?? "",
        playOn: line === this.#exercise ? this.#toCome() : null,
        parties: await Promise.all(this.stations.filter(({ party }) => line.parties.includes(party)).map((one) => this.#shownOf(one))),
      })),
    );
    return { lines };
  }

  #toCome(): StartShown["lines"][number]["playOn"] {
    const { at, end } = this.#exercise;
    const now = this.#playing !== undefined;
    return at < end || now ? { to: formatTime(end), now, why: this.#notPlayed } : null;
  }

  async #shownOf(station: Station): Promise<ShownParty> {
    const shown = await shownOf(station);
    if (shown.summary !== null) this.#said.set(station.party, shown.summary);
    return { ...shown, summary: this.#said.get(station.party) ?? null };
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
  const nothing = { id: party.id, running: node.running, answers: false, summary: null, states: null, bearers: null };
  if (!node.running) return nothing;
  const ask = async (client: NodeClient): Promise<ShownParty> => {
    const [summary] = await client.allLines();
    if (summary === undefined) return { ...nothing, answers: true };
    const [states, bearers] = await Promise.all([client.states(summary.line), client.allBearers(summary.line)]);
    return { ...nothing, answers: true, summary, states, bearers };
  };
  try {
    return await askNode(party.dir, ask, { withinMs: ANSWER_MS });
  } catch {
    // It hangs, or it is starting or ending, and the next answer says which.
    return { ...nothing, running: node.running };
  }
}
