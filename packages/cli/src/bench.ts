import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { Figure, Floor } from "@openline/node/measure";
import { printJson, printLines } from "./output.ts";

/** `openline bench`: what a line costs on this machine. Figures, never a test. */
export function benchCommand(program: Command): void {
  program
    .command("bench")
    .description("measure what a line costs on this machine: two nodes over TLS on loopback, their record and their restart")
    .option("--quick", "smaller samples: at most a minute instead of ten")
    .option("--in <dir>", "measure on the disk of this folder (default: the system's temporary one)", (dir) => resolve(dir))
    .option("--json", "print the figures as JSON")
    .action(run);
}

async function run(options: { readonly quick?: true; readonly in?: string; readonly json?: true }): Promise<void> {
  const folder = await mkdtemp(join(options.in ?? tmpdir(), "openline-bench-"));
  try {
    // Loaded only here: no other command measures.
    const { measure } = await import("@openline/node/measure");
    const measured = await measure(folder, options.quick === true ? "quick" : "usual");
    if (options.json === true) printJson(measured);
    else printLines(table(measured.floor, measured.figures));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function table(floor: Floor, figures: readonly Figure[]): readonly string[] {
  const parts = Object.entries(floor.parts).map(([id, value]) => [`floor: ${id}`, round(value), "ms", ""] as const);
  const rows = figures.map(({ id, value, unit, floorRatio }) => {
    return [id, round(value), unit, floorRatio === undefined ? "" : `${round(floorRatio)} x floor`] as const;
  });
  const all = [["figure", "value", "unit", "ratio"] as const, ...parts, ["floor", round(floor.ms), "ms", ""] as const, ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, i) => (i === 1 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toFixed(4);
}
