import { type Accord, type LeafHash, type Party, type Suite, type UnixSeconds, assert, secondsOf } from "@openline/core";
import { Node } from "../node.ts";
import type { NodeOptions } from "../node-options.ts";
import type { SecondPlace, Store } from "../ports.ts";
import { plansOf, termsOf } from "./exercise-accord.ts";
import type { Expectation } from "./exercise-compare.ts";
import { ExerciseDone } from "./exercise-done.ts";
import { ExerciseClock, ExerciseSteps, type Player } from "./exercise-steps.ts";
import type { Exercise } from "./exercise-types.ts";
import type { OpenFolder } from "./folder.ts";
import { type PartySecrets, assignPosts, setUpLine } from "./line-setup.ts";
import { JoinedNodes } from "./links.ts";

export interface ReplayOptions {
  readonly suite: Suite;
  readonly random: (count: number) => Uint8Array;
  /** A place for one party: its stores, opened empty. */
  readonly place: (accord: Accord, secrets: PartySecrets) => Promise<{ readonly store: Store; readonly second: SecondPlace }>;
  /** Items after this instant are not played. */
  readonly until: UnixSeconds;
}

/** A played exercise: nodes still open, so that the caller can read and close them. */
export interface Played {
  readonly accord: Accord;
  readonly nodes: readonly Node[];
  readonly expectations: readonly Expectation[];
  readonly leaves: ReadonlyMap<string, LeafHash>;
  readonly linkUp: boolean;
  /** How far: where the clock stands. */
  readonly at: UnixSeconds;
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
  await line.settle();
  for (const { node, secrets: own } of players) await assignPosts(node, own);
  await line.settle();
  return playItems(new ExerciseSteps(exercise, { players, line, clock }), exercise, options.until);
}

/** Plays what is not yet in the record of `folders`, one for each party, from where the record has come. */
export async function replayOn(
  exercise: Exercise,
  folders: readonly OpenFolder[],
  options: Pick<ReplayOptions, "suite" | "random" | "until">,
): Promise<Played> {
  const done = await ExerciseDone.read(folders);
  const clock = new ExerciseClock();
  clock.set(exercise.start);
  clock.set(done.end);
  const players: Player[] = [];
  for (const { accord, party, secrets, store, second } of folders)
    players.push(await openPlayer(accord, party, [secrets], { ...options, clock, place: async () => ({ store, second }) }));
  const links = exercise.events.filter((item) => item.kind === "link" && item.on <= done.end);
  const last = links.at(-1);
  const up = last?.kind !== "link" || last.link === "up";
  const line = await JoinedNodes.join(
    players.map((player) => player.node),
    up,
  );
  await line.settle();
  return playItems(new ExerciseSteps(exercise, { players, line, clock, done }), exercise, options.until);
}

async function playItems(steps: ExerciseSteps, exercise: Exercise, until: UnixSeconds): Promise<Played> {
  const { line, clock, players } = steps.parts;
  for (const item of exercise.items) if (item.on <= until) await steps.play(item);
  clock.set(until);
  await line.seal();
  const [first] = players;
  assert(first !== undefined, "an exercise has a party");
  const { expectations, leaves } = steps;
  return { accord: first.node.options.accord, nodes: line.nodes, expectations, leaves, linkUp: line.up, at: secondsOf(clock.now()) };
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
