import { expect } from "vitest";
import { Line } from "./line.ts";

/** Two nodes with their posts, joined, with nothing on its way. */
export async function connected(options: Parameters<typeof Line.open>[0] = {}): Promise<Line> {
  const line = await Line.open(options);
  await line.assign();
  await line.connect();
  await line.settle();
  return line;
}

/** Both hold the same logs, entry for entry, and each has read all of them. */
export function expectEqual(line: Line): void {
  const [first, ...others] = line.players.map(({ disk }) => disk.entries);
  for (const other of others) {
    expect([...other.keys()].toSorted()).toEqual([...first!.keys()].toSorted());
    for (const [log, entries] of first!) expect(other.get(log)!.map(({ leaf }) => leaf)).toEqual(entries.map(({ leaf }) => leaf));
  }
  for (const { node } of line.players) {
    expect(node.record.waiting).toBe(0);
    for (const [log, entries] of first!) expect(node.record.readTo(log)).toBe(entries.length);
  }
  expect(line.oracle.wrong).toEqual([]);
}

/** Lets everything go on that can. */
export const breathe = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};
