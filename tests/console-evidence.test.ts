import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { axeFindings, chromiumPath, openProfile } from "./support/browser.ts";
import { type AtConsole, atConsole, pressUntil } from "./support/console.ts";
import { openline, startNode, workFolder } from "./support/openline.ts";

/** What a console saves, checked by the page that it saves beside it: from disk, with the network off. */
const dir = workFolder();
const verifier = join(dir, "verifier.html");
const AT = "2023-09-28T12:00:00Z";

beforeAll(async () => {
  const played = await openline(["exercise", "run", "exercises/us-china-2022-2024.yaml", "--dir", dir, "--fresh"]);
  expect([played.code, played.err]).toEqual([0, ""]);
  await startNode(["--dir", join(dir, "usa"), "--clock", AT, "--console", "127.0.0.1:0"]);
  // It goes on in an incarnation of its own, and what it was called before has another name from then on.
  const status = () => openline(["status", "--dir", join(dir, "usa"), "--at", AT, "--json"]);
  while (!(await status()).out.includes("usa@"));
}, 60_000);

const signedIn = (locale: string): Promise<AtConsole> => atConsole(join(dir, "usa"), "secretary", { locale, acceptDownloads: true });

/** Presses what has the focus and keeps the file that comes. */
async function saved(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  const file = join(dir, name);
  await download.saveAs(file);
  return file;
}

/** What the verifier page says of a pack, in a fresh profile without network. */
async function verdictOn(file: string, locale = "en-GB"): Promise<string> {
  const { context } = await openProfile({ locale });
  await context.setOffline(true);
  const page = await context.newPage();
  await page.goto(pathToFileURL(verifier).href);
  await page.setInputFiles("input[name=pack]", file);
  await page.locator(".verdict").waitFor();
  const text = await page.locator("main").innerText();
  await context.close();
  return text;
}

describe.skipIf(chromiumPath === undefined)("evidence saved at a console", () => {
  test("of a channel: what proves its state verifies offline; with one byte changed the entry is named, and what is not proven", async () => {
    const { page, complaints } = await signedIn("en-GB");
    await page.locator('.card[href="/c/thc"]').press("Enter");
    await page.locator(".evidence a").focus();
    expect(readFileSync(await saved(page, "verifier.html"))).toEqual(readFileSync("packages/verify/dist/verifier.html"));
    await page.locator(".evidence button").focus();
    const pack = await saved(page, "thc.pack");
    await page.getByText("Saved as openline-").waitFor();
    expect(await axeFindings(page)).toEqual([]);

    const good = await verdictOn(pack);
    expect(good).toContain("verified: every byte of this pack is bound to the logs it names (EXERCISE");
    expect(good).toContain("Countermeasure to the visit");
    expect(await verdictOn(pack, "zh-CN")).toContain("针对访问的反制措施");

    const bytes = readFileSync(pack);
    const inWords = bytes.indexOf("Countermeasure to the visit");
    expect(inWords).toBeGreaterThan(0);
    bytes[inWords] = (bytes[inWords] ?? 0) ^ 1;
    const changed = join(dir, "changed.pack");
    writeFileSync(changed, bytes);
    const bad = await verdictOn(changed);
    expect(bad).toContain("NOT verified");
    expect(bad).toMatch(/first bad: disclosures \(entry prc(@[0-9a-f]{16})?\/[0-9]+\)/);
    expect(bad).toContain("What is not proven");
    expect(bad).not.toContain("verified: every byte");
    expect(complaints).toEqual([]);
  });

  test("of a message, in Chinese, by keyboard alone; a node that is gone makes none, and the console says so", async () => {
    const { page } = await signedIn("zh-CN");
    await page.locator('.card[href="/c/dtl"]').press("Enter");
    const save = page.locator(".message .evidence button");
    await pressUntil(page, "Enter", { on: page.locator(".proof a").first(), comes: save });
    await save.focus();
    expect(await verdictOn(await saved(page, "one.pack"))).toContain("verified: every byte of this pack");
    await page.context().setOffline(true);
    await page.locator(".message .evidence button").press("Enter");
    await page.getByText("未保存").waitFor();
  });
});
