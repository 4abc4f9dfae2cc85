import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { openlineHere } from "../../packages/cli/test/run-here.ts";
import { type AtConsole, atConsole } from "./console.ts";
import { type LiveLine, liveLine } from "./live-line.ts";
import { type RunningNode, startNode } from "./openline.ts";

/** A live line in two languages whose nodes run, joined over TLS, each with a console. */
export interface TwoWatches {
  readonly line: LiveLine;
  readonly north: RunningNode;
  readonly south: RunningNode;
}

export async function twoWatches(dir: string, edit?: (terms: string) => string, describe?: (party: string) => string): Promise<TwoWatches> {
  const line = await liveLine(dir, ["north", "south"], ["en", "zh"], edit, describe);
  writeFileSync(join(line.folder("south"), "bearers.yaml"), "listen: 127.0.0.1:0\n");
  const south = await startNode(["--dir", line.folder("south"), "--console", "127.0.0.1:0"]);
  const port = Number(/port (\d+)/.exec(south.printed())?.[1]);
  writeFileSync(join(line.folder("north"), "bearers.yaml"), `dial: ["127.0.0.1:${port}"]\n`);
  const north = await startNode(["--dir", line.folder("north"), "--console", "127.0.0.1:0"]);
  return { line, north, south };
}

/** What a verb says as JSON over the folder `dir`. */
export async function ask<T>(dir: string, ...args: readonly string[]): Promise<T> {
  const ran = await openlineHere([...args, "--dir", dir, "--json"]);
  expect([args.slice(0, 2), ran.code, ran.err.replaceAll(/.*WITHOUT protection.*\n/g, "")]).toEqual([args.slice(0, 2), 0, ""]);
  return JSON.parse(ran.out) as T;
}

/** Somebody at the console of a party, whose key has been given the post of the duty officer. */
export async function seat(
  line: LiveLine,
  party: string,
  as: { readonly locale: string; readonly theme: "night" | "day" },
): Promise<AtConsole> {
  const found = await atConsole(line.folder(party), "duty-officer", as);
  const digits = found.page.locator(".key-line .code");
  await digits.waitFor();
  const kid = (await digits.textContent())?.replaceAll(" ", "") ?? "";
  const folder = `${line.folder(party)}-keys`;
  const keys = ["--directory-key", join(folder, "directory-1.key"), "--out", join(folder, kid), "--plain-keys"];
  const whom = ["--post", "duty-officer", "--person", "Second", "--until", "2099-12-31T06:00:00Z"];
  await ask(line.folder(party), "post", "assign", "--request", kid, ...whom, ...keys);
  await digits.waitFor({ state: "detached" });
  return found;
}
