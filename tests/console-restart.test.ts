import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "./support/browser.ts";
import { HEARD, pressUntil } from "./support/console.ts";
import type { LiveLine } from "./support/live-line.ts";
import { type RunningNode, startNode, workFolder } from "./support/openline.ts";
import { ask, seat, twoWatches } from "./support/two-watches.ts";

/** A node that ends and is started again under a console at which somebody sits: nobody presses anything, and nothing is missed. */
const dir = workFolder();
let line: LiveLine;
let north: RunningNode;
let south: RunningNode;

interface Shown {
  readonly log: string;
  readonly index: number;
  readonly refs: readonly string[];
  readonly leaf: string;
}

beforeAll(async () => {
  ({ line, north, south } = await twoWatches(dir));
  const port = /port (\d+)/.exec(south.printed())?.[1];
  writeFileSync(join(line.folder("south"), "bearers.yaml"), `listen: 127.0.0.1:${port}\n`);
}, 120_000);

const flash = (text: string): Promise<Shown> => {
  const words = ["--channel", "hotline", "--precedence", "FLASH", "--text", text];
  return ask(line.folder("north"), "send", ...words, "--key", line.watchKey("north"));
};
const acknowledged = async (): Promise<readonly (readonly string[])[]> =>
  (await ask<readonly Shown[]>(line.folder("north"), "show", "--kind", "acknowledge")).map(({ refs }) => refs);

describe.skipIf(chromiumPath === undefined)("a console whose node is started again", () => {
  test("goes on as it stood: a FLASH of meanwhile stands in the bar and sounds, F2 acknowledges it, and what was typed is there", async () => {
    const { page, complaints } = await seat(line, "south", { locale: "en-GB", theme: "night" });
    await page.keyboard.press("n");
    const field = page.locator("textarea").first();
    await field.fill("Half a sentence");
    await page.evaluate(HEARD);
    const consoleAt = new URL(page.url()).host.replace(/^[^:]*/, "127.0.0.1");
    const refs: string[][] = [];
    // Asked to end, and killed: the same to whoever sits there.
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      await south.stop(signal);
      await page.getByText(/cannot reach its node/).waitFor();
      const sent = await flash(`Hold fire: ${signal}.`);
      refs.unshift([sent.leaf]);
      await page.evaluate("heard.splice(0)");
      south = await startNode(["--dir", line.folder("south"), "--console", consoleAt]);

      await page.locator(".alarm", { hasText: `Hold fire: ${signal}.` }).waitFor({ timeout: 30_000 });
      await page.locator(".sound .lamp", { hasText: "Sounding" }).waitFor();
      expect((await page.evaluate<number[]>("heard.splice(0)")).slice(0, 3)).toEqual([660, 880, 1175]);
      expect(await page.getByText(/cannot reach its node|Nobody is signed in/).count()).toBe(0);
      expect(new URL(page.url()).pathname).toBe("/send");
      expect(await field.and(page.locator(":focus")).inputValue()).toBe("Half a sentence");

      const told = page.locator(".alarm-place .told", { hasText: `Acknowledged north:${sent.index}` });
      await pressUntil(page, "F2", { comes: told });
      await page.locator(".alarm").waitFor({ state: "detached" });
      await expect.poll(acknowledged, { timeout: 20_000 }).toEqual(refs.toReversed());
    }
    await page.getByText(/^Saved at the node/).waitFor();
    // What the browser says of a node that is not there, and nothing else.
    expect(complaints.filter((line) => !line.includes("net::ERR_"))).toEqual([]);
  }, 180_000);

  test("F2 while the other side's node is gone ends the alarm here, and one acknowledgement is there when that node is back", async () => {
    const { page } = await seat(line, "south", { locale: "en-GB", theme: "night" });
    const sent = await flash("Hold fire: alone.");
    await page.locator(".alarm", { hasText: "Hold fire: alone." }).waitFor();
    await north.stop("SIGKILL");
    await page.locator(".bearers", { hasText: "0 of 1" }).waitFor();
    await pressUntil(page, "F2", { comes: page.locator(".alarm-place .told", { hasText: `Acknowledged north:${sent.index}` }) });
    await page.locator(".alarm").waitFor({ state: "detached" });
    // Another key, another page of the same record: nothing acknowledges it again.
    await page.keyboard.press("F2");
    await page.reload();
    await page.getByText("Placed, not held by their node").waitFor();
    await page.locator(".key-line", { hasText: "Signs for" }).waitFor();
    expect(await page.locator(".alarm").count()).toBe(0);
    await page.keyboard.press("F2");
    north = await startNode(["--dir", line.folder("north")]);
    await page.getByText("Placed, not held by their node").waitFor({ state: "detached", timeout: 30_000 });
    expect((await acknowledged()).filter(([ref]) => ref === sent.leaf)).toHaveLength(1);
  }, 90_000);

  test("a page that is loaded while its node is about to end waits for it, and is signed in then", async () => {
    const { page } = await seat(line, "south", { locale: "en-GB", theme: "night" });
    const session = "**/api/v1/session";
    await page.route(session, (route) => route.fulfill({ status: 503, contentType: "application/json", body: '{"statusCode":503}' }));
    await page.reload();
    await page.getByText(/cannot reach its node since/).waitFor();
    await page.unroute(session);
    await page.locator(".card .state strong").first().waitFor();
  }, 60_000);
});
