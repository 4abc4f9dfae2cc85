import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { openlineHere } from "../../packages/cli/test/run-here.ts";
import type { LiveLine } from "./live-line.ts";
import { type RunningNode, startNode } from "./openline.ts";

/** What the command answers as JSON; the test fails where it refuses. It runs inside the test. */
export async function ask<T>(...args: readonly string[]): Promise<T> {
  const ran = await openlineHere([...args, "--json"]);
  expect([args[0], ran.code, ran.err]).toEqual([args[0], 0, ""]);
  return JSON.parse(ran.out) as T;
}

/** Asks until the answer is as wanted; asking takes its time, so nothing is waited for besides. */
export async function eventually<T>(question: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  for (let round = 0; round < 400; round++) {
    const value = await question();
    if (wanted(value)) return value;
  }
  throw new Error("it did not come about");
}

/** Starts either node of a line: `south` listens, on the port it once got; `north` calls it. */
export function directNodes(line: () => LiveLine): (party: string) => Promise<RunningNode> {
  let port = 0;
  return async (party) => {
    const settings = party === "south" ? `listen: 127.0.0.1:${port}\n` : `dial: ["127.0.0.1:${port}"]\n`;
    writeFileSync(join(line().folder(party), "bearers.yaml"), settings);
    const node = await startNode(["--dir", line().folder(party)]);
    if (party === "south") port = Number(/port (\d+)/.exec(node.printed())?.[1]);
    return node;
  };
}

/** A message of a party's own, as `openline show` has it. */
export interface Shown {
  readonly leaf: string;
  readonly party: string;
  readonly held: readonly { readonly by: string }[];
  readonly body: { readonly text?: Readonly<Record<string, string>> } | null;
}

/** Says a FLASH on the hotline. */
export const sayFlash = (line: LiveLine, party: string, text: string): Promise<Shown> =>
  ask("send", "--channel", "hotline", "--precedence", "FLASH", "--text", text, "--dir", line.folder(party), "--key", line.watchKey(party));

/** Resolves when the other side has taken receipt of a message. */
export async function untilHeld(line: LiveLine, from: string, leaf: string): Promise<void> {
  await eventually(
    () => ask<readonly Shown[]>("show", "--dir", line.folder(from), "--kind", "message"),
    (all) => all.some((entry) => entry.leaf === leaf && entry.held.length > 0),
  );
}
