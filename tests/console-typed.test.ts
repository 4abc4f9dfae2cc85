import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { axeFindings, chromiumPath } from "./support/browser.ts";
import { type AtConsole, atConsole, goTo, pictures, signInLink } from "./support/console.ts";
import { type LiveLine, liveLine } from "./support/live-line.ts";
import { type RunningNode, openline, startNode, workFolder } from "./support/openline.ts";

/** What is typed and not said: it outlives the page, the machine it was typed on and the node, and no text of one console takes the place
 *  of another's. */
const dir = workFolder();
let line: LiveLine;
let node: RunningNode;

const start = (port: number): Promise<RunningNode> => startNode(["--dir", line.folder("north"), "--console", `127.0.0.1:${port}`]);

beforeAll(async () => {
  line = await liveLine(dir, ["north", "south"], ["en", "zh"]);
  node = await start(0);
}, 120_000);

const signedIn = (as: { readonly locale: string; readonly theme?: "night" | "day" }): Promise<AtConsole> =>
  atConsole(line.folder("north"), "duty-officer", as);
const first = (page: Page) => page.locator("textarea").first();
const kept = (page: Page) => page.locator(".kept");

/** What the node keeps, once it says so. */
const untilKept = (text: string): Promise<void> =>
  expect.poll(() => unsent("--post", "duty-officer", "--field", "send"), { timeout: 10_000, interval: 200 }).toContain(text);

async function unsent(...more: readonly string[]): Promise<string> {
  const ran = await openline(["draft", "unsent", "--dir", line.folder("north"), ...more]);
  expect([ran.code, ran.err]).toEqual([0, ""]);
  return ran.out;
}

describe.skipIf(chromiumPath === undefined)("what is typed and not said", () => {
  test("is at the node within seconds, at every console of the post, and two texts stand beside each other", async () => {
    const one = await signedIn({ locale: "en-GB" });
    await one.page.keyboard.press("n");
    await first(one.page).fill("Our ship has lost steerage.");
    await kept(one.page)
      .getByText(/^Saved at the node \d\d:\d\d:\d\dZ$/)
      .waitFor();
    expect(await unsent("--post", "duty-officer", "--field", "send")).toContain('"en": "Our ship has lost steerage."');
    expect(await axeFindings(one.page)).toEqual([]);

    const two = await signedIn({ locale: "zh-CN", theme: "day" });
    await two.page.keyboard.press("n");
    await two.page.getByText("已存于节点").waitFor();
    expect(await first(two.page).inputValue()).toBe("Our ship has lost steerage.");

    // What is typed here stands there as soon as the node has it.
    await first(one.page).fill("Our ship has lost steerage and drifts.");
    await expect.poll(() => first(two.page).inputValue(), { timeout: 10_000 }).toContain("drifts");
    // Both go on from the same text: the first that rests is at the node, while the other is still typing.
    await first(one.page).fill("Our ship has lost steerage at 37.1 N.");
    await first(two.page).fill("");
    await first(two.page).pressSequentially("Our ship drifts.", { delay: 80 });
    await first(two.page).fill("Our ship drifts.\u202e");
    const both = two.page.getByRole("region", { name: /有两份文字/ });
    await both.waitFor();
    expect(await both.locator("pre").allTextContents()).toEqual(["Our ship drifts.⟦U+202E⟧", "Our ship has lost steerage at 37.1 N."]);
    await kept(two.page).getByText("已存于本机，节点尚未收到").waitFor();
    expect(await axeFindings(two.page)).toEqual([]);
    await pictures(two.page, "two-texts", true);
    expect(await unsent("--post", "duty-officer", "--field", "send")).toContain("37.1");
    await two.page.getByRole("button", { name: "改用另一份" }).press("Enter");
    await both.waitFor({ state: "detached" });
    expect(await first(two.page).inputValue()).toBe("Our ship has lost steerage at 37.1 N.");
    await kept(two.page).getByText("已存于节点").waitFor();
    // The one refusal that both texts came from is the only thing that the browser had to say.
    expect(two.complaints.filter((text) => !text.includes("409"))).toEqual([]);
    expect(one.complaints).toEqual([]);
  }, 90_000);

  test("eight windows of one browser all live, and each is told", async () => {
    const { page } = await signedIn({ locale: "en-GB" });
    const { origin } = new URL(page.url());
    const windows = [page];
    while (windows.length < 8) {
      const next = await page.context().newPage();
      await next.goto(origin);
      await next.locator(".card .state strong").first().waitFor();
      windows.push(next);
    }
    const last = windows.at(-1)!;
    await last.keyboard.press("n");
    await kept(last)
      .getByText(/^Saved at the node/)
      .waitFor();
    await first(last).fill("From the eighth window.");
    await untilKept("eighth");
    await page.keyboard.press("n");
    await expect.poll(() => first(page).inputValue(), { timeout: 10_000 }).toBe("From the eighth window.");
    // The window that listened for all goes: another one does.
    await page.close();
    const second = windows[1]!;
    await second.keyboard.press("n");
    await expect.poll(() => first(second).inputValue(), { timeout: 10_000 }).toBe("From the eighth window.");
    await first(second).fill("From the second window.");
    await expect.poll(() => first(last).inputValue(), { timeout: 10_000 }).toBe("From the second window.");
    for (const window of windows.slice(1)) expect(await window.getByText(/cannot reach its node/).count()).toBe(0);
    await page.context().close();
  }, 90_000);

  test("stays here while the node is gone, in no clear text, whatever screen is shown, and is at the node again afterwards", async () => {
    const { page } = await signedIn({ locale: "en-GB" });
    await page.keyboard.press("n");
    await page.getByText(/^Saved at the node/).waitFor();
    const port = Number(new URL(page.url()).port);
    await page.waitForFunction("performance.getEntriesByType('resource').some(({ name }) => name.includes('history-page'))");
    await node.stop();
    await first(page).fill("Typed in the dark: quincunx.");
    await kept(page).getByText("Saved here, not yet at the node").waitFor();
    await pictures(page, "kept-here");
    // Every screen is here, though the node that gave it is not, and none takes the console with it.
    for (const path of ["/history", "/form", "/c/hotline", "/d/1"]) {
      await goTo(page, path);
      await page.locator("main h1").or(page.locator("main [role=alert]")).or(page.locator("main [role=status]")).first().waitFor();
      expect([path, await page.getByText("This screen could not be shown").count()]).toEqual([path, 0]);
    }
    await goTo(page, "/send");
    expect(await first(page).inputValue()).toBe("Typed in the dark: quincunx.");
    const stored = await page.evaluate<string>(`new Promise((resolve) => {
      indexedDB.open("openline").onsuccess = ({ target: { result } }) => {
        result.transaction("typed").objectStore("typed").getAll().onsuccess = ({ target }) => {
          resolve(target.result.map(({ sealed }) => new TextDecoder("latin1").decode(sealed)).join(" "));
          result.close();
        };
      };
    })`);
    expect(stored.length).toBeGreaterThan(20);
    expect(stored).not.toContain("quincunx");

    // Whoever keeps the node has ended all sessions: the page says so by itself, and does not wait for alarms that cannot arrive.
    rmSync(join(line.folder("north"), "console.sessions"));
    node = await start(port);
    await page.getByText("Nobody is signed in here").waitFor({ timeout: 20_000 });
    await page.goto(await signInLink(line.folder("north"), "duty-officer"));
    await page.locator(".card .state strong").first().waitFor();
    // Though its screen is not shown.
    await untilKept("quincunx");
    await page.keyboard.press("n");
    expect(await first(page).inputValue()).toBe("Typed in the dark: quincunx.");
    await kept(page)
      .getByText(/^Saved at the node/)
      .waitFor();
  }, 90_000);
});
