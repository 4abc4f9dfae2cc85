/** Measures what Openline costs, each figure beside a floor measured in the same run. One table, or JSON with `--json`.
 *  `--quick` takes smaller samples. Figures, never a test. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Figure, type Floor, appendFigures, floorOf } from "./bench/append.ts";
import { recordFigures } from "./bench/records.ts";
import { replayFigures } from "./bench/replay.ts";

const { values } = parseArgs({
  options: { json: { type: "boolean" }, quick: { type: "boolean" }, help: { type: "boolean" } },
});
if (values.help === true) {
  process.stdout.write("npm run bench -- [--quick] [--json]\n");
  process.exit(0);
}

const size = values.quick === true ? "quick" : "usual";
const folder = mkdtempSync(join(tmpdir(), "openline-bench-"));
try {
  const floor = await floorOf(folder, size);
  const figures = [...(await appendFigures(folder, size, floor)), ...recordFigures(size), ...(await replayFigures(folder))];
  process.stdout.write(values.json === true ? `${JSON.stringify({ floor, figures }, null, 2)}\n` : table(floor, figures));
} finally {
  rmSync(folder, { recursive: true });
}

function table(floor: Floor, figures: readonly Figure[]): string {
  const parts = Object.entries(floor.parts).map(([id, value]): readonly string[] => [`floor: ${id}`, round(value), "ms", ""]);
  const rows = figures.map(({ id, value, unit, floorRatio }): readonly string[] => [
    id,
    round(value),
    unit,
    floorRatio === undefined ? "" : `${round(floorRatio)} x floor`,
  ]);
  const all = [["figure", "value", "unit", "ratio"], ...parts, ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map(
      (row) =>
        `${row
          .map((cell, i) => (i === 1 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toFixed(4);
}
