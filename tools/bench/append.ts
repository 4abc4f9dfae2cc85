import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { leafOf, parseLogId, parseLogIndex } from "@openline/core";
import { FileSecondPlace, type Batch, type Store, nativeSuite as suite, openSqlite } from "@openline/node";
import { type Ready, START_MS, benchLine, messages, openNode, serviceNotes } from "./line.ts";

export type Size = "quick" | "usual" | "full";

/** What the same machine can do at best in the same run. All in milliseconds. */
export interface Floor {
  /** One bare durable append: SQLite, synchronous FULL. */
  readonly ms: number;
  readonly parts: Readonly<Record<string, number>>;
}

export interface Figure {
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  readonly floorRatio?: number;
}

const BYTES = 600;

/** Milliseconds that each of `count` steps takes, one after the other: the middle one. */
async function middle(count: number, step: (i: number) => Promise<unknown> | void): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await step(i);
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(count / 2)] ?? 0;
}

export async function floorOf(folder: string, size: Size): Promise<Floor> {
  const store = await openSqlite(join(folder, "bare.db"));
  const log = parseLogId("0123456789abcdef");
  let next = 0;
  const batch = (): Batch => {
    const entry = new Uint8Array(randomBytes(BYTES));
    return { entries: [{ log, index: parseLogIndex(next++), leaf: leafOf(suite, entry), entry }] };
  };
  const samples = size === "quick" ? 200 : 1000;
  await middle(50, () => store.commit(batch()));
  const single = await middle(samples, () => store.commit(batch()));
  const inHundreds = (await middle(samples / 10, () => Promise.all(Array.from({ length: 100 }, () => store.commit(batch()))))) / 100;
  const second = new FileSecondPlace(join(folder, "bare-second"));
  let place: { size: number; root: Uint8Array } | undefined;
  const swap = await middle(samples, async (i) => {
    const after = { size: i, root: new Uint8Array(32) };
    await second.swap(log, place, after);
    place = after;
  });
  await second.close();
  await store.close();
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
  return { ms: single, parts };
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
  await middle(50, (i) => submit(ready[i]!));
  const single = await middle(samples, (i) => submit(ready[i + 50]!));
  const posts = await perSecond(messages(node, secrets, total), submit);
  const own = await perSecond(serviceNotes(node, secrets, total), submit);
  await node.options.store.close();
  await second.close();
  return [
    { id: "append_single_ms", value: single, unit: "ms", floorRatio: single / floor.ms },
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
