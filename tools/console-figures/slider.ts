import type { Page } from "playwright-core";
import { goTo } from "./console-of.ts";
import { type Figure, pause, quantile } from "./figures.ts";

const STEPS = 60;

/** A step of the slider over the whole exercise, from the key until what it leads to has been painted. */
export async function sliderFigures(page: Page): Promise<readonly Figure[]> {
  await goTo(page, "/history");
  const slider = page.getByRole("slider");
  await slider.waitFor();
  await slider.focus();
  await page.keyboard.press("End");
  const times: number[] = [];
  for (let i = 0; i < STEPS; i++) {
    const before = await slider.inputValue();
    await page.keyboard.press("ArrowLeft");
    await pause(50);
    if ((await slider.inputValue()) === before) break;
    times.push(await page.evaluate<number>("bench.step"));
  }
  await page.context().close();
  return [
    { id: "slider_steps", value: times.length, unit: "" },
    { id: "slider_step_p50_ms", value: quantile(times, 0.5), unit: "ms" },
    { id: "slider_step_max_ms", value: Math.max(...times), unit: "ms" },
  ];
}
