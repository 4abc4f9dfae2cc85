import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { createFolder } from "../operate/folder.ts";
import type { BySize, Figure, Floor, Size } from "./figure.ts";
import { type BenchLine, assignPostsIn, benchLine } from "./line.ts";
import { PartyProcess } from "./party.ts";

const FEW: BySize = { least: 4, quick: 100, usual: 1_000 };
const MANY: BySize = { least: 64, quick: 2_000, usual: 12_000 };

/** Two nodes as processes of their own, on loopback. */
export interface Pair {
  readonly dirs: readonly [string, string];
  readonly parties: [PartyProcess, PartyProcess];
}

/** Folders for both parties, as a ceremony leaves them. */
export async function foldersFor(folder: string, line: BenchLine): Promise<readonly [string, string]> {
  const dirs = [join(folder, "north"), join(folder, "south")] as const;
  for (const [i, dir] of dirs.entries()) {
    const secrets = line.secrets[i];
    if (secrets === undefined) throw new RangeError("the line has two parties");
    await createFolder(dir, line.accord, secrets);
  }
  return dirs;
}

/** Starts both at once: the second listens, the first calls it. */
export async function startPair(dirs: readonly [string, string]): Promise<Pair> {
  const address = `127.0.0.1:${await freePort()}`;
  await writeFile(join(dirs[0], "bearers.yaml"), `dial: ["${address}"]\n`);
  await writeFile(join(dirs[1], "bearers.yaml"), `listen: ${address}\n`);
  return { dirs, parties: await Promise.all([PartyProcess.start(dirs[0]), PartyProcess.start(dirs[1])]) };
}

/** A port that the system gives away now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Messages with their receipts between two nodes over TLS with sealing: IMMEDIATE ones by themselves, whose receipt is entered at
 *  once; ROUTINE ones with many outstanding. */
export async function twoNodeFigures(folder: string, size: Size, floor: Floor): Promise<readonly Figure[]> {
  const line = benchLine();
  const dirs = await foldersFor(folder, line);
  for (const [i, dir] of dirs.entries()) await assignPostsIn(dir, line, i);
  const pair = await startPair(dirs);
  const { parties } = pair;
  try {
    const [sender] = parties;
    const [few, many] = [FEW[size], MANY[size]];
    await sender.send({ count: few, outstanding: 1, precedence: "IMMEDIATE" });
    const single = await measured(pair, () => sender.send({ count: few, outstanding: 1, precedence: "IMMEDIATE" }));
    await sender.send({ count: many / 4, outstanding: 256, precedence: "ROUTINE" });
    const at64 = await sender.send({ count: many / 2, outstanding: 64, precedence: "ROUTINE" });
    const at256 = await measured(pair, () => sender.send({ count: many, outstanding: 256, precedence: "ROUTINE" }));
    const times = single.answer.tookMs.toSorted((a, b) => a - b);
    const of = (id: string, part: number): Figure => {
      const value = times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
      return { id, value, unit: "ms", floorRatio: value / floor.ms };
    };
    return [
      of("held_p50_ms", 0.5),
      of("held_p99_ms", 0.99),
      { id: "throughput_64", value: ((many / 2) * 1000) / at64.ms, unit: "1/s" },
      { id: "throughput_256", value: (many * 1000) / at256.answer.ms, unit: "1/s" },
      { id: "wire_bytes_single", value: single.handed / few, unit: "B" },
      { id: "wire_bytes_256", value: at256.handed / many, unit: "B" },
      { id: "cpu_s_per_1000", value: (at256.cpuS * 1000) / many, unit: "s" },
      { id: "rss_mb", value: at256.rssMb, unit: "MB" },
    ];
  } finally {
    await Promise.all(parties.map((party) => party.stop()));
  }
}

/** What both processes used while something was done; `rssMb`: of the larger one, afterwards. */
async function measured<T>({ parties }: Pair, act: () => Promise<T>) {
  const before = await Promise.all(parties.map((party) => party.usage()));
  const answer = await act();
  const after = await Promise.all(parties.map((party) => party.usage()));
  const used = (what: "cpuS" | "handed"): number => after.reduce((sum, item, i) => sum + item[what] - (before[i]?.[what] ?? 0), 0);
  return { answer, cpuS: used("cpuS"), handed: used("handed"), rssMb: Math.max(...after.map((item) => item.rssMb)) };
}
