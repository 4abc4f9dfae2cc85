import { beforeAll, describe, expect, test } from "vitest";
import { axeFindings, chromiumPath } from "./support/browser.ts";
import { type AtConsole, goTo, pictures, pressUntil, signInLink } from "./support/console.ts";
import { workFolder } from "./support/openline.ts";
import { type TwoWatches, ask, seat, twoWatches } from "./support/two-watches.ts";

/** Two windows of one browser, which share who is signed in there. */
let watches: TwoWatches;

beforeAll(async () => {
  watches = await twoWatches(workFolder(), undefined, withDesk);
}, 120_000);

const withDesk = (party: string): string =>
  party.replace(
    /^( *- )\{ id: duty-officer,.*$/m,
    (post, dash: string) => `${post}\n${dash}{ id: desk, name: { en: "Desk" }, channels: [hotline], principal: false, deputy: null }`,
  );
const atNorth = (): Promise<AtConsole> => seat(watches.line, "north", { locale: "en-GB", theme: "night" });

const folder = (): string => watches.line.folder("north");

/** What people of north have signed. */
const kinds = async (): Promise<readonly string[]> =>
  (await ask<readonly { readonly kind: string }[]>(folder(), "show")).map(({ kind }) => kind);

describe.skipIf(chromiumPath === undefined)("two windows of one browser", () => {
  test("the same post that signs in once more takes nothing from a window in which somebody types, and no letter is a command", async () => {
    const { page } = await atNorth();
    const before = await kinds();
    await goTo(page, "/send");
    const field = page.locator("textarea").first();
    await field.focus();
    await page.keyboard.type("Typed before ");
    const second = await page.context().newPage();
    await second.goto(await signInLink(folder(), "duty-officer"));
    await second.locator(".card").first().waitFor();
    await page.keyboard.type("and while it signs in, how now hfw", { delay: 20 });
    await page.locator(".kept", { hasText: "Saved at the node" }).waitFor();
    expect(await field.inputValue()).toBe("Typed before and while it signs in, how now hfw");
    expect(await field.and(page.locator(":focus")).count()).toBe(1);
    expect(await page.locator(".key-line").textContent()).toBe("Signs for Duty officer");
    expect(await kinds()).toEqual(before);
    await second.close();
    await field.fill("");
    await expect.poll(() => page.locator(".kept").allTextContents(), { timeout: 5000 }).toEqual([""]);
  });

  test("one field that is typed into in both by turns: neither text is lost, also where a window is loaded anew, and a person chooses", async () => {
    const { page } = await atNorth();
    await goTo(page, "/send");
    const field = page.locator("textarea").first();
    await field.fill("Base");
    await page.locator(".kept", { hasText: "Saved at the node" }).waitFor();
    const second = await page.context().newPage();
    await second.goto(new URL("/send", page.url()).href);
    const other = second.locator("textarea").first();
    await expect.poll(() => other.inputValue(), { timeout: 10_000 }).toBe("Base");
    for (let i = 0; i < 3; i++) {
      await field.pressSequentially(` here${i}`);
      await other.pressSequentially(` there${i}`);
    }
    const texts = async (window: typeof page): Promise<readonly string[]> => [
      await window.locator("textarea").first().inputValue(),
      ...(await window.locator(".two-texts pre").allTextContents()),
    ];
    const both = (found: readonly string[]): boolean =>
      found.some((text) => text.includes("here0 here1 here2")) && found.some((text) => text.includes("there0 there1 there2"));
    await expect.poll(async () => both([...(await texts(page)), ...(await texts(second))]), { timeout: 10_000 }).toBe(true);
    expect(await page.getByText("NOT saved").count()).toBe(0);
    expect(await second.getByText("NOT saved").count()).toBe(0);
    for (const window of [second, page]) {
      await window.reload();
      await window.locator(".key-line", { hasText: "Signs for" }).waitFor();
    }
    await expect.poll(async () => both([...(await texts(page)), ...(await texts(second))]), { timeout: 10_000 }).toBe(true);
    await second.close();
    const choose = page.getByRole("button", { name: "Take the other one" });
    const emptied = async (): Promise<readonly string[]> => {
      if (await choose.isVisible()) await choose.press("Enter");
      await field.fill("");
      return page.locator(".kept").allTextContents();
    };
    await expect.poll(emptied, { timeout: 20_000, interval: 500 }).toEqual([""]);
  }, 60_000);

  test("another post that signs in does not take the place of the first: its window says so, keeps what is typed and signs nothing", async () => {
    const { page, complaints } = await atNorth();
    await goTo(page, "/send");
    const field = page.locator("textarea").first();
    await field.fill("");
    await field.focus();
    await page.keyboard.type("Ours, ");
    const second = await page.context().newPage();
    await second.goto(await signInLink(folder(), "desk"));
    await second.locator(".card").first().waitFor();
    await page.locator(".band", { hasText: "has signed in for Desk" }).waitFor();
    await page.keyboard.type("and only ours.");
    expect(await field.inputValue()).toBe("Ours, and only ours.");
    expect(await field.and(page.locator(":focus")).count()).toBe(1);
    const before = await kinds();
    await page.keyboard.press("Control+Enter");
    expect(await page.getByRole("button", { name: "Sign and send" }).isDisabled()).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await pictures(page, "other-post");
    expect(await kinds()).toEqual(before);
    // A person here chooses; what was typed waits for the post that typed it.
    const goOn = page.getByRole("button", { name: "Go on here for Desk" });
    await pressUntil(page, "Enter", { comes: page.locator(".bar", { hasText: "Desk" }), on: goOn });
    await goTo(page, "/send");
    expect(await page.locator("textarea").first().inputValue()).toBe("");
    await second.goto(await signInLink(folder(), "duty-officer"));
    await second.locator(".card").first().waitFor();
    await goTo(second, "/send");
    await second.locator("textarea", { hasText: "Ours, and only ours." }).waitFor();
    // What its node refuses this window is said by the browser too.
    expect(complaints.filter((text) => !text.includes("403"))).toEqual([]);
  });
});
