import type { Page } from "playwright-core";
import { goTo } from "./console-of.ts";
import { type Figure, until } from "./figures.ts";
import { type Officer, officerOf } from "./people.ts";
import type { Party } from "./started.ts";

interface Shift {
  readonly blue: Party;
  readonly green: Party;
  readonly count: number;
}

/** Messages on their way at once: enough that the nodes and consoles, and not this program, are what takes the time. */
const OUTSTANDING = 32;
const SIDES = ["blue", "green"] as const;

/** What both consoles keep in memory on the watch screen after a tenth of a shift's messages, and after all of them. Each message is said
 *  by Blue and acknowledged by Green. */
export async function shiftFigures(
  pages: Readonly<Record<(typeof SIDES)[number], Page>>,
  { blue, green, count }: Shift,
): Promise<readonly Figure[]> {
  const officers = { speaks: await officerOf(blue), answers: await officerOf(green) };
  for (const side of SIDES) await goTo(pages[side], "/");
  const tenth = Math.floor(count / 10);
  const begun = performance.now();
  await pass(officers, 0, tenth);
  const early = await Promise.all(SIDES.map((side) => memoryOf(pages[side])));
  await pass(officers, tenth, count);
  const took = (performance.now() - begun) / 1000;
  const late = await Promise.all(SIDES.map((side) => memoryOf(pages[side])));
  const memory = SIDES.flatMap((side, i) => {
    const [first = 0, last = 0] = [early[i], late[i]];
    return [
      { id: `memory_${side}_${tenth}_mb`, value: first, unit: "MB" },
      { id: `memory_${side}_${count}_mb`, value: last, unit: "MB" },
      { id: `memory_${side}_growth`, value: (last / first - 1) * 100, unit: "%" },
    ];
  });
  return [{ id: "shift_messages_per_s", value: count / took, unit: "1/s" }, ...memory];
}

interface Officers {
  readonly speaks: Officer;
  readonly answers: Officer;
}

async function pass({ speaks, answers }: Officers, from: number, to: number): Promise<void> {
  let next = from;
  const one = async (): Promise<void> => {
    while (next < to) {
      const { leaf } = await speaks.say("ROUTINE", `Bench: message ${++next} of a shift.`);
      await until("an acknowledgement", () => answers.acknowledge("ROUTINE", leaf).catch(() => undefined));
    }
  };
  await Promise.all(Array.from({ length: OUTSTANDING }, one));
}

/** Megabytes of script, of what the page draws, and of buffers, after everything that nobody needs has been let go. */
async function memoryOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return (usedSize + embedderHeapUsedSize + backingStorageSize) / 1e6;
}
