import type { Figure, Floor } from "@openline/node/measure";

/** What a bench has found. */
export interface Measured {
  readonly floor: Floor;
  readonly figures: readonly Figure[];
}

/** The lines that a person reads: the floor first, then each figure beside it. */
export function figureTable({ floor, figures }: Measured): readonly string[] {
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
