/** Where an axis of time is marked. `at`: POSIX seconds. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
const TICKS_MAX = 80;

/** Ticks between two instants, POSIX seconds, in UTC and in figures alone: every third hour, every day, every month or every half year, as far
 *  apart as the range is long. */
export function ticksOf(first: number, last: number): readonly Tick[] {
  const range = last - first;
  if (range <= 2 * DAY) return every(3 * HOUR, { first, last }, (time) => `${time.slice(11, 16)}Z`);
  if (range <= 14 * DAY) return every(DAY, { first, last }, (time) => time.slice(5, 10));
  const months = range <= 200 * DAY ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] : [0, 6];
  const year = (at: number): number => new Date(at * 1000).getUTCFullYear();
  const years = Array.from({ length: Math.min(TICKS_MAX, year(last) - year(first) + 1) }, (_, i) => year(first) + i);
  return years
    .flatMap((item) => months.map((month) => Date.UTC(item, month, 1) / 1000))
    .filter((at) => at >= first && at <= last)
    .map((at) => ({ at, text: timeOf(at).slice(0, 7) }));
}

function every(
  step: number,
  { first, last }: { readonly first: number; readonly last: number },
  text: (time: string) => string,
): readonly Tick[] {
  const begin = Math.ceil(first / step) * step;
  const count = last < begin ? 0 : Math.floor((last - begin) / step) + 1;
  return Array.from({ length: Math.min(TICKS_MAX, count) }, (_, i) => begin + i * step).map((at) => ({ at, text: text(timeOf(at)) }));
}

const timeOf = (at: number): string => new Date(at * 1000).toISOString();
