import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect } from "vitest";
import { type Ran, openlineHere as openline } from "./run-here.ts";

let dir = "";

/** A folder of the test file that asks for it, in which everything here happens; removed when the file is done. */
export function ownFolder(): void {
  const own = mkdtempSync(join(tmpdir(), "openline-"));
  dir = own;
  afterAll(() => rmSync(own, { recursive: true, force: true }));
}
export const at = (...names: readonly string[]): string => join(dir, ...names);
export const json = <T>(ran: Ran): T => JSON.parse(ran.out) as T;

export async function done(args: readonly string[]): Promise<Ran> {
  const ran = await openline(args);
  expect(ran.err.replaceAll(/^openline: keys are written WITHOUT protection.*\n/gm, "")).toBe("");
  expect(ran.code).toBe(0);
  return ran;
}

/** Ends with this code, one line, and nothing of the program's inside. */
export async function refused(args: readonly string[], code: number, words: RegExp | string): Promise<void> {
  const ran = await openline(args);
  expect(ran.err).toMatch(new RegExp(words));
  expect(
    ran.err
      .replaceAll(/^openline: keys are written WITHOUT protection.*\n/gm, "")
      .trim()
      .split("\n"),
  ).toHaveLength(1);
  expect(ran.err).not.toContain("    at ");
  expect(ran.code).toBe(code);
}

export async function describeParty(
  id: string,
  change: (text: string) => string = (text) => text,
  mode: readonly string[] = [],
): Promise<string> {
  const path = at(`${id}.yaml`);
  writeFileSync(path, change((await done(["init", "--draft", id, ...mode])).out));
  return path;
}
export const init = (folder: string, party: string): Promise<Ran> => done(["init", "--dir", at(folder), "--party", party, "--plain-keys"]);
export const accord = (verb: string, folder: string, ...more: readonly string[]): string[] => [
  "accord",
  verb,
  "--dir",
  at(folder),
  ...more,
];
export const digitsOf = async (folder: string): Promise<string> =>
  json<{ digits: string }>(await done(accord("digest", folder, "--json"))).digits;
export const stepOf = async (folder: string): Promise<string> =>
  json<{ next: readonly { step: string; by: string }[] }>(await done(accord("show", folder, "--json")))
    .next.map(({ step, by }) => `${step} ${by}`)
    .join(", ");

/** A copy of everything with its modes, so that one test cannot spoil the next. */
export function copied(name: string, ...folders: readonly string[]): void {
  for (const folder of folders) {
    const into = at(name, folder);
    mkdirSync(dirname(into), { recursive: true });
    for (const end of ["", "-keys", "-second"]) execFileSync("cp", ["-a", at(`${folder}${end}`), `${into}${end}`]);
  }
}

export const north = "c/north";
export const south = "c/south";

/** The ceremony of north and south up to the terms that wait to be accepted, each stage kept for what can go wrong at it. */
export async function untilProposed(): Promise<void> {
  mkdirSync(at("c"));
  await init(north, await describeParty("north"));
  await init(south, await describeParty("south"));
  copied("made", north, south);
  await done(accord("import", north, at(south, "out/south.party")));
  await done(accord("import", south, at(north, "out/north.party")));
  copied("met", north, south);
  writeFileSync(at("terms.yaml"), (await done(accord("draft", north, "--from", "2026-01-01"))).out);
  await done(accord("propose", north, "--terms", at("terms.yaml")));
  await done(accord("import", south, at(north, "out/line.terms")));
  copied("proposed", north, south);
}

/** The rest of it, up to the accord in force. */
export async function untilInForce(): Promise<void> {
  await untilProposed();
  await done(accord("accept", south));
  for (const folder of [north, south]) await done(accord("confirm", folder, "--digits", await digitsOf(north)));
  for (const folder of [north, south])
    for (const holder of ["root-1", "root-2"]) await done(accord("sign", folder, "--key", at(`${folder}-keys/${holder}.key`)));
  await done(accord("import", north, at(south, "out/south.signatures"), at(south, "out/south-to-north.contribution")));
  await done(accord("import", south, at(north, "out/north.signatures"), at(north, "out/north-to-south.contribution")));
  for (const folder of [north, south]) await done(accord("confirm", folder));
}
