/** `npm run bench:console -- [--messages N] [--json]`: what a watch waits for at a real console, in real Chromium, on the lines that
 *  `openline start` runs. Figures, never a test; without Chromium it says so and ends with 4. Source: docs/operating/command.md. */
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { figureTable } from "../packages/cli/src/figure-table.ts";
import { printJson, printLines } from "../packages/cli/src/output.ts";
import { firstScreenBytes } from "../packages/console/test/first-screen.ts";
import { chromiumPath, launchChromium } from "../tests/support/chromium.ts";
import { acknowledgeFigures } from "./console-figures/acknowledged.ts";
import { consoleOf } from "./console-figures/console-of.ts";
import type { Measured } from "./console-figures/figures.ts";
import { flashFigures } from "./console-figures/flash.ts";
import { shiftFigures } from "./console-figures/shift.ts";
import { sliderFigures } from "./console-figures/slider.ts";
import { type Started, startLines } from "./console-figures/started.ts";

const { values } = parseArgs({ options: { messages: { type: "string", default: "5000" }, json: { type: "boolean", default: false } } });
const messages = Number(values.messages);
if (!Number.isSafeInteger(messages) || messages < 10) fail("--messages: a whole number from 10", 2);
else if (chromiumPath === undefined) fail("no Chromium on this machine: nothing was measured", 4);
else await bench(messages);

function fail(words: string, code: number): void {
  process.stderr.write(`bench:console: ${words}\n`);
  process.exitCode = code;
}

async function bench(count: number): Promise<void> {
  const started = await startLines();
  try {
    const browser = await launchChromium();
    try {
      const measured = await measure(browser, started, count);
      if (values.json) printJson(measured);
      else printLines(figureTable(measured));
    } finally {
      await browser.close();
    }
  } finally {
    await started.stop();
  }
}

async function measure(browser: Browser, { party }: Started, count: number): Promise<Measured> {
  const [blue, green, usa] = [party("blue"), party("green"), party("usa")];
  const pages = { blue: await consoleOf(browser, blue), green: await consoleOf(browser, green) };
  const weight = (["js", "css"] as const).map((kind) => ({
    id: `first_screen_${kind}_kb`,
    value: firstScreenBytes(kind) / 1000,
    unit: "kB gzip",
  }));
  told("a FLASH that is read");
  const flash = await flashFigures(pages.green, { blue, green });
  told("F2 until the other side sees it");
  const { floor, figures } = await acknowledgeFigures(pages, { blue, green });
  told("the slider");
  const slider = await sliderFigures(await consoleOf(browser, usa));
  told("a shift");
  const shift = await shiftFigures(pages, { blue, green, count });
  return { floor, figures: [...weight, ...flash, ...figures, ...slider, ...shift] };
}

/** What is being measured, for whoever waits. */
function told(what: string): void {
  process.stderr.write(`bench:console: after ${(performance.now() / 1000).toFixed(0)} s: ${what}\n`);
}
