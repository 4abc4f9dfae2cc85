import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { axeFindings, chromiumPath } from "./support/browser.ts";
import { type AtConsole, atConsole, picture } from "./support/console.ts";
import { openline, startNode, workFolder } from "./support/openline.ts";

/** Both consoles of the exercise line on 28 September 2023: the same cards, each public sentence under its own reading, and three years
 *  by keyboard. Pictures are kept where OPENLINE_PICTURES names a folder. */
const dir = workFolder();
const AT = "2023-09-28T12:00:00Z";
const POSTS = { usa: "secretary", prc: "minister" } as const;
type Side = keyof typeof POSTS;

beforeAll(async () => {
  const played = await openline(["exercise", "run", "exercises/us-china-2022-2024.yaml", "--dir", dir, "--fresh"]);
  expect([played.code, played.err]).toEqual([0, ""]);
  for (const side of ["usa", "prc"] as const) await startNode(["--dir", join(dir, side), "--clock", AT, "--console", "127.0.0.1:0"]);
});

const signedIn = (side: Side, locale: string, theme: "night" | "day" = "night"): Promise<AtConsole> =>
  atConsole(join(dir, side), POSTS[side], { locale, theme });

const textsOf = async (cards: Locator): Promise<readonly string[]> => (await cards.allInnerTexts()).map((text) => text.trim());

/** The timeline, with the focus on its slider. */
async function timeline(page: Page): Promise<Locator> {
  await page.locator('nav a[href="/history"]').press("Enter");
  const slider = page.getByRole("slider");
  await slider.waitFor();
  await slider.focus();
  return slider;
}

/** Steps until what is shown holds every one of the words; fails at the end of the timeline. */
async function stepTo(page: Page, ...words: readonly string[]): Promise<string> {
  for (let i = 0; i < 120; i++) {
    const text = await page.locator("section.said").innerText();
    if (words.every((word) => text.includes(word))) return text;
    await page.keyboard.press("ArrowRight");
  }
  throw new Error(`no step says ${words.join(", ")}`);
}

/** Runs in the page: 50 steps, each until the screen says the new instant and its layout is done. Milliseconds, rising. */
const STEPS = `(async () => {
  const slider = document.querySelector("input[type=range]");
  const times = [];
  for (let i = 0; i < 50; i++) {
    const before = performance.now();
    const was = slider.getAttribute("aria-valuetext");
    slider.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true }));
    for (let turn = 0; turn < 1000 && slider.getAttribute("aria-valuetext") === was; turn++) await undefined;
    document.body.getBoundingClientRect();
    if (slider.getAttribute("aria-valuetext") !== was) times.push(performance.now() - before);
    await new Promise((next) => requestAnimationFrame(next));
  }
  return times.toSorted((a, b) => a - b);
})()`;

describe.skipIf(chromiumPath === undefined)("both consoles of the exercise line", () => {
  test("show equal cards: three suspended with their ground, three unproven with the days since their last proof, one open", async () => {
    const [ours, theirs] = [await signedIn("usa", "en-GB"), await signedIn("prc", "en-GB")];
    const [cards, others] = [await textsOf(ours.page.locator(".card")), await textsOf(theirs.page.locator(".card"))];
    const withoutClock = (texts: readonly string[]): readonly string[] => texts.map((text) => text.replaceAll(/\d\d:\d\d:\d\dZ?/g, ""));
    expect(withoutClock(cards)).toEqual(withoutClock(others));
    expect(cards).toHaveLength(7);
    const of = (word: string): readonly string[] => cards.filter((text) => text.split("\n").includes(word));
    expect([of("suspended").length, of("unproven").length, of("open").length]).toEqual([3, 3, 1]);
    for (const text of of("suspended")) {
      expect(text).toContain("419 days");
      expect(text).toContain("Ground given: Countermeasure to the visit");
    }
    // Both are in the same case, and neither card leaves one of them out.
    const both = /Last proof: (United States Department of Defense|Ministry of National Defense of China), .*; (United|Ministry)/;
    for (const text of [...of("unproven"), ...of("open")]) expect(text).toMatch(both);
    expect(cards[0]).toContain("Last call request between principals: declined, Ministry of National Defense of China, 5 February 2023.");
    for (const { page } of [ours, theirs]) {
      expect(await page.locator("header .marking").innerText()).toContain("EXERCISE");
      await page.locator('.card[href="/c/thc"]').press("Enter");
      await page.locator("dl.columns").getByText("Countermeasure to the visit").waitFor();
      await page.locator("dl.columns").getByText("针对访问的反制措施").waitFor();
    }
  });

  test.each(["en-GB", "zh-CN"])("put each public sentence under its own reading, and the readings differ, %s", async (locale) => {
    for (const side of ["usa", "prc"] as const) {
      const { page, complaints } = await signedIn(side, locale);
      await page.locator('.card[href="/c/dtl"]').press("Enter");
      await page.locator("[data-reading=contact] .claims li").waitFor();
      const under = (reading: string): Promise<string> => page.locator(`[data-reading=${reading}]`).innerText();
      expect(await under("contact")).toContain("Military exchanges have not been interrupted");
      expect(await under("contact")).toContain("两军交往没有中断");
      expect(await under("principals")).toContain("Clear and consistent channels between high-level officials");
      expect(await under("agreed-channels")).not.toMatch(/Military exchanges|Clear and consistent/);
      const results = locale === "en-GB" ? ["supported", "contradicted", "contradicted"] : ["有依据支持", "与记录相抵触", "与记录相抵触"];
      expect(await page.locator(".readings > div > dd > strong").allInnerTexts()).toEqual(results);
      expect(await axeFindings(page)).toEqual([]);
      expect(complaints).toEqual([]);
    }
  });

  const both = [
    ["usa", "en-GB", "night"],
    ["prc", "zh-CN", "day"],
  ] as const;
  const others = [
    ["usa", "zh-CN", "night"],
    ["prc", "en-GB", "day"],
  ] as const;
  test.each(process.env["OPENLINE_PICTURES"] === undefined ? both : [...both, ...others])(
    "step through 2022 to 2024 by keyboard, %s, %s, %s",
    async (side, locale, theme) => {
      const { page, complaints } = await signedIn(side, locale, theme);
      const slider = await timeline(page);
      expect(await slider.getAttribute("aria-valuetext")).toMatch(/^2812\d\dZ SEP 23$/);
      expect(await page.locator(".card .state.suspended").count()).toBe(3);
      await picture(page, `timeline-${locale}-${theme}`);
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press("Home");
      expect(await slider.getAttribute("aria-valuetext")).toContain("JUN 22");
      expect(await page.locator(".card .state.suspended").count()).toBe(0);
      await stepTo(page, "针对访问的反制措施");
      expect(await page.locator(".card .state.suspended").count()).toBe(3);
      await stepTo(page, "surveillance balloon");
      await stepTo(page, "民用气象飞艇");
      expect(await page.locator(".incidents [data-party=usa]").innerText()).toContain("surveillance balloon");
      expect(await page.locator(".incidents [data-party=usa]").innerText()).not.toContain("民用气象飞艇");
      expect(await page.locator(".incidents [data-party=prc]").innerText()).toContain("民用气象飞艇");
      expect(await page.locator(".incidents dl > div").first().getAttribute("data-party")).toBe(side);
      await picture(page, `timeline-airship-${locale}-${theme}`);
      await stepTo(page, "No proper atmosphere for dialogue", "没有为对话创造应有氛围");
      await stepTo(page, "Fiji");
      await stepTo(page, "Leaders agree to resume.");
      expect(await page.locator(".card .state.suspended").count()).toBe(0);
      await page.keyboard.press("PageDown");
      expect(await page.locator(".card .state.suspended").count()).toBe(3);
      await page.keyboard.press("End");
      expect(await page.locator("[data-channel=thc] .state.open").count()).toBe(1);
      expect(await axeFindings(page)).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  test("the table says what the picture shows, leads to each instant, and as known then is another question", async () => {
    const { page } = await signedIn("usa", "en-GB");
    const slider = await timeline(page);
    const row = page.locator("table.steps tr", { hasText: "civilian weather airship" });
    await row.getByRole("button").focus();
    await page.keyboard.press("Enter");
    expect(await slider.getAttribute("aria-valuetext")).toBe("031200Z FEB 23");
    expect(await row.getAttribute("aria-current")).toBe("step");
    const shownNow = await textsOf(page.locator(".card"));
    await page.getByRole("button", { name: "As known then" }).press("Enter");
    await page.locator('[aria-pressed=true]:text-is("As known then")').waitFor();
    await row.waitFor();
    // Nothing came late in this record: what could be known then is what is known now.
    expect(await textsOf(page.locator(".card"))).toEqual(shownNow);
  });

  test("every step over three years is drawn, and how long it took is told", async () => {
    const { page } = await signedIn("usa", "en-GB");
    await timeline(page);
    await page.keyboard.press("Home");
    const took = await page.evaluate<number[]>(STEPS);
    console.log(`slider step: median ${took[took.length >> 1]?.toFixed(1)} ms, longest ${took.at(-1)?.toFixed(1)} ms`);
    expect(took.length).toBeGreaterThan(30);
  });
});
