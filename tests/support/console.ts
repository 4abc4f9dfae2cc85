import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { openlineHere } from "../../packages/cli/test/run-here.ts";
import { openProfile } from "./browser.ts";

/** As wide and high as the oldest screen of a watch. */
export const VIEW = { width: 1366, height: 768 } as const;

const STATES = /\/api\/v1\/lines\/[^/]+\/states/;

export interface AtConsole {
  readonly page: Page;
  /** What the page reported against its policy, and every error of its script. */
  readonly complaints: string[];
}

/** Keeps what a page sounds: the tones that it starts, Hz. */
export const HEARD = `(() => {
  const { start } = OscillatorNode.prototype;
  globalThis.heard = [];
  OscillatorNode.prototype.start = function (...when) {
    heard.push(Math.round(this.frequency.value));
    return start.apply(this, when);
  };
})()`;

/** A link by which one person signs in for a post at the console of the node that runs in `dir`. */
export async function signInLink(dir: string, post: string): Promise<string> {
  const { code, out, err } = await openlineHere(["sign-in", "--dir", dir, "--post", post, "--json"]);
  expect([code, err]).toEqual([0, ""]);
  return (JSON.parse(out) as { url: string }).url;
}

/** Somebody at a console, in a profile of their own. Resolves when the states are there. */
export async function atConsole(
  dir: string,
  post: string,
  options: Parameters<typeof openProfile>[0] & { readonly theme?: "night" | "day" } = {},
): Promise<AtConsole> {
  const { theme = "night", ...profile } = options;
  const { context, complaints } = await openProfile({ viewport: VIEW, locale: "en-GB", ...profile });
  const page = await context.newPage();
  // Playwright asks a page with the gesture of a person, which lets it sound. The page asks for states once its screens and its sound
  // stand; before that nothing is asked of it.
  const states = page.waitForResponse((response) => STATES.test(response.url()), { timeout: 60_000 });
  await page.goto(await signInLink(dir, post));
  await states;
  await page.locator(".card .state strong").first().waitFor();
  // By the keyboard: the first gesture of a pointer lets the page sound, and what says so moves what it points at.
  if (theme === "day") await page.getByRole("group").first().getByRole("button").nth(1).press("Enter");
  return { page, complaints };
}

/** Presses a key as somebody does who sees that nothing has come of it: what has only just appeared takes no key yet. `on`: what has the focus. */
export async function pressUntil(
  page: Page,
  key: string,
  { comes, on }: { readonly comes: Locator; readonly on?: Locator },
): Promise<void> {
  for (let round = 0; round < 40 && !(await comes.isVisible()); round++) {
    if (on === undefined) await page.keyboard.press(key);
    else if (await on.isVisible()) await on.press(key, { timeout: 1000 }).catch(() => undefined);
    await comes.waitFor({ timeout: 300 }).catch(() => undefined);
  }
  await comes.waitFor({ timeout: 5000 });
}

/** Goes to another screen as a link in the page does. */
export const goTo = (page: Page, path: string): Promise<void> =>
  page.evaluate(`history.pushState(null, "", ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent("popstate"))`);

const folder = process.env["OPENLINE_PICTURES"];

/** Keeps a picture of the page where OPENLINE_PICTURES names a folder. */
export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}

/** The same in both languages, night and day, as `NAME-LANGUAGE-THEME`; the page is left as it was found. */
export async function pictures(page: Page, name: string, fullPage = false): Promise<void> {
  if (folder === undefined) return;
  const pressed = page.locator(".choices [role=group] button[aria-pressed=true]");
  const before = await pressed.evaluateAll((buttons) => buttons.map((button) => button.textContent));
  for (const language of [0, 1])
    for (const theme of [0, 1]) {
      await choose(page, [theme, language]);
      const html = page.locator("html");
      const as = `${(await html.getAttribute("lang"))?.slice(0, 2)}-${await html.getAttribute("data-theme")}`;
      await picture(page, `${name}-${as}`, fullPage);
    }
  const all = await page.locator(".choices [role=group] button").allTextContents();
  for (const text of before)
    await choices(page)
      .nth(all.indexOf(text ?? ""))
      .dispatchEvent("click");
}

const choices = (page: Page) => page.locator("header .choices [role=group] button");
/** Without taking the focus. */
async function choose(page: Page, [theme, language]: readonly [theme: number, language: number]): Promise<void> {
  await choices(page).nth(theme).dispatchEvent("click");
  await choices(page)
    .nth(2 + language)
    .dispatchEvent("click");
}
