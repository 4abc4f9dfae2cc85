import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { parseLeafHash } from "@openline/core";
import { type Store, openSqliteReadOnly } from "@openline/node";
import { openlineHere } from "../../packages/cli/test/run-here.ts";
import { machineTimers } from "../../packages/node/src/service/machine-timers.ts";
import { Relay } from "../../packages/node/test/bearers/relay.ts";
import { type LiveLine, liveLine } from "../support/live-line.ts";
import { type OtherStart, type RunningNode, startNode } from "../support/openline.ts";

export const PARTIES = ["north", "south"] as const;
export type Side = (typeof PARTIES)[number];

interface Message {
  readonly log: string;
  readonly index: number;
  readonly leaf: string;
  readonly party: string;
  readonly held: readonly unknown[];
  readonly body: { readonly text?: { readonly en?: string } } | null;
}

interface View {
  readonly cut: unknown;
  readonly messages: readonly Message[];
}

/** How often and how long apart a question is asked whose answer comes about by itself. */
const ROUNDS = 300;
const BETWEEN_MS = 150;

/** A live line between two processes, `north` calling `south` over TLS through a relay, and what was acknowledged on it. */
export class FaultLine {
  readonly #line: LiveLine;
  readonly nodes: Map<Side, RunningNode> = new Map();
  /** Leaves in the order in which they were acknowledged, by who said them. */
  readonly acknowledged: Map<Side, string[]> = new Map(PARTIES.map((party) => [party, []]));
  readonly #seed: number;
  #port = 0;
  #relay: Relay | undefined;
  #said = 0;

  private constructor(line: LiveLine, seed: number) {
    this.#line = line;
    this.#seed = seed;
  }

  static async open(dir: string, seed: number): Promise<FaultLine> {
    const line = new FaultLine(await liveLine(dir), seed);
    await line.start("south");
    await line.start("north");
    return line;
  }

  get relay(): Relay {
    if (this.#relay === undefined) throw new RangeError("south has not been started yet");
    return this.#relay;
  }

  folder(party: Side): string {
    return this.#line.folder(party);
  }

  node(party: Side): RunningNode {
    const node = this.nodes.get(party);
    if (node === undefined) throw new RangeError(`${party} has not been started`);
    return node;
  }

  /** Whether a party's process is still there. */
  runs(party: Side): boolean {
    const { child } = this.node(party);
    return child.exitCode === null && child.signalCode === null;
  }

  /** Starts a party's node; a planted fault may end it before it says that it runs, and then this rejects. */
  async start(party: Side, other: OtherStart = {}): Promise<RunningNode> {
    const settings = party === "south" ? `listen: 127.0.0.1:${this.#port}\n` : `dial: ["${this.relay.address}"]\n`;
    writeFileSync(join(this.folder(party), "bearers.yaml"), settings);
    const node = await startNode(["--dir", this.folder(party)], other);
    this.nodes.set(party, node);
    if (party === "south" && this.#relay === undefined) {
      this.#port = Number(/port (\d+)/.exec(node.printed())?.[1]);
      this.#relay = await Relay.open({ to: { host: "127.0.0.1", port: this.#port }, timers: machineTimers, seed: this.#seed });
    }
    return node;
  }

  async kill(party: Side): Promise<void> {
    await this.node(party).stop("SIGKILL");
  }

  /** Says something new. Resolves with its leaf when it was acknowledged; nothing is known of it otherwise. */
  async say(party: Side, ...more: readonly string[]): Promise<string | undefined> {
    const text = `${party} ${this.#said++}`;
    const acts = ["send", "--channel", "hotline", "--dir", this.folder(party), "--key", this.#line.watchKey(party)];
    const ran = await openlineHere([...acts, "--json", "--text", more.length === 0 ? text : `${text} ${more.join(" ")}`]);
    if (ran.code !== 0) {
      // 4: no node, or one that ended under way. Anything else would be a refusal, and there is no reason for one.
      expect([ran.code, ran.err]).toEqual([4, expect.any(String)]);
      return undefined;
    }
    const { leaf } = JSON.parse(ran.out) as { leaf: string };
    this.acknowledged.get(party)!.push(leaf);
    return leaf;
  }

  /** The messages in a party's record, as its command shows them. */
  async messages(party: Side): Promise<readonly Message[]> {
    return JSON.parse(await done("show", "--dir", this.folder(party), "--kind", "message", "--json")) as readonly Message[];
  }

  /** What a party's record comes to: its cut, and its messages. */
  async #view(party: Side): Promise<View> {
    const { cut } = JSON.parse(await done("status", "--dir", this.folder(party), "--at", "2027-01-01", "--json")) as { cut: unknown };
    return { cut, messages: await this.messages(party) };
  }

  async holds(party: Side, leaf: string | undefined): Promise<void> {
    if (leaf === undefined) throw new RangeError("it was never acknowledged");
    await eventually(() => this.#read(party, async (store) => (await store.byLeaf(parseLeafHash(leaf))) !== undefined));
  }

  /** Waits until both records are equal and every message is held by the other, so that no receipt is on its way any more, and checks
   *  what must be so then: nothing acknowledged is lost, nothing doubled, all of it in the order in which it was said, and every byte of
   *  it verifies. */
  async check(): Promise<void> {
    const sides = { north: await this.#view("north"), south: await this.#view("south") };
    await eventually(async () => {
      if (!equal(await this.#sizes("north"), await this.#sizes("south"))) return false;
      for (const party of PARTIES) sides[party] = await this.#view(party);
      return isDeepStrictEqual(sides.north, sides.south) && sides.north.messages.every(({ held }) => held.length > 0);
    }).catch(() => {
      expect(sides.north).toEqual(sides.south);
      expect(sides.north.messages.filter(({ held }) => held.length === 0)).toEqual([]);
    });
    const north = sides.north.messages;
    const texts = north.map(({ body }) => body?.text?.en);
    expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
    for (const [party, leaves] of this.acknowledged) {
      const places = leaves.map((leaf) => north.find((message) => message.leaf === leaf));
      expect(places.filter((place) => place?.party !== party)).toEqual([]);
      const logs = Map.groupBy(places, (place) => place?.log);
      for (const [, inLog] of logs) expect(inLog.map((place) => place?.index)).toEqual(inLog.map((place) => place?.index).toSorted(rising));
    }
  }

  /** Sizes of all logs that a party's store has. */
  async #sizes(party: Side): Promise<ReadonlyMap<string, number>> {
    return this.#read(party, async (store) => new Map((await store.logs()).map(({ log, size }) => [log, size])));
  }

  async #read<T>(party: Side, question: (store: Store) => Promise<T>): Promise<T> {
    const store = await openSqliteReadOnly(join(this.folder(party), "openline.db"));
    try {
      return await question(store);
    } finally {
      await store.close();
    }
  }

  async close(): Promise<void> {
    await this.#relay?.close();
  }
}

async function done(...args: readonly string[]): Promise<string> {
  const ran = await openlineHere(args);
  expect([args[0], ran.code, ran.err]).toEqual([args[0], 0, ""]);
  return ran.out;
}

const equal = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean =>
  a.size === b.size && [...a].every(([log, size]) => b.get(log) === size);
const rising = (a: number | undefined, b: number | undefined): number => (a ?? 0) - (b ?? 0);

/** Asks until it is so. */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    if (await holds()) return;
    await wait(BETWEEN_MS);
  }
  throw new Error("it did not come about");
}
