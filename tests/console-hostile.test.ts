import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { visible } from "@openline/core";
import { axeFindings, chromiumPath, openProfile } from "./support/browser.ts";
import { openline, startNode, workFolder } from "./support/openline.ts";

/** Real acts whose every field holds what would run, reorder or deceive. None runs; what was signed is what is seen. */
const dir = workFolder();
const FROM = Date.parse("2026-01-01T00:00:00Z");
const stamp = (hours: number): string => new Date(FROM + hours * 3_600_000).toISOString().replace(".000", "");

const RUNS = "globalThis.hostileRan=true";
const TEMPLATES: readonly ((n: number) => string)[] = [
  (n) => `<script>${RUNS};/*${n}*/</script>`,
  (n) => `<img src=x${n} onerror="${RUNS}">`,
  (n) => `"><svg/onload=${RUNS}><!--${n}`,
  (n) => `<iframe srcdoc="<script>parent.hostileRan=1</script>">${n}`,
  (n) => `<a href="javascript:${RUNS}">read ${n}</a>`,
  (n) => `<style>*{display:none}</style>${n}`,
  (n) => `javascript:${RUNS}//${n}`,
  (n) => `{party} {channel} {{${n}}} \${${n}} %s %n`,
  (n) => `&lt;b&gt;&#x202e;&rlm;${n}`,
  (n) => `]]></dd></main><h1>open ${n}</h1>`,
  (n) => `Сhannel ореn ${n} (Cyrillic letters among Latin ones)`,
  (n) => `оpen · ορеn · ｏｐｅｎ · 𝐨𝐩𝐞𝐧 ${n}`,
  (n) => `قناة مفتوحة ${n} ערוץ פתוח 221402Z`,
  (n) => `⟦U+202E⟧ written out as letters ${n}`,
  (n) => `e\u0301\u0323\u0300\u0302 o\u0338\u0336 ${n}`.normalize("NFC"),
  (n) => `👩‍✈️🏳️‍🌈\u{1f9d1}\u{1f3ff} ${n}`,
  (n) => `constructor __proto__ hasOwnProperty ${n}`,
  (n) => `line one ${n}\nline two\n\n\nline five`,
  (n) => `${"W".repeat(90)}${n}`,
  (n) => `' OR 1=1; DROP TABLE entries; -- ${n}`,
  (n) => `\\u003cscript\\u003e${RUNS} ${n}`,
];

/** Each field that these screens show, and the act that carries it. */
const FIELDS: readonly ((text: string, n: number) => Readonly<Record<string, unknown>>[])[] = [
  (text) => [{ act: "note", text: { en: text } }],
  (text) => [{ act: "statement", text: { zh: text } }],
  (text) => [{ act: "suspend", channel: "second", scope: "until-further-notice", ground: { en: text } }],
  (text) => [{ act: "resume", channel: "second", text: { en: text } }],
  (text, n) => [{ act: "message", id: `m${n}`, subject: { en: text }, text: { en: text }, wantsAnswer: false }],
  (text, n) => [{ act: "incident-open", id: `i${n}`, title: { en: text }, characterisation: { en: text } }],
  (text, n) => [{ act: "incident-open", id: `j${n}`, title: { en: "Plain" }, characterisation: { zh: text } }],
  (text, n) => [
    { act: "call-request", id: `c${n}`, for: "officer", to: "officer", text: { en: text } },
    { act: "call-decline", ref: `c${n}`, reason: { en: text }, party: "two" },
  ],
  (text, n) => [{ act: "talks-propose", id: `t${n}`, place: text.replaceAll("\n", " ").slice(0, 60), text: { en: text } }],
  (text) => [{ act: "note", text: { en: "Plain" }, source: text }],
];

const STRINGS = FIELDS.flatMap((_, field) => TEMPLATES.map((template, i) => template(field * TEMPLATES.length + i)));

const NAME = `<img src=n onerror="${RUNS}"> ορеn`;
const channel = (id: string) => ({
  id,
  name: { en: `${NAME} ${id}`, zh: `${NAME} ${id}` },
  kind: "military",
  basis: { text: NAME, inForce: "2020-01-01" },
  posts: { one: ["officer"], two: ["officer"] },
  clocks: {},
  timetable: null,
});

const events = STRINGS.flatMap((text, n) => (FIELDS[Math.floor(n / TEMPLATES.length)]?.(text, n) ?? []).map((act) => ({ n, act }))).map(
  ({ act }, i) => ({ on: stamp(i + 1), party: "one", channel: "first", ...act }),
);

const exercise = (acts: readonly unknown[]) => ({
  exercise: "hostile-strings",
  title: { en: NAME, zh: NAME },
  note: NAME,
  languages: ["en", "zh"],
  parties: [
    { id: "one", name: { en: `${NAME} one`, zh: `${NAME} one` }, language: "en", zone: "UTC" },
    { id: "two", name: { en: `${NAME} two`, zh: `${NAME} two` }, language: "zh", zone: "UTC" },
  ],
  channels: [channel("first"), channel("second")],
  events: acts,
  claims: [],
  expect: [],
});

async function play(acts: readonly unknown[], name: string): Promise<{ code: number | null; err: string }> {
  const file = join(dir, `${name}.yaml`);
  // Every JSON text is YAML 1.2.
  writeFileSync(file, JSON.stringify(exercise(acts)));
  return openline(["exercise", "run", file, "--dir", join(dir, name), "--fresh"]);
}

beforeAll(async () => {
  expect(STRINGS.length).toBeGreaterThanOrEqual(200);
  const played = await play(events, "line");
  expect([played.code, played.err]).toEqual([0, ""]);
  await startNode(["--dir", join(dir, "line", "one"), "--clock", stamp(events.length + 2), "--console", "127.0.0.1:0"]);
}, 240_000);

async function signedIn(locale: string): Promise<{ page: Page; complaints: string[]; dialogs: string[] }> {
  const { out } = await openline(["sign-in", "--dir", join(dir, "line", "one"), "--post", "officer", "--json"]);
  const { context, complaints } = await openProfile({ locale });
  const page = await context.newPage();
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto((JSON.parse(out) as { url: string }).url);
  await page.locator(".card").nth(1).waitFor();
  return { page, complaints, dialogs };
}

const ran = (page: Page): Promise<unknown> => page.evaluate("globalThis.hostileRan");

describe.skipIf(chromiumPath === undefined)("hostile text in every field", () => {
  test.each(["en-GB", "zh-CN"])("none runs, and what was signed is what is seen, %s", async (locale) => {
    const { page, complaints, dialogs } = await signedIn(locale);
    expect(await page.locator(".marking").innerText()).toContain("<img src=n");
    for (const name of await page.locator(".card .name").allInnerTexts()) expect(name).toContain("<img src=n onerror=");
    expect(await axeFindings(page)).toEqual([]);
    await page.locator('nav a[href="/history"]').press("Enter");
    await page.locator("table.steps tbody tr").nth(200).waitFor();
    const table = await page.locator("table.steps").evaluate((item) => item.textContent ?? "");
    const isWhole = (text: string): boolean => text.length <= 120 && !text.includes("\n");
    const seen = STRINGS.filter((text, n) => isWhole(text) && n < TEMPLATES.length * 6);
    expect(seen.length).toBeGreaterThan(100);
    for (const text of seen) expect(table).toContain(visible(text));
    expect(await page.locator("main img, main script, main iframe, main style, main a[href^='javascript']").count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    expect([await ran(page), complaints, dialogs]).toEqual([undefined, [], []]);
  });

  test("at the instant of each act its words stand whole", async () => {
    const { page, complaints, dialogs } = await signedIn("en-GB");
    await page.locator('nav a[href="/history"]').press("Enter");
    const slider = page.getByRole("slider");
    await slider.waitFor();
    await slider.press("Home");
    const found = new Set<string>();
    for (let i = 0; i < 280; i++) {
      const said = await page.locator("section.said").evaluate((item) => item.textContent ?? "");
      for (const text of STRINGS) if (said.includes(visible(text))) found.add(text);
      await page.keyboard.press("ArrowRight");
    }
    expect(STRINGS.filter((text) => !found.has(text))).toEqual([]);
    expect([await ran(page), complaints, dialogs]).toEqual([undefined, [], []]);
  });

  test.each(["\u202e", "\u061c", "\u0000"])(
    "a body with the hidden character %j is refused and nothing of it is placed",
    async (hidden) => {
      const text = { en: `open ${hidden}nepo` };
      const played = await play([{ on: stamp(1), party: "one", channel: "first", act: "note", text }], "refused");
      expect(played.code).toBe(1);
      expect(played.err).toMatch(/malformed|bad-body/);
    },
  );
});
