import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { axeFindings, chromiumPath } from "./support/browser.ts";
import { atConsole, picture, pictures } from "./support/console.ts";
import { openline, startNode, workFolder } from "./support/openline.ts";

/** A console that is loaded while its node is gone: the browser keeps the shell and nothing else. */
const dir = workFolder();

beforeAll(async () => {
  const played = await openline(["exercise", "run", "exercises/notice-2025-12-06.yaml", "--dir", dir, "--fresh"]);
  expect([played.code, played.err]).toEqual([0, ""]);
  writeFileSync(join(dir, "jpn", "telephones.yaml"), TELEPHONES);
});

const TELEPHONES = `
- who: { en: "Their duty officer", zh: "对方值班员" }
  number: "+86 10 5550 0100"
  note: { en: "any hour" }
- who: { en: "Keeper of \u202e our node" }
  number: "ext. 4410"
`;

describe.skipIf(chromiumPath === undefined)("a console whose node is gone", () => {
  test("loads, says since when and that alarms cannot arrive, shows nothing of the line, and finds the node again", async () => {
    const up = (port: number, clock: string) => startNode(["--dir", join(dir, "jpn"), "--clock", clock, "--console", `127.0.0.1:${port}`]);
    const node = await up(0, "2025-12-06T09:00:00Z");
    const { page, complaints } = await atConsole(join(dir, "jpn"), "duty-officer");
    await page.locator(".card .state.unanswered").first().waitFor();
    // The shell is kept once the worker has the page and each of its scripts.
    await page.waitForFunction(`caches.match("/").then(async (found) => {
      const names = performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.includes("/assets/"));
      const kept = await Promise.all(names.map((name) => caches.match(name)));
      return found !== undefined && names.length > 2 && !kept.includes(undefined);
    })`);
    const keptUrls = await page.evaluate<string[]>(
      `caches.open("openline-shell").then((cache) => cache.keys()).then((keys) => keys.map(({ url }) => new URL(url).pathname))`,
    );
    for (const path of keptUrls) expect(path).toMatch(/^\/$|^\/assets\//);
    expect(complaints).toEqual([]);
    // In the middle of a sentence, without leaving it.
    await page.keyboard.press("n");
    await page.locator("textarea").first().fill("Half a");
    await page.keyboard.press("F9");
    await page.locator("dialog", { hasText: "+86 10 5550 0100" }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await pictures(page, "telephones");
    await page.keyboard.press("Escape");
    expect(await page.locator("dialog").count()).toBe(0);
    await page.keyboard.type(" sentence");
    expect(await page.locator("textarea").first().inputValue()).toBe("Half a sentence");
    const listed = await openline(["telephones", "--dir", join(dir, "jpn"), "--language", "zh"]);
    expect([listed.code, listed.out]).toEqual([0, "+86 10 5550 0100  对方值班员  any hour\next. 4410  Keeper of ⟦U+202E⟧ our node\n"]);

    const port = Number(new URL(page.url()).port);
    await node.stop();
    await page.reload();
    await page.getByText(/cannot reach its node since \d{6}Z DEC 25; alarms cannot arrive/).waitFor();
    expect(await page.locator("main").innerText()).not.toMatch(/unanswered|open|Hotline/);
    expect(await axeFindings(page)).toEqual([]);
    // The kept page has the node's policy still: nothing that is no file of it runs.
    const ran = await page.evaluate<boolean>(
      `(() => { try { document.body.innerHTML = "<b>x</b>"; return true; } catch { return false; } })()`,
    );
    expect(ran).toBe(false);

    // Whom to call now is there by one key, and what was hidden in it is seen.
    await page.keyboard.press("F9");
    await page.locator("dialog", { hasText: "+86 10 5550 0100" }).waitFor();
    expect(await page.locator("dialog").innerText()).toContain("Keeper of ⟦U+202E⟧ our node");
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "telephones-lost-night");
    await page.keyboard.press("F9");
    expect(await page.locator("dialog").count()).toBe(0);

    // Two days later by the line's clock, seconds later by that of the machine, which is the one of shifts.
    await up(port, "2025-12-08T09:00:00Z");
    await page.locator("textarea").first().waitFor({ timeout: 15_000 });
    await expect.poll(() => page.locator("textarea").first().inputValue()).toBe("Half a sentence");
    const other = await atConsole(join(dir, "jpn"), "duty-officer", { locale: "zh-CN", theme: "day" });
    await other.page.keyboard.press("F9");
    await other.page.locator("dialog", { hasText: "对方值班员" }).waitFor();
    expect(await axeFindings(other.page)).toEqual([]);
    await picture(other.page, "telephones-zh-day");
  });
});
