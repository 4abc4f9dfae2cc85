import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { openlineHere } from "../packages/cli/test/run-here.ts";
import { axeFindings, chromiumPath } from "./support/browser.ts";
import { atConsole, goTo, pictures, pressUntil, signInLink } from "./support/console.ts";
import { type LiveLine, liveLine } from "./support/live-line.ts";
import { type RunningNode, startNode, workFolder } from "./support/openline.ts";

/** Ten seconds in which what was sent is still with us: recalled by one key, kept through a node that is gone, and then placed once. */
const dir = workFolder();
let line: LiveLine;
let node: RunningNode;

const start = (port: number): Promise<RunningNode> =>
  startNode(["--dir", line.folder("north"), "--console", `127.0.0.1:${port}`, "--metrics", "127.0.0.1:0"]);

beforeAll(async () => {
  line = await liveLine(dir, ["north", "south"], ["en", "zh"]);
  node = await start(0);
}, 120_000);

async function ask<T>(...args: readonly string[]): Promise<T> {
  const ran = await openlineHere([...args, "--dir", line.folder("north"), "--json"]);
  expect([args.slice(0, 2), ran.code, ran.err.replaceAll(/.*WITHOUT protection.*\n/g, "")]).toEqual([args.slice(0, 2), 0, ""]);
  return JSON.parse(ran.out) as T;
}

async function messages(): Promise<readonly unknown[]> {
  const entries = await ask<readonly { kind: string; body?: { text?: unknown } }[]>("show");
  return entries.filter(({ kind }) => kind === "message").map(({ body }) => body?.text);
}

async function giveKey(page: Page): Promise<void> {
  const digits = page.locator(".key-line .code");
  await digits.waitFor();
  const kid = (await digits.textContent())?.replaceAll(" ", "") ?? "";
  const keys = ["--directory-key", join(`${line.folder("north")}-keys`, "directory-1.key"), "--out", join(dir, kid), "--plain-keys"];
  const whom = ["--post", "duty-officer", "--person", "Second", "--until", "2099-12-31T06:00:00Z"];
  await ask("post", "assign", "--request", kid, ...whom, ...keys);
  await digits.waitFor({ state: "detached" });
}

/** The node takes what is handed in there once, and its answer never arrives. */
const loseAnswer = (page: Page, path: string): Promise<unknown> =>
  page.route(
    path,
    async (route) => {
      // Its name is one that browsers alone resolve.
      const { host, href } = new URL(route.request().url());
      const taken = await route.fetch({
        url: href.replace(host, `127.0.0.1:${host.split(":")[1]}`),
        headers: { ...(await route.request().allHeaders()), host },
      });
      expect(taken.status()).toBe(201);
      await route.abort();
    },
    { times: 1 },
  );

describe.skipIf(chromiumPath === undefined)("recall", () => {
  test("one key takes back what was sent; what leaves survives the node, and a second console recalls it", async () => {
    const { page, complaints } = await atConsole(line.folder("north"), "duty-officer", { locale: "en-GB" });
    await giveKey(page);
    await page.keyboard.press("n");
    const text = page.locator("textarea").first();
    await text.fill("Sent too soon.");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Nothing has left yet").waitFor();
    await page.getByText(/^Leaves in \d+ s$/).waitFor();
    expect([await text.inputValue(), await messages()]).toEqual(["", []]);
    expect(await axeFindings(page)).toEqual([]);
    await pictures(page, "recall");
    // From within a field as well: it is what was typed that comes back.
    await page.keyboard.press("Escape");
    await expect.poll(() => text.inputValue()).toBe("Sent too soon.");
    expect([await messages(), await ask("draft", "list")]).toEqual([[], []]);

    // A node that ends meanwhile has lost nothing, and goes on counting.
    await text.fill("Said once.");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Nothing has left yet").waitFor();
    const port = Number(/consoles at \S+:(\d+)/.exec(node.printed())?.[1]);
    await node.stop("SIGKILL");
    node = await start(port);
    await page.goto(await signInLink(line.folder("north"), "duty-officer"));
    await page.getByRole("link", { name: /Draft 2/ }).press("Enter");
    await page.getByText(/^Leaves in \d+ s$/).waitFor();
    await page.getByText("It does not wait for release: placed.").waitFor({ timeout: 30_000 });
    expect(await messages()).toEqual([{ en: "Said once." }]);
    await page.keyboard.press("n");

    // Somebody else at this party sees it on its way, in their own language, and takes it back.
    const other = await atConsole(line.folder("north"), "duty-officer", { locale: "zh-CN", theme: "day" });
    await text.fill("Never said.");
    await page.getByText("Signs for Duty officer").waitFor();
    await page.keyboard.press("Control+Enter");
    const row = other.page.getByRole("link", { name: /草稿3/ });
    await row.getByText("即将发出").waitFor();
    await row.press("Enter");
    await other.page.getByText(/^\d+秒后发出$/).waitFor();
    expect(await axeFindings(other.page)).toEqual([]);
    await pictures(other.page, "recall-draft");
    await other.page.keyboard.press("Escape");
    await page.getByText("Recalled as draft 3: nothing of it has left.").waitFor();
    expect(await messages()).toEqual([{ en: "Said once." }]);
    expect([...complaints.filter((line) => !/ERR_|Failed to load/.test(line)), ...other.complaints]).toEqual([]);
  }, 120_000);

  test("an answer that was lost: said again it is the same message, and once more on another screen it is not said at all", async () => {
    const { page } = await atConsole(line.folder("north"), "duty-officer", { locale: "en-GB" });
    await giveKey(page);
    const once = async (text: string): Promise<number> => {
      const said = await messages();
      return said.filter((item) => JSON.stringify(item).includes(text)).length;
    };
    await page.keyboard.press("n");
    const field = page.locator("textarea").first();
    await field.fill("A word without an answer.");
    await loseAnswer(page, "**/placing");
    await page.keyboard.press("Control+Enter");
    await page.locator(".told", { hasText: "unavailable" }).waitFor();
    expect(await field.inputValue()).toBe("A word without an answer.");
    await page.keyboard.press("Control+Enter");
    await page.locator(".told", { hasText: "durable as" }).waitFor({ timeout: 20_000 });
    expect(await once("without an answer")).toBe(1);

    // Nor does a page that was loaded anew meanwhile know it for another one.
    await field.fill("A word across a reload.");
    await page.getByLabel("Precedence").selectOption("FLASH");
    await field.focus();
    await loseAnswer(page, "**/acts");
    await page.keyboard.press("Control+Enter");
    await page.locator(".told", { hasText: "unavailable" }).waitFor();
    await page.reload();
    await page.locator(".key-line", { hasText: "Signs for" }).waitFor();
    await expect.poll(() => field.inputValue()).toBe("A word across a reload.");
    await field.focus();
    // What has only just come to stand there is not said yet.
    await pressUntil(page, "Control+Enter", { comes: page.locator(".told", { hasText: "durable as" }) });
    expect(await once("across a reload")).toBe(1);

    // What is urgent is placed at once; its answer is slow, and the screen is left meanwhile.
    await field.fill("A word at two screens.");
    await page.getByLabel("Precedence").selectOption("IMMEDIATE");
    let answer = (): void => undefined;
    const slow = new Promise<void>((resolve) => (answer = resolve));
    await page.route("**/acts", async (route) => slow.then(() => route.continue()), { times: 1 });
    await field.focus();
    await page.keyboard.press("Control+Enter");
    await page.keyboard.press("Escape");
    await page.keyboard.press("w");
    await page.locator(".card").first().waitFor();
    await page.keyboard.press("n");
    await page.keyboard.press("Control+Enter");
    expect(await page.getByRole("button", { name: /Sign and send/ }).isDisabled()).toBe(true);
    answer();
    await expect.poll(() => once("at two screens"), { timeout: 10_000, interval: 300 }).toBe(1);
    await expect.poll(() => page.locator("textarea").first().inputValue(), { timeout: 10_000 }).toBe("");
    expect(await once("at two screens")).toBe(1);
  }, 90_000);

  test("who is to release it sees what has changed since the version that they saw last, or any other", async () => {
    const key = ["--key", line.watchKey("north")];
    const send = (text: string, zh: string, ...more: readonly string[]) =>
      ask<{ draft: number; version: number }>("send", "--channel", "hotline", "--text", text, "--text", `zh=${zh}`, ...more);
    const { draft } = await send("Our ship has lost steerage at 37.1 N.", "我方舰艇在北纬37.1度失去操舵能力。", "--draft");
    await ask("draft", "sign", `${draft}/1`, ...key);
    const { page, complaints } = await atConsole(line.folder("north"), "duty-officer", { locale: "en-GB" });
    await goTo(page, `/d/${draft}`);
    await page.getByText("Our ship has lost steerage at 37.1 N.").waitFor();
    expect(await page.getByText("What has changed").count()).toBe(0);

    // Another version is saved while it is read: what is new is marked, in each language, beside the whole of it.
    await send("Our ship has lost steerage at 38.1 N.", "我方舰艇在北纬38.1度失去操舵能力。", "--draft", `${draft}/1`);
    await page.locator(".changes ins", { hasText: "38" }).first().waitFor();
    expect(await page.locator(".changes del").allTextContents()).toContain("37");
    expect(await page.locator(".changes").innerText()).toContain("失去操舵能力");
    expect(await axeFindings(page)).toEqual([]);
    await pictures(page, "changes");

    // It is the same for whoever comes back later with this browser, and another reader chooses what to compare.
    await page.reload();
    await page.getByText("It says the same").or(page.getByText("You see this draft for the first time")).waitFor();
    const other = await atConsole(line.folder("north"), "duty-officer", { locale: "zh-CN", theme: "day" });
    await goTo(other.page, `/d/${draft}`);
    await other.page.getByText("您首次看到这份草稿").waitFor();
    await other.page.getByLabel("对比").selectOption("1");
    await other.page.locator(".changes ins", { hasText: "38" }).first().waitFor();
    expect(await axeFindings(other.page)).toEqual([]);
    await pictures(other.page, "changes-chosen", true);
    await send("Our ship has steerage again.", "我方舰艇已恢复操舵能力。", "--draft", `${draft}/2`);
    await page.locator(".changes ins", { hasText: "again" }).waitFor();
    expect([...complaints, ...other.complaints]).toEqual([]);
  }, 60_000);
});
