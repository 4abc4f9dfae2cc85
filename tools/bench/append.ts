import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { leafOf, parseLogId, parseLogIndex } from "@openline/core";
import { FileSecondPlace, type Batch, type Store, nativeSuite as suite, openSqlite } from "@openline/node";
import { type Ready, START_MS, benchLine, messages, openNode, serviceNotes } from "./line.ts";

export type Size = "quick" | "usual";

/** What the same machine can do at best in the same run. All in milliseconds; `durable_append` is SQLite with synchronous FULL. */
export interface Floor {
  readonly parts: Readonly<Record<string, number>>;
}

export interface Figure {
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  readonly floorRatio?: number;
}

const BYTES = 600;

type Step = (i: number) => Promise<unknown> | void;

/** Milliseconds that each of `count` steps takes, one after the other: the middle one. */
async function middle(count: number, step: Step): Promise<number> {
  const [time = 0] = await middles(count, [step]);
  return time;
}

/** The same of several kinds of step taken in turn, so that what else the machine does falls on all of them alike. */
async function middles(count: number, steps: readonly Step[]): Promise<readonly number[]> {
  const times = steps.map((): number[] => []);
  for (let i = 0; i < count; i++) {
    for (const [kind, step] of steps.entries()) {
      const start = performance.now();
      await step(i);
      times[kind]?.push(performance.now() - start);
    }
  }
  return times.map((of) => of.toSorted((a, b) => a - b)[Math.floor(count / 2)] ?? 0);
}

/** Durable appends to a store and nothing else. */
async function bareStore(path: string): Promise<{ readonly append: () => Promise<void>; readonly close: () => Promise<void> }> {
  const store = await openSqlite(path);
  const log = parseLogId("0123456789abcdef");
  let next = 0;
  const batch = (): Batch => {
    const entry = new Uint8Array(randomBytes(BYTES));
    return { entries: [{ log, index: parseLogIndex(next++), leaf: leafOf(suite, entry), entry }] };
  };
  return { append: () => store.commit(batch()), close: () => store.close() };
}

export async function floorOf(folder: string, size: Size): Promise<Floor> {
  const bare = await bareStore(join(folder, "bare.db"));
  const samples = size === "quick" ? 200 : 1000;
  await middle(50, bare.append);
  const single = await middle(samples, bare.append);
  const inHundreds = (await middle(samples / 10, () => Promise.all(Array.from({ length: 100 }, bare.append)))) / 100;
  const log = parseLogId("0123456789abcdef");
  const second = new FileSecondPlace(join(folder, "bare-second"));
  let place: { size: number; root: Uint8Array } | undefined;
  const swap = await middle(samples, async (i) => {
    const after = { size: i, root: new Uint8Array(32) };
    await second.swap(log, place, after);
    place = after;
  });
  await second.close();
  await bare.close();
  const seed = new Uint8Array(randomBytes(32));
  const key = suite.ed25519Public(seed);
  const message = new Uint8Array(randomBytes(BYTES));
  const signature = suite.signEd25519(seed, message);
  const each = async (step: () => void): Promise<number> =>
    (await middle(11, () => {
      for (let i = 0; i < 200; i++) step();
    })) / 200;
  const parts = {
    durable_append: single,
    durable_append_in_hundreds: inHundreds,
    second_place_swap: swap,
    ed25519_sign: await each(() => void suite.signEd25519(seed, message)),
    ed25519_verify: await each(() => void suite.verifyEd25519(key, message, signature)),
    sha256: await each(() => void suite.sha256(message)),
  };
  return { parts };
}

/** Durable appends through a node on SQLite and a second place in files. */
export async function appendFigures(folder: string, size: Size, floor: Floor): Promise<readonly Figure[]> {
  const store: Store = await openSqlite(join(folder, "node.db"));
  const second = new FileSecondPlace(join(folder, "node-second"));
  const line = benchLine();
  const node = await openNode(line, 0, { store, second, clock: { ms: START_MS } });
  const [secrets] = line.secrets;
  if (secrets === undefined) throw new RangeError("the line has two parties");
  const samples = size === "quick" ? 200 : 1000;
  const total = size === "quick" ? 5_120 : 25_600;
  const submit = async ({ bytes, disclosure }: Ready): Promise<void> => {
    const said = await node.submit(bytes, disclosure);
    if (!said.ok) throw new Error(said.refusal.detail);
  };
  const ready = messages(node, secrets, samples + 50);
  const bare = await bareStore(join(folder, "beside.db"));
  await middles(50, [bare.append, (i) => submit(ready[i]!)]);
  const [beside = 1, single = 0] = await middles(samples, [bare.append, (i) => submit(ready[i + 50]!)]);
  await bare.close();
  const posts = await perSecond(messages(node, secrets, total), submit);
  const own = await perSecond(serviceNotes(node, secrets, total), submit);
  await node.options.store.close();
  await second.close();
  return [
    { id: "append_single_ms", value: single, unit: "ms", floorRatio: single / beside },
    { id: "append_group_per_s", value: posts, unit: "1/s", floorRatio: 1000 / posts / (floor.parts["ed25519_verify"] ?? 1) },
    { id: "append_group_node_per_s", value: own, unit: "1/s", floorRatio: 1000 / own / (floor.parts["ed25519_verify"] ?? 1) },
    { id: "append_log_size", value: node.own.frontier.size, unit: "entries" },
  ];
}

/** With 256 outstanding all the time. */
async function perSecond(ready: readonly Ready[], submit: (act: Ready) => Promise<void>): Promise<number> {
  const start = performance.now();
  let next = 0;
  const one = async (): Promise<void> => {
    for (let act = ready[next++]; act !== undefined; act = ready[next++]) await submit(act);
  };
  await Promise.all(Array.from({ length: 256 }, one));
  return (ready.length * 1000) / (performance.now() - start);
}
