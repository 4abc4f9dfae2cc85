import type { Page } from "playwright-core";
import { seenAt } from "./console-of.ts";
import { type Figure, quantile } from "./figures.ts";
import { officerOf } from "./people.ts";
import type { Party } from "./started.ts";

const LOADS = 15;

/** Green's console is loaded anew while a FLASH waits: until its first words have been painted. */
export async function flashFigures(
  atGreen: Page,
  { blue, green }: { readonly blue: Party; readonly green: Party },
): Promise<readonly Figure[]> {
  const [speaks, answers] = [await officerOf(blue), await officerOf(green)];
  const { leaf } = await speaks.say("FLASH", "Bench: a FLASH.");
  await seenAt(atGreen, "alarm");
  const times: number[] = [];
  for (let i = 0; i < LOADS; i++) {
    await atGreen.reload();
    times.push((await seenAt(atGreen, "alarm")) - (await atGreen.evaluate<number>("performance.timeOrigin")));
  }
  await answers.acknowledge("FLASH", leaf);
  await atGreen.locator(".alarm").waitFor({ state: "detached" });
  return [
    { id: "flash_readable_p50_ms", value: quantile(times, 0.5), unit: "ms" },
    { id: "flash_readable_max_ms", value: Math.max(...times), unit: "ms" },
  ];
}
