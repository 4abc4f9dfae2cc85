import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { axeFindings, chromiumPath } from "./support/browser.ts";
import { pictures } from "./support/console.ts";
import type { LiveLine } from "./support/live-line.ts";
import { type RunningNode, workFolder } from "./support/openline.ts";
import { ask, seat, twoWatches } from "./support/two-watches.ts";

/** F8 between two watches: each end of a call is a finding of its own, and rests on what somebody signed. */
const dir = workFolder();
let line: LiveLine;
let south: RunningNode;

beforeAll(async () => {
  ({ line, south } = await twoWatches(dir));
}, 120_000);

/** Pressed once it has stood for long enough to be meant. */
async function pressUntil(page: Page, key: string, gone: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.keyboard.press(key);
        return page.getByText(gone).count();
      },
      { timeout: 15_000, interval: 300 },
    )
    .toBe(0);
}

const kinds = async (party: string): Promise<readonly string[]> => {
  const entries = await ask<readonly { kind: string }[]>(line.folder(party), "show");
  return entries
    .map(({ kind }) => kind)
    .filter((kind) => /^(call|ring|withdraw)/.test(kind))
    .toSorted();
};

describe.skipIf(chromiumPath === undefined)("a call", () => {
  test("is answered, declined, rings unanswered, and gets no answer from a node that is gone", async () => {
    const blue = await seat(line, "north", { locale: "en-GB", theme: "night" });
    const green = await seat(line, "south", { locale: "zh-CN", theme: "day" });
    const own = blue.page.locator(".call");
    const call = async (): Promise<void> => {
      await blue.page.keyboard.press("F8");
      await own.waitFor();
    };

    // No channel is chosen: nothing is signed.
    await blue.page.keyboard.press("F8");
    await blue.page.getByText("Choose a channel (j, k), then F8.").waitFor();
    await blue.page.keyboard.press("Alt+1");
    await blue.page.getByRole("button", { name: "Call (F8)" }).waitFor();
    // Green writes: the call changes neither focus nor text.
    await green.page.keyboard.press("n");
    const text = green.page.locator("textarea").first();
    await text.fill("半");

    await call();
    await own.getByText(/Their node has rung at \d\d:\d\d:\d\dZ\./).waitFor();
    await green.page.getByText(/正在呼叫：Ministry of north，Duty officer/).waitFor();
    await green.page.keyboard.type("句");
    expect(await text.inputValue()).toBe("半句");
    for (const { page } of [blue, green]) expect(await axeFindings(page)).toEqual([]);
    await Promise.all([pictures(blue.page, "call-out"), pictures(green.page, "call-in")]);
    await pressUntil(green.page, "F8", "正在呼叫");
    await own.getByText(/Answered at .* by an officer/).waitFor();
    await pictures(blue.page, "call-answered");
    await own.getByRole("button", { name: "Put away" }).press("Enter");
    const said = ["call-accept", "call-request", "ring-answer"];
    expect([await kinds("north"), await kinds("south")]).toEqual([said, said]);

    await call();
    await green.page.getByText(/正在呼叫/).waitFor();
    await green.page.getByLabel("理由").fill("值班员正在另一电话上。");
    await green.page.getByRole("button", { name: "拒接" }).press("Enter");
    await own.getByText(/Declined at/).waitFor();
    await own.getByRole("button", { name: "Put away" }).press("Enter");

    await call();
    await green.page.getByText(/正在呼叫/).waitFor();
    await own.getByRole("button", { name: "Hang up" }).press("Enter");
    await green.page.getByText(/正在呼叫/).waitFor({ state: "detached" });

    // Nobody is at Green's console.
    await call();
    await own.getByText(/Rang, not answered: their node signed/).waitFor({ timeout: 45_000 });
    await own.getByRole("button", { name: "Put away" }).press("Enter");

    await south.stop();
    await call();
    await own.getByText("Their node has signed nothing of it yet.").waitFor();
    await own
      .getByText("No answer from their node: it has signed nothing of this call. This proves no refusal.")
      .waitFor({ timeout: 45_000 });
    expect(await axeFindings(blue.page)).toEqual([]);
    await pictures(blue.page, "call-no-answer");
    expect(blue.complaints).toEqual([]);
  }, 170_000);
});
