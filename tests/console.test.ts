import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { axeFindings, chromiumPath, openProfile } from "./support/browser.ts";
import { type AtConsole, VIEW, atConsole, picture, signInLink } from "./support/console.ts";
import { type RunningNode, openline, startNode, workFolder } from "./support/openline.ts";

/** The console that a real node serves, on the exercise line as it stood on 28 September 2023. Pictures are kept where
 *  OPENLINE_PICTURES names a folder. */
const dir = workFolder();
const AT = "2023-09-28T12:00:00Z";
let node: RunningNode;

const start = async (): Promise<RunningNode> => startNode(["--dir", join(dir, "usa"), "--clock", AT, "--console", "127.0.0.1:0"]);

beforeAll(async () => {
  const played = await openline(["exercise", "run", "exercises/us-china-2022-2024.yaml", "--dir", dir, "--fresh"]);
  expect([played.code, played.err]).toEqual([0, ""]);
  node = await start();
});

const VERDICTS = { "en-GB": ["suspended", "unproven", "open"], "zh-CN": ["暂停", "未经证实", "畅通"] } as const;

const link = (): Promise<string> => signInLink(join(dir, "usa"), "secretary");
const signedIn = (locale: string, theme: "night" | "day" = "night"): Promise<AtConsole> =>
  atConsole(join(dir, "usa"), "secretary", { locale, theme });

describe.skipIf(chromiumPath === undefined)("the console in Chromium", () => {
  test.each([
    ["en-GB", "night"],
    ["en-GB", "day"],
    ["zh-CN", "night"],
    ["zh-CN", "day"],
  ] as const)(
    "watch, channel and message, %s, %s: real states, nothing that axe finds, no complaint of the policy",
    async (locale, theme) => {
      const { page, complaints } = await signedIn(locale, theme);
      const words = await page.locator(".card .state strong").allTextContents();
      expect(words).toHaveLength(7);
      expect(VERDICTS[locale].map((word) => words.filter((found) => found === word).length)).toEqual([3, 3, 1]);
      expect(await page.locator(".marking").textContent()).toContain(locale === "zh-CN" ? "演习" : "EXERCISE");
      expect(await page.locator("header .who").textContent()).toContain(locale === "zh-CN" ? "国防部长" : "Secretary of Defense");
      const suspended = page.locator(".card", { has: page.locator(".state.suspended") });
      for (const text of await suspended.allTextContents()) expect(text).toContain("419");
      expect(await page.locator("html").getAttribute("data-theme")).toBe(theme);
      await picture(page, `watch-${locale}-${theme}`);
      expect(await axeFindings(page)).toEqual([]);

      await suspended.first().click();
      await page.locator("table tbody tr").first().waitFor();
      await picture(page, `channel-${locale}-${theme}`);
      expect(await axeFindings(page)).toEqual([]);

      await page.locator(".proof a").first().click();
      await page.locator(".message .track").waitFor();
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
      await picture(page, `message-${locale}-${theme}`);
      expect(await axeFindings(page)).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  test("every card and both counts of debts lie inside the view without scrolling, and no name or state is cut", async () => {
    const { page } = await signedIn("en-GB");
    for (const part of await page.locator(".card, .debts h2").all()) {
      const box = await part.boundingBox();
      expect(box!.y + box!.height).toBeLessThanOrEqual(VIEW.height);
      expect(await part.evaluate((item) => item.scrollWidth <= item.clientWidth)).toBe(true);
    }
  });

  test("the keyboard alone goes from the watch to the entry that proves a state, and back", async () => {
    const { page } = await signedIn("en-GB");
    await page.locator(".card").first().focus();
    await page.keyboard.press("Enter");
    await page.locator(".proof a").first().focus();
    await page.keyboard.press("Enter");
    await page.locator(".message .track").waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/m\/(usa|prc)(@[0-9a-f]{16})?:[0-9]+$/);
    await page.goBack();
    await page.locator("table tbody tr").first().waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/c\//);
  });

  test("the list of keys is of the screen that is open; letters go, move and come back, and none acts in a field", async () => {
    const { page, complaints } = await signedIn("en-GB");
    const path = (): string => new URL(page.url()).pathname;
    const listed = (): Promise<string[]> => page.locator(".keys kbd").allTextContents();
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    const moving = ["j / ArrowDown", "k / ArrowUp", "Home", "End"];
    expect(await listed()).toEqual(["F9", ...moving, "n", "f", "w", "g w", "g h", "Alt+1 … Alt+9", "Escape", "?"]);
    // While it is open its own keys act, and no letter of the screen below.
    await page.keyboard.press("n");
    expect(path()).toBe("/");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });

    await page.keyboard.press("j");
    const focused = page.locator(":focus");
    expect(await focused.getAttribute("href")).toBe(await page.locator(".card").first().getAttribute("href"));
    expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
    await page.keyboard.press("j");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("k");
    expect(await focused.getAttribute("href")).toBe(await page.locator(".card").nth(1).getAttribute("href"));
    await page.keyboard.press("End");
    expect(await focused.getAttribute("href")).toBe(await page.locator(".card").last().getAttribute("href"));
    await page.keyboard.press("Enter");
    await page.locator("table tbody tr").first().waitFor();
    const channel = path();
    await page.keyboard.press("g");
    expect(await page.locator(".going").textContent()).toContain("relation timeline");
    await picture(page, "going-en-night");
    await page.keyboard.press("h");
    await page.locator("input[type=range]").waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".large").first().waitFor();
    expect(path()).toBe(channel);
    await page.keyboard.press("Escape");
    await page.locator(".card").first().waitFor();
    // There is nothing of this console before its first screen, and Esc leads out of nothing.
    await page.keyboard.press("Escape");
    expect(path()).toBe("/");

    await page.keyboard.press("n");
    await page.locator("textarea").first().focus();
    await page.keyboard.type("ghjw?");
    expect([path(), await page.locator("textarea").first().inputValue()]).toEqual(["/send", "ghjw?"]);
    await page.keyboard.press("Escape");
    expect(path()).toBe("/send");
    await page.keyboard.press("?");
    expect((await listed()).slice(0, 2)).toEqual(["F9", "1 … 6"]);
    await page.getByRole("button", { name: /switch them off/ }).press("Enter");
    expect(await listed()).toEqual(["F9", "ArrowDown", "ArrowUp", "Home", "End", "Alt+1 … Alt+9", "Escape"]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("w");
    expect(path()).toBe("/send");
    expect(complaints).toEqual([]);
  });

  test("a link that was used says so, in words and with its code", async () => {
    const url = await link();
    const { context } = await openProfile({ viewport: VIEW, locale: "en-GB" });
    const page = await context.newPage();
    await page.goto(url);
    await page.locator(".card .state.suspended").first().waitFor();
    expect(page.url()).not.toContain("#");
    const other = await (await openProfile({ viewport: VIEW, locale: "en-GB" })).context.newPage();
    await other.goto(url);
    await other.getByText("not-signed-in").waitFor();
    expect(await axeFindings(other)).toEqual([]);
  });

  test("when its node is gone every state is not known within 5 s, and so is what is owed", async () => {
    const { page } = await signedIn("en-GB");
    await node.stop();
    await page.locator(".band").waitFor({ timeout: 5000 });
    const words = await page.locator(".card .state strong").allTextContents();
    expect(words.filter((word) => /^not known since 12:\d\d:\d\dZ$/.test(word))).toHaveLength(7);
    // What was owed a moment ago is not known either.
    expect(await page.locator(".debts").textContent()).toMatch(/not known since 12:/);
    expect(await page.locator("main").textContent()).not.toMatch(/Nothing owed|unproven|suspended|open/);
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "watch-lost");
    await page.context().close();
    node = await start();
  });
});
