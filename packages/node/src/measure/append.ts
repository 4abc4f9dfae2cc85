import { join } from "node:path";
import { FileSecondPlace } from "../store/file-second-place.ts";
import { openSqlite } from "../store/sqlite.ts";
import type { Store } from "../store/store.ts";
import { bareStore } from "./bare-store.ts";
import type { BySize, Figure, Floor, Size } from "./figure.ts";
import { type Ready, START_MS, benchLine, messages, openNode, serviceNotes } from "./line.ts";
import { middles } from "./middles.ts";

const SAMPLES: BySize = { least: 10, quick: 200, usual: 1000 };
const TOTAL: BySize = { least: 256, quick: 2_560, usual: 10_240 };
/** The best of so many: what appending costs once its code is compiled, and undisturbed. */
const ROUNDS: BySize = { least: 1, quick: 8, usual: 8 };

/** Durable appends through a node on SQLite and a second place in files. */
export async function appendFigures(folder: string, size: Size, floor: Floor): Promise<readonly Figure[]> {
  const store: Store = await openSqlite(join(folder, "node.db"));
  const second = new FileSecondPlace(join(folder, "node-second"));
  const line = benchLine();
  const node = await openNode(line, 0, { store, second, clock: { ms: START_MS } });
  const [secrets] = line.secrets;
  if (secrets === undefined) throw new RangeError("the line has two parties");
  const [samples, total, rounds] = [SAMPLES[size], TOTAL[size], ROUNDS[size]];
  const submit = async ({ bytes, disclosure }: Ready): Promise<void> => {
    const said = await node.submit(bytes, disclosure);
    if (!said.ok) throw new Error(said.refusal.detail);
  };
  const ready = messages(node, secrets, samples + 50);
  const bare = await bareStore(join(folder, "beside.db"));
  await middles(50, [bare.append, (i) => submit(ready[i]!)]);
  const [beside = 1, single = 0] = await middles(samples, [bare.append, (i) => submit(ready[i + 50]!)]);
  await bare.close();
  const posts = await best(rounds, () => perSecond(messages(node, secrets, total), submit));
  const own = await best(rounds, () => perSecond(serviceNotes(node, secrets, total), submit));
  await node.options.store.close();
  await second.close();
  return [
    { id: "append_single_ms", value: single, unit: "ms", floorRatio: single / beside },
    { id: "append_group_per_s", value: posts, unit: "1/s", floorRatio: 1000 / posts / (floor.parts["ed25519_verify"] ?? 1) },
    { id: "append_group_node_per_s", value: own, unit: "1/s", floorRatio: 1000 / own / (floor.parts["ed25519_verify"] ?? 1) },
    { id: "append_log_size", value: node.own.frontier.size, unit: "entries" },
  ];
}

async function best(rounds: number, measure: () => Promise<number>): Promise<number> {
  let most = 0;
  for (let i = 0; i < rounds; i++) most = Math.max(most, await measure());
  return most;
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
