import type { Browser, Page } from "playwright-core";
import type { Party } from "./started.ts";

/** `bench.see(id, is)` begins to look for something; `bench.seen(id)` resolves with the time at which it was first painted, milliseconds
 *  since 1970 by the clock that all pages of this machine share. The page's policy lets no text become script later than this. */
const WATCHING = `{
  const now = () => performance.timeOrigin + performance.now();
  const afterPaint = (done) => requestAnimationFrame(() => setTimeout(done));
  const looked = new Map();
  const look = () => {
    for (const one of looked.values()) {
      if (one.found || !one.is()) continue;
      one.found = true;
      afterPaint(() => one.resolve(now()));
    }
  };
  globalThis.bench = {
    pressed: 0,
    step: 0,
    see(id, is) {
      const { promise, resolve } = Promise.withResolvers();
      looked.set(id, { is, resolve, promise, found: false });
      look();
    },
    seen: (id) => Promise.race([looked.get(id).promise, new Promise((_, reject) => setTimeout(() => reject(new Error(id + " was not seen")), 30_000))]),
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  addEventListener("keydown", () => {
    bench.pressed = now();
    afterPaint(() => { bench.step = now() - bench.pressed; });
  }, true);
  bench.see("alarm", () => Boolean(document.querySelector(".alarm-words")?.textContent));
}`;

/** A console of a party, signed in and given its post, in a profile of its own. */
export async function consoleOf(browser: Browser, party: Party): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: "en-GB" });
  await context.addInitScript(WATCHING);
  const page = await context.newPage();
  const link = new URL(party.signIn[0]?.url ?? "");
  link.searchParams.set("language", "en");
  await page.goto(link.href);
  await page.locator(".card .state strong").first().waitFor();
  await page.locator(".key-line", { hasText: "Signs for" }).waitFor();
  return page;
}

/** Goes to another screen as a link in the page does. */
export const goTo = (page: Page, path: string): Promise<void> =>
  page.evaluate(`history.pushState(null, "", ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent("popstate"))`);

/** When what `bench.see(id, …)` looks for was painted. */
export const seenAt = (page: Page, id: string): Promise<number> => page.evaluate<number>(`bench.seen(${JSON.stringify(id)})`);
