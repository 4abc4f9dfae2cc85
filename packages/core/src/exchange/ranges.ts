/** Byte positions [from, to), to above from. A list of ranges is in order, and no two touch. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The list with one more range. */
export function withRange(ranges: readonly Range[], range: Range): readonly Range[] {
  const before = ranges.filter(({ to }) => to < range.from);
  const after = ranges.filter(({ from }) => from > range.to);
  const touched = ranges.slice(before.length, ranges.length - after.length);
  const from = Math.min(range.from, touched[0]?.from ?? Infinity);
  const to = Math.max(range.to, touched.at(-1)?.to ?? 0);
  return [...before, { from, to }, ...after];
}

/** What of [0, size) no range covers. */
export function missingRanges(ranges: readonly Range[], size: number): readonly Range[] {
  const missing: Range[] = [];
  let at = 0;
  for (const { from, to } of ranges) {
    if (from > at) missing.push({ from: at, to: from });
    at = to;
  }
  if (at < size) missing.push({ from: at, to: size });
  return missing;
}
