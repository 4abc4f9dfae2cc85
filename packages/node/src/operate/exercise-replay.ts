import {
  type Accord,
  type Body,
  type LeafHash,
  type Party,
  type Suite,
  type UnixMillis,
  type UnixSeconds,
  OpenlineError,
  assert,
  millisOf,
  parseUnixMillis,
} from "@openline/core";
import { Node, type Receipt } from "../node.ts";
import type { NodeOptions } from "../node-options.ts";
import type { SecondPlace, Store } from "../ports.ts";
import { plansOf, termsOf } from "./exercise-accord.ts";
import { type ExerciseAct, actOfClaim, actOfEvent } from "./exercise-act.ts";
import { type Expectation, compare } from "./exercise-compare.ts";
import type { Exercise, ExerciseClaim, ExerciseEvent, ExerciseItem } from "./exercise-types.ts";
import { type PartySecrets, assignPosts, handOf, setUpLine, submitDraft } from "./line-setup.ts";
import { JoinedNodes } from "./links.ts";

/** An exercise clock: it stands still until it is set. */
export class ExerciseClock {
  #now = parseUnixMillis(0);
  now(): UnixMillis {
    return this.#now;
  }
  set(seconds: UnixSeconds): void {
    this.#now = millisOf(seconds);
  }
}

/** An event that a node refused: the file asks for what the line does not allow. */
export class ExerciseRefused extends Error {
  override readonly name = "ExerciseRefused";
}

export interface ReplayOptions {
  readonly suite: Suite;
  readonly random: (count: number) => Uint8Array;
  /** A place for one party: its stores, opened empty. */
  readonly place: (accord: Accord, secrets: PartySecrets) => Promise<{ readonly store: Store; readonly second: SecondPlace }>;
  /** Items after this instant are not played. */
  readonly until: UnixSeconds;
}

interface Player {
  readonly node: Node;
  readonly secrets: PartySecrets;
}

/** A played exercise: nodes still open, so that the caller can read and close them. */
export interface Played {
  readonly accord: Accord;
  readonly nodes: readonly Node[];
  readonly expectations: readonly Expectation[];
  readonly leaves: ReadonlyMap<string, LeafHash>;
  readonly linkUp: boolean;
}

/** Plays an exercise on real nodes: ceremony, then each item in order; after each, exchange until both hold the same. The
 *  clock never moves while bytes are under way. Source: exercises/README.md, Replay. */
export async function replay(exercise: Exercise, options: ReplayOptions): Promise<Played> {
  const clock = new ExerciseClock();
  clock.set(exercise.start);
  const { accord, secrets } = setUpLine(options.suite, options.random, termsOf(exercise), plansOf(exercise));
  const players: Player[] = [];
  for (const party of accord.parties) players.push(await openPlayer(accord, party, secrets, { ...options, clock }));
  const line = await JoinedNodes.join(players.map((player) => player.node));
  const run = new Run(exercise, { players, line, clock });
  await line.settle();
  for (const { node, secrets: own } of players) await assignPosts(node, own);
  await line.settle();
  for (const item of exercise.items) if (item.on <= options.until) await run.play(item);
  clock.set(options.until);
  await line.seal();
  return { accord, nodes: line.nodes, expectations: run.expectations, leaves: run.leaves, linkUp: line.up };
}

async function openPlayer(
  accord: Accord,
  party: Party,
  all: readonly PartySecrets[],
  options: ReplayOptions & { clock: ExerciseClock },
): Promise<Player> {
  const secrets = all.find((item) => item.id === party.id);
  assert(secrets !== undefined, "every party has its secrets");
  const place = await options.place(accord, secrets);
  const nodeOptions: NodeOptions = {
    suite: options.suite,
    accord,
    party,
    keys: secrets.keys,
    ...place,
    world: { clock: options.clock, random: options.random },
    receiptDelayMs: 0,
    unprompted: false,
  };
  return { node: await Node.open(nodeOptions), secrets };
}

class Run {
  readonly expectations: Expectation[] = [];
  readonly leaves: Map<string, LeafHash> = new Map();
  readonly #exercise: Exercise;
  readonly #players: readonly Player[];
  readonly #line: JoinedNodes;
  readonly #clock: ExerciseClock;
  readonly #events: Map<LeafHash, string> = new Map();
  readonly #words: Map<string, Body> = new Map();

  constructor(
    exercise: Exercise,
    parts: { readonly players: readonly Player[]; readonly line: JoinedNodes; readonly clock: ExerciseClock },
  ) {
    this.#exercise = exercise;
    this.#players = parts.players;
    this.#line = parts.line;
    this.#clock = parts.clock;
  }

  async play(item: ExerciseItem): Promise<void> {
    this.#clock.set(item.on);
    switch (item.kind) {
      case "event":
        return this.#event(item);
      case "claim":
        await this.#enter(item, actOfClaim(item));
        return;
      case "link":
        this.#line.up = item.link === "up";
        return this.#line.settle();
      case "expect":
        return this.#expect(item);
    }
  }

  async #event(event: ExerciseEvent): Promise<void> {
    const channels = this.#players[0]?.node.options.accord.terms.channels ?? [];
    const placed = await this.#enter(
      event,
      actOfEvent(this.#exercise, channels, event, (id) => this.leaves.get(id)),
    );
    if (event.id === undefined) return;
    this.leaves.set(event.id, placed.leaf);
    this.#events.set(placed.leaf, event.id);
  }

  async #enter(item: ExerciseEvent | ExerciseClaim, { said, body }: ExerciseAct): Promise<Receipt> {
    const player = this.#players.find(({ node }) => node.options.party.id === item.party);
    assert(player !== undefined, "the file's reader knows every party");
    const { node, secrets } = player;
    const result = await enter(node, secrets, said, body);
    if (!result.ok) {
      const { line, column } = item.where;
      throw new ExerciseRefused(
        `${this.#exercise.fileName}:${line}:${column}: ${said.kind} refused: ${result.refusal.code}: ${result.refusal.detail}`,
      );
    }
    this.#words.set(result.value.leaf, body);
    await this.#line.settle();
    return result.value;
  }

  /** An expectation holds when it holds in every party's own record. */
  #expect(item: Extract<ExerciseItem, { kind: "expect" }>): void {
    const views = this.#players.map(({ node }) =>
      compare(
        {
          record: node.record,
          leafOf: (id) => this.leaves.get(id),
          eventOf: (leaf) => this.#events.get(leaf),
          words: (leaf) => this.#words.get(leaf),
        },
        item,
      ),
    );
    const found = views.find((view) => !view.ok) ?? views[0];
    if (found !== undefined) this.expectations.push(found);
  }
}

/** Signs with the post's watch key, or lets the node sign what only a node may. */
async function enter(node: Node, secrets: PartySecrets, said: ExerciseAct["said"], body: Body): ReturnType<Node["submit"]> {
  const { suite, party } = node.options;
  const nodeKind = said.kind === "ring" || said.kind === "service-note";
  const seed = nodeKind ? secrets.keys.node : secrets.watch.get(said.from ?? "");
  if (seed === undefined) throw new OpenlineError("usage", `${party.id} has no watch key for post ${said.from ?? "(none)"}`);
  return submitDraft(node, said, [{ ...handOf(suite, seed), role: nodeKind ? "node" : "author" }], body);
}
