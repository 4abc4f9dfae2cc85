import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { openlineHere } from "../packages/cli/test/run-here.ts";
import { axeFindings, chromiumPath } from "./support/browser.ts";
import { goTo, pictures } from "./support/console.ts";
import type { LiveLine } from "./support/live-line.ts";
import { workFolder } from "./support/openline.ts";
import { ask, seat, twoWatches } from "./support/two-watches.ts";

/** A FLASH of ours that the other side is late with, and one of theirs: two places of the bar, and one key for theirs alone. */
const dir = workFolder();
let line: LiveLine;

interface Shown {
  readonly log: string;
  readonly index: number;
  readonly kind: string;
  readonly refs: readonly string[];
  readonly leaf: string;
}

beforeAll(async () => {
  ({ line } = await twoWatches(dir, (terms) => terms.replace(/(acknowledge:[^}]*?FLASH: )"PT5M"/, '$1"PT3S"')));
}, 120_000);

const say = (party: string, ...args: readonly string[]): Promise<Shown> => ask(line.folder(party), ...args, "--key", line.watchKey(party));
const flash = (party: string, text: string): Promise<Shown> =>
  say(party, "send", "--channel", "hotline", "--precedence", "FLASH", "--text", text);

/** What the bar covers of what has the focus. */
const COVERED = `(() => {
  const bar = document.querySelector(".alarm-place").getBoundingClientRect();
  const { bottom } = document.activeElement.getBoundingClientRect();
  return [document.activeElement.textContent, Math.max(0, bottom - bar.top)];
})()`;

/** Goes with Tab through everything before the bar; returns what it covered, and the last that was reached. */
async function throughThePage(page: Page): Promise<{ readonly covered: unknown[]; readonly last: unknown }> {
  const covered: unknown[] = [];
  let last: unknown;
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate("document.activeElement === document.body || document.activeElement.closest('.alarm-place') !== null")) break;
    const [text, pixels] = await page.evaluate<[string, number]>(COVERED);
    if (pixels > 0) covered.push([text, pixels]);
    last = text;
  }
  return { covered, last };
}

describe.skipIf(chromiumPath === undefined)("acknowledgements that are late", () => {
  test("ours stands by itself and takes no place, no key and no message of theirs; nothing that has the focus is under the bar", async () => {
    const { page, complaints } = await seat(line, "north", { locale: "en-GB", theme: "night" });
    const ours = await flash("north", "We ask for your position.");
    const theirs = page.locator(".theirs");
    await theirs.waitFor();
    expect(await theirs.innerText()).toMatch(
      /^Not acknowledged by Ministry of south:\s+Z\s+FLASH \(Z\)\s+\d{6}Z [A-Z]{3} \d\d\s+late \+00:\d\d:\d\d\s+hotline\s+message$/,
    );
    expect([await page.locator(".alarm").count(), await theirs.getByRole("button").count()]).toEqual([0, 0]);
    await page.keyboard.press("F2");
    await page.keyboard.press("Shift+F2");
    await page.locator(".message .track").waitFor();
    expect(new URL(page.url()).pathname).toBe(`/m/north:${ours.index}`);
    expect(await page.getByRole("button", { name: /Acknowledge|Holding reply|Answer/ }).count()).toBe(0);
    await page.keyboard.press("h");
    await page.keyboard.press("r");
    expect(await page.locator("main textarea").count()).toBe(0);
    await flash("north", "Once more.");
    await theirs.getByText("and 1 more").waitFor();
    await pictures(page, "late-ours");
    expect(await axeFindings(page)).toEqual([]);

    const incoming = await flash("south", "Hold fire.");
    const alarm = page.locator(".alarm");
    await alarm.getByText("Hold fire.").waitFor();
    expect(await alarm.innerText()).not.toMatch(/more|position/);
    await theirs.getByText("and 1 more").waitFor();
    await page.keyboard.press("Shift+F2");
    await page.getByRole("heading", { name: `south:${incoming.index}` }).waitFor();
    for (const path of ["/", "/send", `/m/south:${incoming.index}`, "/c/hotline"]) {
      await goTo(page, path);
      await page.locator("main :is(a, button, select)").first().waitFor();
      await page.evaluate("document.querySelector('main').focus()");
      const { covered, last } = await throughThePage(page);
      expect([path, covered, typeof last]).toEqual([path, [], "string"]);
    }
    await goTo(page, "/send");
    await pictures(page, "late-both");
    expect(await axeFindings(page)).toEqual([]);
    const button = page.getByRole("button", { name: /Sign and send/ });
    await page.locator("textarea").first().fill("Seen.");
    await button.focus();
    expect((await page.evaluate<[string, number]>(COVERED))[1]).toBe(0);

    await expect
      .poll(
        async () => {
          await page.keyboard.press("F2");
          return alarm.count();
        },
        { timeout: 10_000, interval: 200 },
      )
      .toBe(0);
    await page.locator(".alarm-place .told", { hasText: `Acknowledged south:${incoming.index}` }).waitFor();
    await theirs.getByText("and 1 more").waitFor();
    const entries = await ask<readonly Shown[]>(line.folder("north"), "show", "--kind", "acknowledge");
    expect(entries.map(({ log, refs }) => [log, refs])).toEqual([["north", [incoming.leaf]]]);
    expect(complaints).toEqual([]);
  }, 60_000);

  test.each([
    [["acknowledge"], "acknowledge"],
    [["answer", "--text", "Yes."], "answer"],
    [["holding-reply", "--until", "2099-01-01T00:00:00Z"], "holding-reply"],
  ])("the command refuses to %s our own act before anything is signed", async ([verb = "", ...more], name) => {
    const key = ["--dir", line.folder("north"), "--key", line.watchKey("north")];
    const [ours] = await ask<readonly Shown[]>(line.folder("north"), "show", "--kind", "message");
    const place = `${ours?.log}/${ours?.index}`;
    expect(await openlineHere([verb, place, ...more, ...key])).toMatchObject({
      code: 2,
      out: "",
      err: `openline: ${place} is an act of our own party, and ${name} is for one of the other side: choose that\n`,
    });
  });
});
