import {
  type Body,
  type LeafHash,
  type UnixMillis,
  type UnixSeconds,
  OpenlineError,
  assert,
  millisOf,
  parseUnixMillis,
} from "@openline/core";
import type { Node } from "../node.ts";
import { type ExerciseAct, actOfClaim, actOfEvent } from "./exercise-act.ts";
import { type Expectation, compare } from "./exercise-compare.ts";
import type { ExerciseDone } from "./exercise-done.ts";
import type { Exercise, ExerciseClaim, ExerciseEvent, ExerciseItem } from "./exercise-types.ts";
import { type PartySecrets, handOf, submitDraft } from "./line-setup.ts";
import type { JoinedNodes } from "./links.ts";

/** An exercise clock: it stands still until it is set, and never goes back. */
export class ExerciseClock {
  #now = parseUnixMillis(0);
  now(): UnixMillis {
    return this.#now;
  }
  set(seconds: UnixSeconds): void {
    this.#now = parseUnixMillis(Math.max(this.#now, millisOf(seconds)));
  }
}

/** An event that a node refused: the file asks for what the line does not allow. */
export class ExerciseRefused extends Error {
  override readonly name = "ExerciseRefused";
}

/** A party's node, and the keys of its people. */
export interface Player {
  readonly node: Node;
  readonly secrets: PartySecrets;
}

interface Parts {
  readonly players: readonly Player[];
  readonly line: JoinedNodes;
  readonly clock: ExerciseClock;
  /** What an earlier play has left in the record; undefined: there was none. */
  readonly done?: ExerciseDone;
}

/** The items of one play, each taken in its turn. */
export class ExerciseSteps {
  readonly expectations: Expectation[] = [];
  readonly leaves: Map<string, LeafHash> = new Map();
  readonly parts: Parts;
  readonly #exercise: Exercise;
  readonly #events: Map<LeafHash, string> = new Map();
  readonly #words: Map<string, Body> = new Map();

  constructor(exercise: Exercise, parts: Parts) {
    this.#exercise = exercise;
    this.parts = parts;
  }

  async play(item: ExerciseItem): Promise<void> {
    const { clock, line, done } = this.parts;
    clock.set(item.on);
    const passed = done !== undefined && item.on <= done.end;
    switch (item.kind) {
      case "event":
        return this.#event(item);
      case "claim":
        await this.#enter(item, actOfClaim(item));
        return;
      case "link":
        if (passed) return;
        line.up = item.link === "up";
        return line.settle();
      case "expect":
        if (!passed) this.#expect(item);
    }
  }

  async #event(event: ExerciseEvent): Promise<void> {
    const channels = this.parts.players[0]?.node.options.accord.terms.channels ?? [];
    const leaf = await this.#enter(
      event,
      actOfEvent(this.#exercise, channels, event, (id) => this.leaves.get(id)),
    );
    if (event.id === undefined) return;
    this.leaves.set(event.id, leaf);
    this.#events.set(leaf, event.id);
  }

  /** Where it has come to stand, now or before. */
  async #enter(item: ExerciseEvent | ExerciseClaim, act: ExerciseAct): Promise<LeafHash> {
    const leaf = this.parts.done?.take(item.party, act) ?? (await this.#place(item, act));
    this.#words.set(leaf, act.body);
    return leaf;
  }

  async #place(item: ExerciseEvent | ExerciseClaim, { said, body }: ExerciseAct): Promise<LeafHash> {
    const player = this.parts.players.find(({ node }) => node.options.party.id === item.party);
    assert(player !== undefined, "the file's reader knows every party");
    const { node, secrets } = player;
    const result = await enter(node, secrets, said, body);
    if (!result.ok) {
      const { line, column } = item.where;
      throw new ExerciseRefused(
        `${this.#exercise.fileName}:${line}:${column}: ${said.kind} refused: ${result.refusal.code}: ${result.refusal.detail}`,
      );
    }
    await this.parts.line.settle();
    return result.value.leaf;
  }

  /** An expectation holds when it holds in every party's own record. */
  #expect(item: Extract<ExerciseItem, { kind: "expect" }>): void {
    const views = this.parts.players.map(({ node }) =>
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
