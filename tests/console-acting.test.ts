import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { axeFindings, chromiumPath } from "./support/browser.ts";
import { type AtConsole, atConsole, goTo, picture, pressUntil } from "./support/console.ts";
import type { LiveLine } from "./support/live-line.ts";
import { type RunningNode, workFolder } from "./support/openline.ts";
import { ask, twoWatches } from "./support/two-watches.ts";

/** Two watches at their consoles: keys that never leave a browser, a FLASH by three keys, its acknowledgement by one. */
const dir = workFolder();
let line: LiveLine;
let north: RunningNode;

beforeAll(async () => {
  ({ line, north } = await twoWatches(dir));
}, 120_000);

const signedIn = (party: string, locale: string): Promise<AtConsole> => atConsole(line.folder(party), "duty-officer", { locale });

/** The digits that somebody at the console reads out, compared and given a post by the party's directory. */
async function giveKey(party: string, page: Page): Promise<void> {
  const digits = page.locator(".key-line .code");
  await digits.waitFor();
  const kid = (await digits.textContent())?.replaceAll(" ", "") ?? "";
  const { requests } = await ask<{ requests: { kid: string; post: string }[] }>(line.folder(party), "post", "requests");
  expect(requests.map((request) => [request.kid, request.post])).toEqual([[kid, "duty-officer"]]);
  const keys = ["--directory-key", join(`${line.folder(party)}-keys`, "directory-1.key"), "--out", join(dir, `${party}-${kid}`)];
  const whom = ["--post", "duty-officer", "--person", "Second", "--until", "2099-12-31T06:00:00Z"];
  await ask(line.folder(party), "post", "assign", "--request", kid, ...whom, ...keys, "--plain-keys");
  await digits.waitFor({ state: "detached" });
}

/** A test of a channel from its page, answered from the watch of the other side, by F4 alone. */
async function lineCheck(blue: Page, green: Page): Promise<void> {
  const checks = async (): Promise<readonly string[]> => {
    const entries = await ask<readonly { kind: string }[]>(line.folder("south"), "show");
    return entries.map(({ kind }) => kind).filter((kind) => kind.startsWith("test"));
  };
  await blue.keyboard.press("Alt+1");
  await blue.getByText("No test stands on this channel.").waitFor();
  // As the screen comes it does nothing yet; pressed again and again it places one.
  const placed = blue.locator(".told", { hasText: "Test placed" });
  await blue.keyboard.press("F4");
  expect(await placed.count()).toBe(0);
  const until = Date.now() + 10_000;
  while ((await placed.count()) === 0 && Date.now() < until) {
    await blue.keyboard.press("F4");
    await blue.keyboard.press("F4");
  }
  await blue.getByText(/^Our test of .* waits for their answer\.$/).waitFor();
  await picture(blue, "test-en-night");

  // Out of the field of the answer first: a letter in it is a letter.
  await green.keyboard.press("Escape");
  await green.keyboard.press("w");
  await green.locator(".card", { hasText: "的线路检查待答复（F4）" }).waitFor();
  await green.keyboard.press("F4");
  await green.getByText("请先选择渠道").waitFor();
  await picture(green, "test-zh-night");
  expect(await axeFindings(green)).toEqual([]);
  await green.keyboard.press("j");
  await pressUntil(green, "F4", { comes: green.locator(".told", { hasText: "线路检查已答复" }) });
  await blue.getByText(/^The last test, of .*, was answered\.$/).waitFor();
  expect(await axeFindings(blue)).toEqual([]);
  // Both may bear one second, and then their order is that of the logs.
  expect((await checks()).toSorted()).toEqual(["test", "test-answer"]);
}

describe.skipIf(chromiumPath === undefined)("two consoles that act", () => {
  test("a FLASH by three keys, alarmed in the other language, acknowledged and held by one key each, and answered", async () => {
    const blue = await signedIn("north", "en-GB");
    const green = await signedIn("south", "zh-CN");

    // Without a key nothing is offered, and the keys do nothing.
    await blue.page.keyboard.press("n");
    await blue.page.keyboard.press("1");
    await blue.page.keyboard.press("Control+Enter");
    expect(await blue.page.getByRole("button", { name: /Sign and send/ }).isDisabled()).toBe(true);
    await blue.page.keyboard.press("w");
    await giveKey("north", blue.page);
    await giveKey("south", green.page);

    await blue.page.keyboard.press("n");
    await blue.page.locator("textarea").first().waitFor();
    await blue.page.keyboard.press("1");
    expect(await axeFindings(blue.page)).toEqual([]);
    await picture(blue.page, "send-en-night");
    await blue.page.keyboard.press("Control+Enter");
    await blue.page.locator(".send .told", { hasText: "Placed, FLASH" }).waitFor();
    const sent = /north:(\d+)/.exec((await blue.page.locator(".send .told").textContent()) ?? "")?.[0] ?? "";
    expect(await blue.page.locator("textarea").first().inputValue()).toBe("");

    await green.page.locator(".alarm").waitFor();
    expect(await green.page.locator(".alarm-words").textContent()).toContain("这不是攻击");
    expect(await axeFindings(green.page)).toEqual([]);
    await picture(green.page, "alarm-zh-night");
    // A key held down, or pressed as the alarm comes, does nothing; one press does it once.
    await expect
      .poll(
        async () => {
          await green.page.keyboard.press("F2");
          return green.page.locator(".alarm").count();
        },
        { timeout: 10_000, interval: 200 },
      )
      .toBe(0);
    await green.page.locator(".alarm-place .told", { hasText: `已确认${sent}` }).waitFor();
    await green.page.locator(".message .track").waitFor();
    await pressUntil(green.page, "h", { comes: green.page.locator(".message .told", { hasText: "收悉待复" }) });
    await picture(green.page, "held-zh-night");

    await goTo(blue.page, `/m/${sent}`);
    await blue.page.locator(".track li", { hasText: /acknowledged.*south:/ }).waitFor();
    await blue.page.locator(".track li", { hasText: /holding reply.*south:.*Reply by/ }).waitFor();
    expect(await blue.page.locator(".track").textContent()).toMatch(/held/);

    await green.page.keyboard.press("r");
    await green.page.keyboard.type("情况已知悉。");
    await green.page.keyboard.press("Control+Enter");
    await blue.page.locator(".track li", { hasText: /answered.*south:/ }).waitFor();
    const entries = await ask<readonly { kind: string }[]>(line.folder("south"), "show");
    const kinds = entries.map(({ kind }) => kind).filter((kind) => ["acknowledge", "holding-reply", "answer"].includes(kind));
    expect(kinds.toSorted()).toEqual(["acknowledge", "answer", "holding-reply"]);
    await lineCheck(blue.page, green.page);
    expect([...blue.complaints, ...green.complaints]).toEqual([]);
  }, 90_000);

  test("what is typed stays when the node is gone and through a reload; a key of no post places nothing", async () => {
    const { page } = await signedIn("north", "en-GB");
    await page.keyboard.press("n");
    const text = page.locator("textarea").first();
    await text.fill("Half a sentence");
    // How urgent it is stays with it, on the way to another screen and back as through a reload.
    const precedence = page.getByLabel("Precedence");
    await precedence.selectOption("IMMEDIATE");
    await page.keyboard.press("Escape");
    await page.keyboard.press("w");
    await page.locator(".card").first().waitFor();
    await page.keyboard.press("Escape");
    await text.waitFor();
    // A code word takes the place of what was typed, and loses nothing of it.
    await page.keyboard.press("1");
    expect([await text.inputValue(), await precedence.inputValue()]).toEqual([expect.stringContaining("accident"), "FLASH"]);
    // Written over and then taken by another code word, both lie aside, each under its own precedence.
    await text.fill("Accident; two boats out.");
    await page.keyboard.press("Escape");
    await page.keyboard.press("2");
    const putBack = page.getByRole("button", { name: "Put it back" });
    await putBack.press("Enter");
    expect([await text.inputValue(), await precedence.inputValue()]).toEqual(["Accident; two boats out.", "FLASH"]);
    await putBack.press("Enter");
    expect([await text.inputValue(), await precedence.inputValue()]).toEqual(["Half a sentence", "IMMEDIATE"]);
    const kept = () => ask<{ text: string }>(line.folder("north"), "draft", "unsent", "--post", "duty-officer", "--field", "send");
    await expect.poll(async () => (await kept()).text, { timeout: 10_000 }).toContain("Half a sentence");
    await page.reload();
    await expect.poll(() => text.inputValue(), { timeout: 10_000 }).toBe("Half a sentence");
    expect(await precedence.inputValue()).toBe("IMMEDIATE");
    await giveKey("north", page);
    await north.stop();
    await pressUntil(page, "Control+Enter", { comes: page.locator(".send .told", { hasText: "unavailable" }) });
    expect(await text.inputValue()).toBe("Half a sentence");
  }, 40_000);
});
