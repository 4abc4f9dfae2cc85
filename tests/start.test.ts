import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axeFindings, chromiumPath, openProfile } from "./support/browser.ts";
import { type AtConsole, atConsole, goTo, picture, pressUntil } from "./support/console.ts";
import { main, openline, root, startNode, workFolder } from "./support/openline.ts";

/** `openline start`, as `npm start` ends in it: four real nodes, their consoles and the page that shows both sides of each line. */
const dir = workFolder();

interface Ready {
  readonly ready: true;
  readonly exercise: string;
  readonly at: string;
  readonly start: string;
  readonly parties: readonly {
    readonly id: string;
    readonly line: string;
    readonly dir: string;
    readonly console: string;
    readonly api: string;
    readonly metrics: string;
    readonly signIn: readonly { readonly post: string; readonly role: string; readonly url: string }[];
  }[];
}
interface Started {
  readonly child: ChildProcess;
  readonly ready: Ready;
  readonly printed: readonly string[];
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
});

function start(...more: readonly string[]): Promise<Started> {
  const args = ["--disable-warning=ExperimentalWarning", main, "start", "--dir", dir, "--port", "0", "--json", ...more];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  const errors: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  const printed: string[] = [];
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return new Promise((resolve, reject) => {
    void ended.then((code) => {
      running.delete(child);
      reject(new Error(`openline start ended with ${code}: ${errors.join("")}`));
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      printed.push(line);
      if (!line.startsWith("{")) return;
      const end = (signal: NodeJS.Signals): Promise<number | null> => {
        child.kill(signal);
        return ended;
      };
      resolve({ child, ready: JSON.parse(line) as Ready, printed, end });
    });
  });
}

/** Whether anybody listens there. Asked by port: not every system knows names under localhost as browsers do. */
const answers = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port) });
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });

/** Asks until it is so. */
async function until(is: () => Promise<boolean>): Promise<void> {
  await expect.poll(is, { timeout: 20_000, interval: 100 }).toBe(true);
}

let started: Started;
const dirOf = (party: string): string => started.ready.parties.find(({ id }) => id === party)?.dir ?? "";
beforeAll(async () => {
  started = await start();
}, 120_000);

describe("four nodes on one machine", () => {
  test("one line of JSON says where everything is", async () => {
    const { ready, printed } = started;
    expect(printed).toHaveLength(1);
    expect([ready.ready, ready.exercise, ready.at]).toEqual([true, "us-china-2022-2024", "2023-09-28T12:00:00Z"]);
    expect(ready.parties.map(({ id }) => id)).toEqual(["usa", "prc", "blue", "green"]);
    for (const party of ready.parties) {
      expect(party.console).toMatch(new RegExp(`^http://${party.id}\\.localhost:\\d+$`));
      expect(party.line).toMatch(/^[0-9a-f]{32}$/);
      expect(await (await fetch(party.metrics)).text()).toContain("openline_");
      for (const { url } of party.signIn) expect(url).toMatch(/#[A-Za-z0-9_-]{43}$/);
    }
  });

  test("both nodes of the exercise compute the seven states of that day, over TLS", async () => {
    const asked = started.ready.parties.slice(0, 2).map(async (party) => {
      const { code, out } = await openline(["status", "--dir", party.dir, "--at", started.ready.at, "--json"]);
      expect(code).toBe(0);
      return JSON.parse(out) as { channels: { verdict: string }[] };
    });
    const [one, other] = await Promise.all(asked);
    expect(one?.channels).toEqual(other?.channels);
    const verdicts = one?.channels.map(({ verdict }) => verdict) ?? [];
    const count = (word: string): number => verdicts.filter((verdict) => verdict === word).length;
    expect(["suspended", "unproven", "open"].map(count)).toEqual([3, 3, 1]);
    await until(async () => {
      const { out } = await openline(["bearers", "--dir", started.ready.parties[0]?.dir ?? "", "--json"]);
      return out.includes('"proven"');
    });
  });

  test("who has not the address of the page gets nothing of it, and nobody gets it under another name", async () => {
    const { origin } = new URL(started.ready.start);
    expect((await fetch(`${origin}/shown`)).status).toBe(403);
    expect((await fetch(`${origin}/shown`, { headers: { "x-openline-start": "A".repeat(43) } })).status).toBe(403);
    expect((await fetch(`${origin}/stop/green`, { method: "POST" })).status).toBe(403);
    expect((await fetch(origin.replace("localhost", "127.0.0.1"))).status).toBe(403);
  });

  test("a post or a party that is not there is not found, in one sentence", async () => {
    const { origin, hash } = new URL(started.ready.start);
    const headers = { "x-openline-start": hash.slice(1) };
    for (const path of ["/sign-in/green/nobody", "/sign-in/green/", `/sign-in/green/${"a".repeat(300)}`, "/sign-in/red/duty-officer"]) {
      const answer = await fetch(origin + path, { method: "POST", headers });
      expect([path, answer.status, await answer.json()]).toEqual([path, 404, { detail: expect.stringMatching(/^[a-z ]+$/) }]);
    }
  });

  test("what it did not make is left alone, and what runs is not begun anew", async () => {
    const folder = join(dir, "elsewhere");
    mkdirSync(join(folder, "live"), { recursive: true });
    writeFileSync(join(folder, "live", "letter.txt"), "Dear");
    const theirs = await openline([
      "start",
      "--dir",
      folder,
      "--port",
      "0",
      "--exercise",
      "exercises/notice-2025-12-06.yaml",
      "--at",
      "2025-12-06T09:00:00Z",
    ]);
    expect([theirs.code, theirs.err]).toEqual([2, expect.stringContaining("left alone")]);
    expect(readFileSync(join(folder, "live", "letter.txt"), "utf8")).toBe("Dear");
    const again = await openline(["start", "--dir", dir, "--port", "0", "--fresh"]);
    expect([again.code, again.err]).toEqual([4, expect.stringContaining("a node runs in")]);
    // Nor is anything of what runs changed for a start that is refused.
    const ways = (): readonly string[] => started.ready.parties.map((party) => readFileSync(join(party.dir, "bearers.yaml"), "utf8"));
    const before = ways();
    const twice = await openline(["start", "--dir", dir, "--port", "0"]);
    expect([twice.code, twice.err, ways()]).toEqual([4, expect.stringContaining("a node runs in"), before]);
    for (const { console } of started.ready.parties) expect(await answers(console)).toBe(true);
  });

  test("a port that is taken is named", async () => {
    const port = new URL(started.ready.start).port;
    const ran = await openline(["start", "--dir", `${dir}/other`, "--port", port]);
    expect([ran.code, ran.err]).toEqual([4, expect.stringContaining(`port ${port}`)]);
  });
});

async function startPage(locale: string): Promise<{ page: Page; complaints: string[] }> {
  const { context, complaints } = await openProfile({ viewport: { width: 1366, height: 900 }, locale });
  const page = await context.newPage();
  await page.goto(started.ready.start);
  await page.locator(".card .state.open").first().waitFor();
  return { page, complaints };
}

const PICTURED = [
  ["en-GB", "night"],
  ["en-GB", "day"],
  ["zh-CN", "night"],
  ["zh-CN", "day"],
] as const;

/** Pictures of the page in its two languages, by night and by day, each without a finding of axe. */
async function pictured(page: Page, name: string): Promise<void> {
  for (const [language, theme] of PICTURED) {
    await page
      .locator(".choices button")
      .nth(theme === "night" ? 0 : 1)
      .press("Enter");
    await page
      .locator(".choices button")
      .nth(language === "en-GB" ? 2 : 3)
      .press("Enter");
    await picture(page, `${name}-${language}-${theme}`, true);
    expect(await axeFindings(page)).toEqual([]);
  }
}

describe.skipIf(chromiumPath === undefined)("the start page", () => {
  test.each([
    ["en-GB", "Both nodes compute the same for every channel.", "Chairman of the Joint Chiefs of Staff"],
    ["zh-CN", "对每个渠道，双方节点的计算结果相同。", "参谋长联席会议主席"],
  ])("shows both sides of both lines, %s, night and day", async (locale, same, chairman) => {
    const { page, complaints } = await startPage(locale);
    await expect.poll(() => page.getByText(same).count(), { timeout: 20_000 }).toBe(2);
    expect(await page.locator(".side").count()).toBe(4);
    expect(await page.locator(".side").first().locator(".card").count()).toBe(7);
    expect(await page.locator(".side").first().locator(".doors button").allTextContents()).toContain(chairman);
    await picture(page, `start-${locale}-night`, true);
    expect(await axeFindings(page)).toEqual([]);
    await page.locator(".choices button").nth(1).press("Enter");
    expect(await page.locator("html").getAttribute("data-theme")).toBe("day");
    await picture(page, `start-${locale}-day`, true);
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("a node is stopped and started from it by the keyboard, and the other side stays", async () => {
    const { page } = await startPage("en-GB");
    const green = started.ready.parties[3];
    await page.getByRole("button", { name: /^Stop the node of .*Green/ }).press("Enter");
    await page.getByRole("button", { name: /^Start the node of .*Green/ }).waitFor();
    expect(await answers(green?.console ?? "")).toBe(false);
    await page.getByText("Not every node runs").waitFor();
    await page.getByRole("button", { name: /^Start the node of .*Green/ }).press("Enter");
    await page.getByRole("button", { name: /^Stop the node of .*Green/ }).waitFor();
    await until(async () => answers(green?.console ?? ""));
  });

  test("what a button could not do is said beside it until the next press, and the focus stays on it", async () => {
    const { page, complaints } = await startPage("en-GB");
    const green = page.locator(".side").nth(3);
    const [stop, begin, alert] = [
      green.getByRole("button", { name: /^Stop/ }),
      green.getByRole("button", { name: /^Start/ }),
      green.getByRole("alert"),
    ];
    const alarm = join(dirOf("green"), "alarm.yaml");
    await stop.press("Enter");
    writeFileSync(alarm, "sound: [");
    await begin.press("Enter");
    await alert.filter({ hasText: /^The node of Ministry of Defence, Green was not started: .*alarm\.yaml/ }).waitFor();
    expect(await alert.textContent()).not.toMatch(/\n|openline:|\bat /);
    // It is the same button, which said something else while the node had just begun to start.
    await begin.waitFor();
    expect(await page.locator(":focus").textContent()).toBe(await begin.textContent());
    await pictured(page, "start-not-started");
    await page.locator(".choices button").nth(2).press("Enter");
    rmSync(alarm);
    await begin.press("Enter");
    await stop.waitFor();
    expect(await alert.count()).toBe(0);
    expect(complaints.filter((line) => !line.includes("status of 500"))).toEqual([]);
  });

  test("a wrong key is named as such, and the right one is taken where it is put in its place", async () => {
    const { context } = await openProfile({ viewport: { width: 1366, height: 900 }, locale: "en-GB" });
    const page = await context.newPage();
    await page.goto(started.ready.start.replace(/#.*/, "#another"));
    await page.getByRole("alert").filter({ hasText: "this address is not the one that openline start printed" }).waitFor();
    expect(await page.getByText(/does not answer|is old|Asking the nodes/).count()).toBe(0);
    await pictured(page, "start-wrong-key");
    await page.goto(started.ready.start);
    await page.locator(".card .state.open").first().waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  test("a link of the line of JSON signs in", async () => {
    const { context } = await openProfile({ locale: "en-GB" });
    const page = await context.newPage();
    await page.goto(started.ready.parties[1]?.signIn[0]?.url ?? "");
    await page.locator(".card .state.suspended").first().waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("zh-CN");
  });

  test("a console opens from it, signed in, in the language of its party", async () => {
    const { page } = await startPage("en-GB");
    const opened = page.waitForEvent("popup");
    await page.getByRole("button", { name: /^Console of .*Green: Duty officer/ }).press("Enter");
    const console = await opened;
    await console.locator(".card .state strong").first().waitFor();
    expect(await console.locator("html").getAttribute("lang")).toBe("zh-CN");
    expect(new URL(console.url()).hash).toBe("");
    // The browser keeps its shell by now; another post opens all the same.
    await console.evaluate("navigator.serviceWorker.ready");
    await console.reload();
    await console.locator(".card .state strong").first().waitFor();
    await console.close();
    const again = page.waitForEvent("popup");
    await page.getByRole("button", { name: /^Console of .*Green: Head of desk/ }).press("Enter");
    await (await again).locator(".bar", { hasText: "处长" }).waitFor();
  });
});

describe.skipIf(chromiumPath === undefined)("the timeline of the exercise", () => {
  test("ends at the exercise's present", async () => {
    const { page } = await atConsole(dirOf("usa"), "secretary");
    await goTo(page, "/history");
    const slider = page.getByRole("slider");
    await slider.waitFor();
    await slider.press("End");
    const now = Date.parse(started.ready.at) / 1000;
    // The node was started after the play, and its clock has run on since.
    const end = Number(await slider.getAttribute("max"));
    expect(end).toBeGreaterThan(now);
    expect(end).toBeLessThan(now + 3600);
  });
});

describe.skipIf(chromiumPath === undefined)("a channel that asks for two persons", () => {
  test("one writes and signs, the other reads exactly that and releases it; the author cannot", async () => {
    const consoleOf = async (post: string): Promise<AtConsole> => {
      const found = await atConsole(dirOf("blue"), post);
      await found.page.locator(".key-line", { hasText: "Signs for" }).waitFor();
      return found;
    };
    const [author, second] = [await consoleOf("duty-officer"), await consoleOf("head-of-desk")];
    await author.page.keyboard.press("n");
    await author.page.locator(".send select").first().selectOption("notes");
    await author.page.getByText("On this channel a second person releases it").waitFor();
    await author.page.locator("textarea").first().fill("A note of two persons.");
    await author.page.keyboard.press("Control+Enter");
    await author.page.locator(".send .told", { hasText: "kept as draft 1" }).waitFor();
    await goTo(author.page, "/d/1");
    await author.page.getByText("You have signed it as its author").waitFor();
    expect(await author.page.getByRole("button", { name: /^Release/ }).count()).toBe(0);

    await second.page.getByRole("link", { name: /Draft 1/ }).press("Enter");
    await second.page.getByText("A note of two persons.").waitFor();
    expect(await axeFindings(second.page)).toEqual([]);
    await picture(second.page, "draft-en-night");
    // Ten seconds in which one key takes it back: at the releaser, and from any console of this party.
    await pressUntil(second.page, "Control+Enter", { comes: second.page.getByText("Nothing has left yet") });
    await author.page.getByText("Nothing has left yet").waitFor();
    expect(await axeFindings(second.page)).toEqual([]);
    await picture(second.page, "recall-draft-en-night");
    await second.page.keyboard.press("Escape");
    await second.page.getByText("Recalled as draft 1: nothing of it has left.").waitFor();
    await second.page.getByRole("button", { name: /^Release/ }).waitFor();
    await pressUntil(second.page, "Control+Enter", { comes: second.page.getByText("Nothing has left yet") });
    await second.page.locator(".told", { hasText: /Released: durable as blue:\d+/ }).waitFor();
    await second.page.getByText("It does not wait for release: placed.").waitFor();
    expect([...author.complaints, ...second.complaints]).toEqual([]);
  }, 60_000);
});

describe.skipIf(chromiumPath === undefined)("a draft that becomes another one under whoever reads it", () => {
  test("releases nothing by the key that was meant for the one before, and a release that comes too late says so", async () => {
    const blue = dirOf("blue");
    const key = ["--dir", blue, "--key", join(`${blue}-keys`, "duty-officer.key")];
    const run = async (...args: readonly string[]): Promise<string> => {
      const ran = await openline(args);
      expect([args, ran.code, ran.err]).toEqual([args, 0, ""]);
      return ran.out;
    };
    const write = async (text: string, onto?: string): Promise<string> => {
      const words = ["--channel", "notes", "--from", "duty-officer", "--text", text, "--draft", ...(onto === undefined ? [] : [onto])];
      const { draft, version } = JSON.parse(await run("send", ...words, "--dir", blue, "--json")) as { draft: number; version: number };
      await run("draft", "sign", `${draft}/${version}`, ...key);
      return `${draft}/${version}`;
    };
    const first = await write("First words.");
    const [draft = ""] = first.split("/");
    const { page } = await atConsole(blue, "head-of-desk");
    await page.locator(".key-line", { hasText: "Signs for" }).waitFor();
    await goTo(page, `/d/${draft}`);
    await page.getByText("First words.").waitFor();
    const release = page.getByRole("button", { name: /^Release/ });
    await release.waitFor();

    const second = await write("Second words.", first);
    await page.getByText("Second words.").first().waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByRole("alert").filter({ hasText: "Version 2 of this draft stands now" }).waitFor();
    expect(await release.count()).toBe(0);
    await pressUntil(page, "Control+Enter", { comes: release });

    // Another version comes while the release of this one is on its way.
    await page.route("**/release", async (route) => {
      await write("Third words.", second);
      await route.continue();
    });
    const told = page.locator(".told", { hasText: "Not done: another version of this draft stands: read that one (draft-behind)" });
    await pressUntil(page, "Control+Enter", { comes: told });
    expect(await run("draft", "list", "--dir", blue, "--state", "waiting")).toContain(`draft ${draft}/3`);
  }, 60_000);
});

describe.skipIf(chromiumPath === undefined)("a notification that asks for two persons", () => {
  test("whoever releases it reads what both sides will find, in their own language", async () => {
    const author = await atConsole(dirOf("blue"), "duty-officer");
    const second = await atConsole(dirOf("blue"), "head-of-desk", { locale: "zh-CN", theme: "day" });
    await author.page.locator(".key-line", { hasText: "Signs for" }).waitFor();
    await author.page.keyboard.press("f");
    const selects = author.page.locator(".form .fields select");
    await selects.nth(0).selectOption("air-sea-encounter");
    await selects.nth(1).selectOption("notes");
    await author.page.getByLabel("Course").fill("north");
    await author.page.keyboard.press("Control+Enter");
    const told = author.page.locator(".told", { hasText: /kept as draft \d+/ });
    await told.waitFor();
    const number = /draft (\d+)/.exec((await told.textContent()) ?? "")?.[1] ?? "";
    await goTo(second.page, `/d/${number}`);
    const finding = second.page.getByLabel("双方将得出的完整性结论");
    await finding.locator("li").first().waitFor();
    expect(await finding.locator("li").allTextContents()).toEqual(["航向：应为十进制数"]);
    expect(await axeFindings(second.page)).toEqual([]);
    await picture(second.page, "draft-form-zh-day");
    expect([...author.complaints, ...second.complaints]).toEqual([]);
  }, 60_000);
});

describe.skipIf(chromiumPath === undefined)("the live line, when a node stops", () => {
  test("Blue sees the way fail at once and Green go silent, which proves no refusal; what it sends is held in order afterwards", async () => {
    const { page: start } = await startPage("en-GB");
    const { page: blue, complaints } = await atConsole(dirOf("blue"), "duty-officer");
    // Nobody has to give this console its post by hand.
    await blue.locator(".key-line", { hasText: "Signs for Duty officer" }).waitFor();
    await blue.locator(".bearers", { hasText: "1 of 1" }).waitFor();

    await start.getByRole("button", { name: /^Stop the node of .*Green/ }).press("Enter");
    await blue.locator(".bearers", { hasText: "0 of 1" }).waitFor({ timeout: 5000 });
    await blue.locator(".card .state.silent").first().waitFor({ timeout: 30_000 });
    await picture(blue, "silent-en-night");

    const sent: string[] = [];
    // By its key, and by its link, on which the focus stays: what signs is no press of that.
    const doors = [() => blue.keyboard.press("n"), () => blue.getByRole("link", { name: "Send (n)" }).press("Enter")];
    for (const [i, key] of ["1", "3"].entries()) {
      await doors[i]?.();
      await blue.keyboard.press(key);
      await blue.keyboard.press("Control+Enter");
      const told = blue.locator(".send .told", { hasText: /blue:\d+/ });
      await told.waitFor();
      sent.push(/blue:\d+/.exec((await told.textContent()) ?? "")?.[0] ?? "");
      await blue.keyboard.press("w");
    }
    await start.getByRole("button", { name: /^Start the node of .*Green/ }).press("Enter");
    const held: number[] = [];
    for (const place of sent) {
      await goTo(blue, `/m/${place}`);
      const step = blue.locator(".track li", { hasText: /held.*Green/ });
      await step.waitFor({ timeout: 20_000 });
      held.push(Date.parse((await step.locator("time").getAttribute("datetime")) ?? ""));
    }
    expect(held).toEqual(held.toSorted((a, b) => a - b));
    expect(complaints).toEqual([]);
  }, 90_000);
});

describe.skipIf(chromiumPath === undefined)("the exercise, played on from the start page", () => {
  test("what comes in its way is said, nothing is played, and the nodes that can run run again", async () => {
    const { page } = await startPage("en-GB");
    const side = page.locator(".side").nth(0);
    await side.getByRole("button", { name: /^Stop the node of/ }).press("Enter");
    await side.getByRole("button", { name: /^Start the node of/ }).waitFor();
    // Somebody runs a node in one of its folders by hand.
    const other = await startNode(["--dir", dirOf("usa"), "--clock", "2023-09-28T12:30:00Z"]);
    await page.getByRole("button", { name: /^Play on/ }).press("Enter");
    await page
      .getByRole("alert")
      .filter({ hasText: /was not played to its end: folder-in-use: .*usa/ })
      .waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "start-not-played-on-en-night");
    await other.stop();
    await side.getByRole("button", { name: /^Start the node of/ }).press("Enter");
    await expect.poll(() => page.getByText("Both nodes compute the same for every channel.").count(), { timeout: 20_000 }).toBe(2);
    expect(await page.getByRole("button", { name: /^Play on/ }).count()).toBe(1);
  }, 60_000);

  test("one button plays it to its end; both sides then say what the three channels are there, and the other line goes on", async () => {
    const { page, complaints } = await startPage("en-GB");
    const sides = [page.locator(".side").nth(0), page.locator(".side").nth(1)];
    const NAMES = ["Theatre commanders' talk", "Defence Policy Coordination Talks", "Military Maritime Consultative Agreement meetings"];
    const statesOf = (side: Locator): Promise<(string | null)[]> =>
      Promise.all(NAMES.map((name) => side.locator(".card", { hasText: name }).locator(".state").getAttribute("class")));
    for (const side of sides) expect(await statesOf(side)).toEqual(NAMES.map(() => "state suspended"));
    const button = page.getByRole("button", { name: "Play on to the end (10 SEP 24)" });
    expect(await button.count()).toBe(1);
    // In other windows nobody presses: one stands on the same button, one somewhere else.
    const others = [await startPage("en-GB"), await startPage("en-GB")].map((one) => one.page);
    await others[0]?.getByRole("button", { name: "Play on to the end (10 SEP 24)" }).focus();
    await others[1]?.getByRole("button", { name: "Night" }).focus();
    await button.press("Enter");
    await page.getByRole("status").filter({ hasText: "is being played on to 10 SEP 24" }).waitFor();
    await sides[0]?.locator(".doors button").last().press("Enter");
    await sides[0]?.getByRole("alert").filter({ hasText: "the exercise is being played on" }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("status").filter({ hasText: "has been played on to 10 SEP 24" }).waitFor({ timeout: 60_000 });
    await expect.poll(() => page.getByText("Both nodes compute the same for every channel.").count(), { timeout: 20_000 }).toBe(2);
    expect(await button.count()).toBe(0);
    for (const other of others) await other.getByRole("status").filter({ hasText: "has been played on to 10 SEP 24" }).waitFor();
    expect(await others[0]?.locator(":focus").textContent()).toContain("has been played on");
    expect(await others[1]?.locator(":focus").textContent()).toBe("Night");
    const ends = await Promise.all(sides.map(statesOf));
    expect(ends[0]).toEqual(["state open", "state unproven", "state unproven"]);
    expect(ends[1]).toEqual(ends[0]);
    expect(await sides[0]?.locator("time").first().getAttribute("datetime")).toMatch(/^2024-09-10T01:/);
    await picture(page, "start-played-on-en-night", true);
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints.filter((line) => !line.includes("status of 409"))).toEqual([]);
  }, 120_000);
});

/** The process of the node that runs in a folder. */
function nodeIn(dir: string): number {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const words = commandOf(pid);
    if (words.includes("up") && words.includes(dir)) return Number(pid);
  }
  throw new Error(`no node runs in ${dir}`);
}

/** Empty where the process has ended meanwhile. */
function commandOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

describe.skipIf(chromiumPath === undefined || !existsSync("/proc"))("a process that hangs", () => {
  test("a node's is named within 5 s, and the others go on", async () => {
    const { page, complaints } = await startPage("en-GB");
    const green = page.locator(".side").nth(3);
    await green.getByText("Node runs").waitFor();
    process.kill(nodeIn(dirOf("green")), "SIGSTOP");
    await green.getByText("Node does not answer").waitFor({ timeout: 5000 });
    expect(await green.locator(".state").getByText("Not known").count()).toBe(await green.locator(".card").count());
    await page.getByText("Not every node runs and answers").waitFor();
    expect(await page.locator(".side").nth(2).getByText("Node runs").count()).toBe(1);
    await pictured(page, "start-hangs");
    await page.locator(".choices button").nth(2).press("Enter");
    process.kill(nodeIn(dirOf("green")), "SIGCONT");
    await green.getByText("Node runs").waitFor();
    expect(complaints).toEqual([]);
  }, 60_000);

  test("the command's: the page says within 5 s that it is old", async () => {
    const { page } = await startPage("zh-CN");
    started.child.kill("SIGSTOP");
    try {
      await page.getByRole("alert").filter({ hasText: "此处所示为旧内容" }).waitFor({ timeout: 5500 });
    } finally {
      started.child.kill("SIGCONT");
    }
    await page.getByRole("alert").waitFor({ state: "detached" });
  });
});

describe("its end", () => {
  test("an interrupt ends every node; the next start goes on with the folders, to a later time where one is named; a start that is killed leaves none", async () => {
    const { parties } = started.ready;
    for (const { console } of parties) expect(await answers(console)).toBe(true);
    // Nor does it wait for one that hangs.
    if (existsSync("/proc")) process.kill(nodeIn(dirOf("blue")), "SIGSTOP");
    const begun = performance.now();
    expect(await started.end("SIGINT")).toBe(0);
    expect(performance.now() - begun).toBeLessThan(10_000);
    for (const { console } of parties) expect(await answers(console)).toBe(false);

    const other = await openline(["start", "--dir", dir, "--port", "0", "--at", "2023-01-01T00:00:00Z"]);
    expect([other.code, other.err]).toEqual([2, expect.stringContaining("--fresh")]);

    const again = await start("--at", "2024-09-11T12:00:00Z");
    expect(again.ready.at).toBe("2024-09-11T12:00:00Z");
    expect(again.ready.parties.map(({ line }) => line)).toEqual(parties.map(({ line }) => line));
    await again.end("SIGKILL");
    for (const { console } of again.ready.parties) await until(async () => !(await answers(console)));
  }, 60_000);
});
