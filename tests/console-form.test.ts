import { beforeAll, describe, expect, test } from "vitest";
import { axeFindings, chromiumPath } from "./support/browser.ts";
import { goTo, pictures } from "./support/console.ts";
import type { LiveLine } from "./support/live-line.ts";
import { workFolder } from "./support/openline.ts";
import { ask, seat, twoWatches } from "./support/two-watches.ts";

/** A notification of live training, written at one console in English and read at the other in Chinese, with the same finding on both sides. */
const dir = workFolder();
let line: LiveLine;

beforeAll(async () => {
  ({ line } = await twoWatches(dir));
}, 120_000);

const hidden = "A \u202e trick";

describe.skipIf(chromiumPath === undefined)("a form", () => {
  test("shows what is missing before it is sent, and the other side the same afterwards, in its own language", async () => {
    const blue = await seat(line, "north", { locale: "en-GB", theme: "night" });
    const green = await seat(line, "south", { locale: "zh-CN", theme: "day" });
    const { page } = blue;
    await page.keyboard.press("f");
    await page.locator(".form select").first().selectOption("live-training-short-notice");
    const finding = page.getByLabel("What both sides will find");
    expect(await finding.locator("li").count()).toBe(4);
    await page.getByLabel("Unit or ship").fill("task group");
    await page.getByLabel("Activity", { exact: true }).selectOption("carrier-flight-training");
    await page.getByLabel("Start").fill("tomorrow");
    await page
      .getByText(/Not as the form says/)
      .first()
      .waitFor();
    await page.getByLabel("Start").fill("2026-12-06T06:00:00Z");
    await page.getByLabel("Duration").fill("PT6H");
    await page.getByLabel("Number of aircraft (required for safety)").fill("12");
    await page.getByLabel("Fighter", { exact: true }).check();
    await page.getByLabel("Remarks").fill("Weather permitting.");
    expect(await finding.locator("li").allTextContents()).toEqual(["Area with limits and heights", "NOTAM or navigation warning number"]);
    await finding.getByText("incomplete; it is sent all the same").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await pictures(page, "form", true);
    await page.getByLabel("Remarks").fill(hidden);

    // Through a reload, and another screen, nothing is lost.
    await page.keyboard.press("Escape");
    await page.keyboard.press("w");
    await page.locator(".card").first().waitFor();
    await page.keyboard.press("f");
    expect(await page.getByLabel("Number of aircraft (required for safety)").inputValue()).toBe("12");

    await page.getByLabel("Precedence").selectOption("IMMEDIATE");
    await page.keyboard.press("Control+Enter");
    await page.locator(".told", { hasText: "Placed, Live training at short notice" }).waitFor();
    const place = /north:(\d+)/.exec((await page.locator(".send .told").textContent()) ?? "")?.[0] ?? "";
    expect(await page.getByLabel("Unit or ship").inputValue()).toBe("");

    await green.page.locator(".alarm").waitFor();
    // The bar says what the form is and how it begins, in the reader's language.
    await green.page.locator(".alarm-words", { hasText: "活动内容：航母舰载机飞行训练" }).waitFor();
    await goTo(green.page, `/m/${place}`);
    const read = green.page.locator("main");
    await read.getByText("活动内容：航母舰载机飞行训练").waitFor();
    await read.getByText("航空器类型：战斗机").waitFor();
    expect(await read.innerText()).toContain("⟦U+202E⟧");
    const theirs = green.page.getByLabel("双方得出的完整性结论");
    expect(await theirs.locator("li").allTextContents()).toEqual(["区域范围和高度", "航行通告或航行警告编号"]);
    expect(await axeFindings(green.page)).toEqual([]);
    await pictures(green.page, "form-read", true);
    await goTo(page, `/m/${place}`);
    await page.getByLabel("What both sides find").locator("li").nth(1).waitFor();
    // What has changed is said by an update: it stands over what was said, on both sides, and the rest stays.
    await page.getByRole("link", { name: "Update this notification" }).press("Enter");
    await page.getByText("Now: 12", { exact: true }).waitFor();
    await page.getByText("Now: A ⟦U+202E⟧ trick").waitFor();
    const missing = page.getByLabel("What both sides will find").locator("li");
    expect(await missing.count()).toBe(2);
    await page.getByLabel("Area with limits and heights (required for safety)").fill("124.9, 37.1 radius 5000");
    await page.getByLabel("Number of aircraft (required for safety)").fill("several");
    await page.getByText("Not as the form says: a whole number, 0 or more, expected").waitFor();
    await page.getByLabel("Number of aircraft (required for safety)").fill("9");
    expect(await missing.allTextContents()).toEqual(["NOTAM or navigation warning number"]);
    expect(await axeFindings(page)).toEqual([]);
    await pictures(page, "update", true);
    await page.keyboard.press("Control+Enter");
    await page.locator(".told", { hasText: "Placed, update of Live training at short notice" }).waitFor();
    await green.page.getByText("更新后的内容").waitFor();
    await read.getByText("航空器数量：9").waitFor();
    await read.getByText("航空器数量：12").waitFor();
    expect(await theirs.locator("li").allTextContents()).toEqual(["航行通告或航行警告编号"]);
    expect(await axeFindings(green.page)).toEqual([]);
    await pictures(green.page, "update-read", true);
    expect(await green.page.getByRole("link", { name: "更新此通报" }).count()).toBe(0);
    // By command it is the same act, and the same finding.
    const fields = ["unit=task group", "aircraft-type=fighter", "aircraft-type=tanker", "area=124.9, 37.1 radius 5000"];
    const notice = ["notify", "--channel", "hotline", "--form", "live-training-short-notice", "--key", line.watchKey("south")];
    const sent = await ask<{ log: string; index: number }>(
      line.folder("south"),
      ...notice,
      ...fields.flatMap((field) => ["--field", field]),
    );
    const shown = await ask<{ body: unknown; completeness: unknown }>(line.folder("south"), "show", `${sent.log}/${sent.index}`);
    expect(shown).toMatchObject({
      body: {
        fields: { unit: "task group", "aircraft-type": ["fighter", "tanker"], area: { centre: ["124.9", "37.1"], radius: "5000" } },
      },
      completeness: { status: "incomplete", missing: ["aircraft-count", "navigation-warning"] },
    });
    await goTo(green.page, "/form");
    await green.page.locator(".form select").first().selectOption("live-training-short-notice");
    await green.page.getByLabel("开始时间").fill("明天");
    await green.page.getByText("与表格要求不符：应为协调世界时时间，且该日期须存在").waitFor();
    await green.page.getByText("开始时间：应为协调世界时时间，且该日期须存在").waitFor();
    expect(await axeFindings(green.page)).toEqual([]);
    await pictures(green.page, "form-wrong", true);
    expect([...blue.complaints, ...green.complaints]).toEqual([]);
  }, 180_000);
});
