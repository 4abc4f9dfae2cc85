export type Step = (i: number) => Promise<unknown> | void;

/** Milliseconds that each of `count` steps takes, one after the other: the middle one. */
export async function middle(count: number, step: Step): Promise<number> {
  const [time = 0] = await middles(count, [step]);
  return time;
}

/** The same of several kinds of step taken in turn, so that what else the machine does falls on all of them alike. */
export async function middles(count: number, steps: readonly Step[]): Promise<readonly number[]> {
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
