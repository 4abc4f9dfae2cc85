import { join } from "node:path";
import { type LogId, type PlacedEntry, fromHex } from "@openline/core";
import { FILES } from "../operate/folder.ts";
import { FileSecondPlace } from "../store/file-second-place.ts";
import { openSqlite } from "../store/sqlite.ts";
import type { Store, StoredEntry } from "../store/store.ts";
import type { BySize, Figure, Size } from "./figure.ts";
import { type BenchLine, benchLine } from "./line.ts";
import { PartyProcess } from "./party.ts";
import { foldersFor, startPair } from "./two-nodes.ts";
import { writeRecord } from "./write-record.ts";

const ENTRIES: BySize = { least: 1_000, quick: 100_000, usual: 100_000 };
const ROUNDS: BySize = { least: 1, quick: 1, usual: 3 };
const GROUP = 512;

/** How long a node that was killed is away: from its start until an act handed to it stands durably in its log. Half of the
 *  entries are messages, half are their acknowledgements by the other party, which runs all the while. */
export async function restartFigures(folder: string, size: Size): Promise<readonly Figure[]> {
  const line = benchLine();
  const dirs = await foldersFor(folder, line);
  await fill(dirs, line, ENTRIES[size]);
  const { parties } = await startPair(dirs);
  const times: number[] = [];
  try {
    for (let round = 0; round < ROUNDS[size]; round++) {
      await parties[0].place();
      await parties[0].kill();
      const start = performance.now();
      parties[0] = await PartyProcess.start(dirs[0]);
      await parties[0].place();
      times.push((performance.now() - start) / 1000);
    }
    const { rssMb } = await parties[0].usage();
    return [
      { id: "restart_100k_s", value: times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0, unit: "s" },
      { id: "rss_100k_mb", value: rssMb, unit: "MB" },
    ];
  } finally {
    await Promise.all(parties.map((party) => party.stop()));
  }
}

/** Puts one record into both folders, as if it had been exchanged: what is in a store has been checked before, so no
 *  signature is needed. */
async function fill(dirs: readonly [string, string], line: BenchLine, entries: number): Promise<void> {
  const stores = await Promise.all(dirs.map((dir) => openSqlite(join(dir, FILES.database))));
  const ends = new Map<LogId, { size: number; root: Uint8Array }>();
  let group: StoredEntry[] = [];
  const commits: Promise<unknown>[] = [];
  const commit = (): void => {
    const batch = { entries: group };
    group = [];
    commits.push(...stores.map((store: Store) => store.commit(batch)));
  };
  writeRecord(line, {
    entries,
    signed: false,
    take: (log, placed, disclosure) => {
      group.push(stored(log, placed, disclosure));
      if (group.length === GROUP) commit();
    },
    end: ({ log, size, root }) => void ends.set(log, { size, root: fromHex(root) }),
  });
  commit();
  await Promise.all(commits);
  for (const [i, dir] of dirs.entries()) {
    const log = line.accord.parties[i]?.incarnation;
    const end = log === undefined ? undefined : ends.get(log);
    if (log === undefined || end === undefined) throw new RangeError("the line has two parties");
    const second = new FileSecondPlace(join(dir, FILES.second));
    await second.swap(log, undefined, end);
    await second.close();
    await stores[i]?.close();
  }
}

function stored(log: LogId, { entry, leaf }: PlacedEntry, disclosure: Uint8Array | undefined): StoredEntry {
  const item = { log, index: entry.placement.index, leaf, entry: entry.bytes };
  return disclosure === undefined ? item : { ...item, disclosure };
}
