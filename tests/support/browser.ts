import axe from "axe-core";
import { afterAll, onTestFinished } from "vitest";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";

/** Undefined: tests that need one are skipped, and the count of skipped tests says so. */
export { chromiumPath } from "./chromium.ts";

let browser: Promise<Browser> | undefined;
afterAll(async () => {
  await (await browser)?.close();
});

/** A new, empty profile for the test that runs. It is closed with it: a console that stays open goes on asking its node and drawing what it
 *  says, and the next test is the slower for it. What the page reports against its policy, and every error of its script, is in `complaints`. */
export async function openProfile(
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<{ readonly context: BrowserContext; readonly complaints: string[] }> {
  browser ??= launchChromium();
  const context = await (await browser).newContext(options);
  onTestFinished(() => context.close());
  const complaints: string[] = [];
  context.on("page", (page) => {
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" || message.text().includes("Content Security Policy")) complaints.push(message.text());
    });
  });
  return { context, complaints };
}

/** What axe finds wrong on the page as it stands, one line each. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: here } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await here.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}
