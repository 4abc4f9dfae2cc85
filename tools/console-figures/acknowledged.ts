import type { Page } from "playwright-core";
import { goTo, seenAt } from "./console-of.ts";
import { type Measured, pause, quantile, until } from "./figures.ts";
import { officerOf } from "./people.ts";
import type { Party } from "./started.ts";

const TIMES = 15;
/** F2 does nothing in the first half second after the bar has changed. */
const SETTLED_MS = 600;

interface Sides<T> {
  readonly blue: T;
  readonly green: T;
}

/** F2 at Green's console until Blue's console has painted it, beside what the two nodes alone take for the same act. */
export async function acknowledgeFigures(pages: Sides<Page>, parties: Sides<Party>): Promise<Measured> {
  const bare = quantile(await betweenNodes(parties), 0.5);
  const seen = quantile(await betweenConsoles(pages, parties), 0.5);
  return {
    floor: { ms: bare, parts: { acknowledged_node_to_node: bare } },
    figures: [
      { id: "f2_to_seen_p50_ms", value: seen, unit: "ms", floorRatio: seen / bare },
      { id: "f2_to_seen_over_floor_ms", value: seen - bare, unit: "ms" },
    ],
  };
}

/** From Green handing an acknowledgement to its node until Blue's node says so, without a console. */
async function betweenNodes({ blue, green }: Sides<Party>): Promise<readonly number[]> {
  const [speaks, answers] = [await officerOf(blue), await officerOf(green)];
  const times: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    const said = await speaks.say("IMMEDIATE", `Bench: between nodes ${i}.`);
    await until("a message at Green", () => answers.standing(said));
    const begun = performance.now();
    await answers.acknowledge("IMMEDIATE", said.leaf);
    await until("an acknowledgement at Blue", async () => (await speaks.standing(said)) === "acknowledged" || undefined);
    times.push(performance.now() - begun);
  }
  return times;
}

async function betweenConsoles(pages: Sides<Page>, { blue }: Sides<Party>): Promise<readonly number[]> {
  const speaks = await officerOf(blue);
  const times: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    const { log, index } = await speaks.say("IMMEDIATE", `Bench: acknowledge ${i}.`);
    await goTo(pages.blue, `/m/${log}:${index}`);
    await pages.blue.locator(".track li a").waitFor({ state: "detached" });
    await pages.blue.locator(".track").waitFor();
    await pages.blue.evaluate(`bench.see("acknowledged", () => document.querySelector(".track li a") !== null)`);
    await pages.green.locator(".alarm").waitFor();
    await pause(SETTLED_MS);
    await pages.green.keyboard.press("F2");
    const pressed = await pages.green.evaluate<number>("bench.pressed");
    times.push((await seenAt(pages.blue, "acknowledged")) - pressed);
    await pages.green.locator(".alarm").waitFor({ state: "detached" });
  }
  return times;
}
