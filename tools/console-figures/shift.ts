import type { Page } from "playwright-core";
import { goTo } from "./console-of.ts";
import { type Figure, pause, until } from "./figures.ts";
import { type Officer, officerOf } from "./people.ts";
import type { Party } from "./started.ts";

interface Shift {
  readonly blue: Party;
  readonly green: Party;
  readonly count: number;
}

/** Messages on their way at once: enough that the nodes and consoles, and not this program, are what takes the time. */
const OUTSTANDING = 32;
const LOOKS = 10;
const LOOK_MS = 300;
const SIDES = ["blue", "green"] as const;

/** A machine on which other work is done passes fewer messages than were asked for, and ends all the same. */
const LONGEST_S = 200;

/** What both consoles keep in memory on the watch screen after a tenth of a shift's messages, and after all of them. Each message is said
 *  by Blue and acknowledged by Green. */
export async function shiftFigures(
  pages: Readonly<Record<(typeof SIDES)[number], Page>>,
  { blue, green, count }: Shift,
): Promise<readonly Figure[]> {
  for (const side of SIDES) await goTo(pages[side], "/");
  const memory = (): Promise<readonly number[]> => Promise.all(SIDES.map((side) => memoryOf(pages[side])));
  const begun = performance.now();
  const officers = { speaks: await officerOf(blue), answers: await officerOf(green), until: begun + LONGEST_S * 1000 };
  const tenth = await pass(officers, Math.floor(count / 10));
  const early = await memory();
  const passed = tenth + (await pass(officers, count - tenth));
  const tookS = (performance.now() - begun) / 1000;
  const late = await memory();
  return [
    { id: "shift_messages", value: passed, unit: "" },
    { id: "shift_messages_per_s", value: passed / tookS, unit: "1/s" },
    ...SIDES.flatMap((side, i) => growth(side, early[i] ?? 0, late[i] ?? 0)),
  ];
}

const growth = (side: string, early: number, late: number): readonly Figure[] => [
  { id: `memory_${side}_tenth_mb`, value: early, unit: "MB" },
  { id: `memory_${side}_all_mb`, value: late, unit: "MB" },
  { id: `memory_${side}_growth`, value: (late / early - 1) * 100, unit: "%" },
];

interface Officers {
  readonly speaks: Officer;
  readonly answers: Officer;
  /** By `performance.now`. */
  readonly until: number;
}

/** Passes so many messages; fewer where the time ends before. Resolves with how many. */
async function pass({ speaks, answers, until: end }: Officers, count: number): Promise<number> {
  let begun = 0;
  const one = async (): Promise<void> => {
    while (begun < count && performance.now() < end) {
      const { leaf } = await speaks.say("ROUTINE", `Bench: message ${++begun} of a shift.`);
      await until("an acknowledgement", () => answers.acknowledge("ROUTINE", leaf).catch(() => undefined));
    }
  };
  await Promise.all(Array.from({ length: OUTSTANDING }, one));
  return begun;
}

/** Megabytes of script, of what the page draws, and of buffers, after everything that nobody needs has been let go: the least of several
 *  looks, since an answer that is just being read is no memory of the page. */
async function memoryOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const looks: number[] = [];
  for (let look = 0; look < LOOKS; look++) {
    await pause(LOOK_MS);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize, embedderHeapUsedSize, backingStorageSize } = await session.send("Runtime.getHeapUsage");
    looks.push((usedSize + embedderHeapUsedSize + backingStorageSize) / 1e6);
  }
  await session.detach();
  return Math.min(...looks);
}
