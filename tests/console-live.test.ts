import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openlineHere } from "../packages/cli/test/run-here.ts";
import { axeFindings, chromiumPath } from "./support/browser.ts";
import { type AtConsole, HEARD, atConsole, picture } from "./support/console.ts";
import { type LiveLine, liveLine } from "./support/live-line.ts";
import { startNode, workFolder } from "./support/openline.ts";

/** What a watch sees arrive: two processes over TLS on a live line, and the console of the one that is spoken to. */
const dir = workFolder();
/** Text that would do something if it were anything but text. */
const HOSTILE = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script> javascript:alert(1)`;
let line: LiveLine;

interface Placed {
  readonly log: string;
  readonly index: number;
}

beforeAll(async () => {
  line = await liveLine(dir);
  writeFileSync(join(line.folder("south"), "bearers.yaml"), "listen: 127.0.0.1:0\n");
  const south = await startNode(["--dir", line.folder("south"), "--console", "127.0.0.1:0"]);
  const port = Number(/port (\d+)/.exec(south.printed())?.[1]);
  writeFileSync(join(line.folder("north"), "bearers.yaml"), `dial: ["127.0.0.1:${port}"]\n`);
  await startNode(["--dir", line.folder("north")]);
}, 120_000);

async function ask<T>(...args: readonly string[]): Promise<T> {
  const ran = await openlineHere([...args, "--json"]);
  expect([args[0], ran.code, ran.err]).toEqual([args[0], 0, ""]);
  return JSON.parse(ran.out) as T;
}
const say = (party: string, ...args: readonly string[]): Promise<Placed> =>
  ask(...args, "--dir", line.folder(party), "--key", line.watchKey(party));

const consoleOf = (locale: string): Promise<AtConsole> => atConsole(line.folder("south"), "duty-officer", { locale });

describe.skipIf(chromiumPath === undefined)("a console on a live line", () => {
  test("a FLASH arrives without a reload, as text and nothing else; its acknowledgement ends the alarm and stands in its track", async () => {
    const { page, complaints } = await consoleOf("en-GB");
    expect(await page.locator(".marking.live").textContent()).toContain("LIVE LINE");
    expect(await page.locator(".alarm").count()).toBe(0);
    const lamp = page.locator(".sound .lamp");
    const heard = (): Promise<number[]> => page.evaluate<number[]>("heard.splice(0)");
    // Until somebody has touched a key the browser lets nothing sound, and the page says so.
    expect(await lamp.textContent()).toBe("Sound blocked by this browser: press any key");
    await picture(page, "sound-blocked-night");
    await page.keyboard.press("Control");
    await page.locator(".sound .lamp.live", { hasText: /^Sound on$/ }).waitFor();
    await page.evaluate(HEARD);
    await page.getByRole("button", { name: "Sound check" }).press("Enter");
    expect(await heard()).toEqual([880]);
    const theme = page.getByRole("button", { name: "Day" });
    await theme.focus();

    const placed = await say("north", "send", "--channel", "hotline", "--precedence", "FLASH", "--text", HOSTILE);
    await page.locator(".alarm").waitFor();
    await page.locator(".sound .lamp", { hasText: "Sounding" }).waitFor();
    expect((await heard()).slice(0, 3)).toEqual([660, 880, 1175]);
    // What arrives takes no focus from anything.
    expect(await theme.and(page.locator(":focus")).count()).toBe(1);
    expect(await page.locator(".alarm-words").textContent()).toBe(HOSTILE);
    expect(await page.locator(".debts h2").allTextContents()).toEqual(["Owed by us: 1", "Owed by them: 0"]);
    await page.locator(".debt-row").press("Enter");
    await page.locator(".message .track").waitFor();
    expect(await page.locator(".message .written").first().textContent()).toBe(HOSTILE);
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "watch-flash-night");
    await theme.press("Enter");
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "watch-flash-day");

    const acknowledged = await say("south", "acknowledge", `${placed.log}/${placed.index}`);
    await page.locator(".alarm").waitFor({ state: "detached" });
    await page.locator(".sound .lamp", { hasText: /^Sound on$/ }).waitFor();
    // It has sounded again every 5 s until then, always all of it.
    expect((await heard()).length % 3).toBe(0);
    await page.locator(".track", { hasText: `${acknowledged.log}:${acknowledged.index}` }).waitFor();
    expect(await page.title()).toBe("Openline");
    expect(complaints).toEqual([]);
  });

  test("in Chinese the alarm says the same, and the code letter stands beside the local word", async () => {
    const { page, complaints } = await consoleOf("zh-CN");
    await page.keyboard.press("Control");
    await page.evaluate(HEARD);
    await page.getByRole("button", { name: "静音10分钟" }).press("Enter");
    await page.locator(".sound .lamp", { hasText: /^静音至/ }).waitFor();
    await say("north", "send", "--channel", "hotline", "--precedence", "IMMEDIATE", "--text", "Second.");
    await page.locator(".alarm").waitFor();
    const heard = (): Promise<number[]> => page.evaluate<number[]>("heard.splice(0)");
    expect(await heard()).toEqual([]);
    await picture(page, "sound-muted-zh");
    // Whoever ends the quiet hears what stands.
    await page.getByRole("button", { name: "取消静音" }).press("Enter");
    await page.locator(".sound .lamp", { hasText: "正在鸣响" }).waitFor();
    expect(await heard()).toEqual([880, 660]);
    expect(await page.locator(".alarm-head").textContent()).toMatch(/O级|（O）|\(O\)/);
    expect(await page.locator(".alarm").getAttribute("aria-label")).toBe("尚未确认");
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "watch-immediate-zh");
    expect(complaints).toEqual([]);
  });
});
