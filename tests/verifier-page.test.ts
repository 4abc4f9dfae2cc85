import { cpSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { axeFindings, chromiumPath, openProfile } from "./support/browser.ts";
import { openline, workFolder } from "./support/openline.ts";

/** The page as a stranger gets it: one file, opened from disk, with the network off. */
const dir = workFolder();
const html = join(dir, "verifier.html");
const record = join(dir, "record");
const pack = join(dir, "chn.pack");

const mustRun = async (...args: readonly string[]): Promise<void> => {
  const { code, err } = await openline(args);
  expect(err).toBe("");
  expect(code).toBe(0);
};

beforeAll(async () => {
  await mustRun("exercise", "run", "exercises/notice-2025-12-06.yaml", "--dir", join(dir, "lines"));
  await mustRun("record", "export", "--dir", join(dir, "lines", "chn"), record);
  await mustRun("evidence", "make", "--dir", join(dir, "lines", "chn"), "--entry", "chn/3", "-o", pack);
  await mustRun("verifier", "-o", html);
}, 120_000);

const open: BrowserContext[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((context) => context.close()));
});

async function pageFor(
  options: Parameters<typeof openProfile>[0] = {},
): Promise<{ page: Page; complaints: readonly string[]; asked: string[] }> {
  const { context, complaints } = await openProfile({ locale: "en-GB", ...options });
  open.push(context);
  await context.setOffline(true);
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(html).href);
  return { page, complaints, asked };
}

async function check(page: Page, input: "pack" | "folder", path: string): Promise<string> {
  await page.setInputFiles(`input[name=${input}]`, path);
  await page.locator(".verdict").waitFor();
  return page.locator("main").innerText();
}

describe.skipIf(chromiumPath === undefined)("the verifier page", () => {
  test("verifies a pack and says what it does not prove", async () => {
    const { page, complaints, asked } = await pageFor();
    const text = await check(page, "pack", pack);
    expect(text).toContain("verified: every byte of this pack is bound to the logs it names (EXERCISE");
    expect(text).toContain("that two commitments are two people");
    expect(text).toContain("that the root keys are those of the parties named");
    const { out } = await openline(["evidence", "verify", pack]);
    expect(text).toContain(/^ceremony, 80 digits: (?:\d{5} ?){16}$/m.exec(out)?.[0]);
    expect(text).toContain("entry chn/3:");
    expect(complaints).toEqual([]);
    expect(asked.filter((url) => !url.startsWith("file:") && !url.startsWith("blob:file") && !url.startsWith("blob:null"))).toEqual([]);
  });

  test("verifies an exported record, and says of it what the command says", async () => {
    const { page } = await pageFor();
    const text = await check(page, "folder", record);
    const { out } = await openline(["record", "verify", record]);
    const lines = out.trim().split("\n");
    for (const line of lines) expect(text).toContain(line.replace(/^(not )?proven: /, ""));
    expect(text).toContain("verified: every byte of this record is as it was written");
  });

  test("finds one byte changed in a pack and names the entry or part it stands in, as the command does", async () => {
    const { page } = await pageFor();
    for (const at of [0.2, 0.5, 0.8]) {
      const bytes = readFileSync(pack);
      const index = Math.floor(bytes.length * at);
      bytes[index] = (bytes[index] ?? 0) ^ 1;
      const changed = join(dir, `changed-${at}.pack`);
      writeFileSync(changed, bytes);
      const { page: fresh } = await pageFor();
      const text = await check(fresh, "pack", changed);
      const { out } = await openline(["evidence", "verify", changed]);
      expect(text).toContain("NOT verified");
      expect(text).toContain(out.split("\n")[1]);
    }
    await page.close();
  });

  test("names the changed file of a record, and the one that does not belong to it", async () => {
    const changed = join(dir, "changed-record");
    cpSync(record, changed, { recursive: true });
    const [disclosure = ""] = readdirSync(join(changed, "chn"), { recursive: true, encoding: "utf8" }).filter((name) =>
      /\.(cbor|p\/\d+)$/.test(name),
    );
    const file = join(changed, "chn", disclosure);
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0x40;
    writeFileSync(file, bytes);
    const { page } = await pageFor();
    const text = await check(page, "folder", changed);
    expect(text).toContain("NOT verified");
    expect(text).toContain(`first bad: chn/${disclosure}`);

    const strange = join(dir, "strange-record");
    cpSync(record, strange, { recursive: true });
    writeFileSync(join(strange, "<img src=x onerror=alert(1)>\u202e.txt"), "x");
    const { page: second, complaints } = await pageFor();
    const found = await check(second, "folder", strange);
    expect(found).toContain("the file does not belong to the record");
    expect(found).toContain("<img src=x onerror=alert(1)>");
    expect(found).not.toContain("\u202e");
    expect(complaints).toEqual([]);
  });

  test("is whole in Chinese, in day and night, and axe finds nothing", async () => {
    for (const colorScheme of ["light", "dark"] as const)
      for (const locale of ["en-GB", "zh-CN"]) {
        const { page, complaints } = await pageFor({ locale, colorScheme });
        expect(await axeFindings(page)).toEqual([]);
        const text = await check(page, "folder", record);
        expect(text).toContain(locale === "zh-CN" ? "已核验" : "verified");
        expect(await axeFindings(page)).toEqual([]);
        expect(complaints.filter((line) => !line.includes("axe"))).toEqual([]);
      }
  });

  test("is used with the keyboard alone, and keeps the report when the language changes", async () => {
    const { page } = await pageFor();
    await check(page, "pack", pack);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("中文");
    await page.keyboard.press("Enter");
    expect(await page.locator("main").innerText()).toContain("已核验：本证据包");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("中文");
    const chooser = page.waitForEvent("filechooser");
    await page.keyboard.press("Tab");
    // Chromium must know that the chooser is the test's before the key reaches the page; an answer of the page says that it does.
    expect(await page.evaluate("document.activeElement.tagName")).toBe("INPUT");
    await page.keyboard.press("Enter");
    await (await chooser).setFiles(pack);
  });
});

test("the page is one file that names no other", () => {
  const text = readFileSync(html, "utf8");
  expect(text).toContain("default-src 'none'");
  expect(text.match(/<(script|link|img)[^>]+(src|href)="(?!data:,)/g)).toBeNull();
});
