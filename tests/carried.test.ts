import { mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { openline, startNode, stopNodes, workFolder } from "./support/openline.ts";

/** Two parties in two processes that nothing joins but files carried from one folder to the other. */
const dir = workFolder();
const folder = (party: string): string => join(dir, "notice", party);
const clock = ["--clock", "2025-12-06T10:00:00Z"];
const spool = (party: string, side: "out" | "in"): string => join(dir, `spool-${party}`, side);

interface Shown {
  readonly kind: string;
  readonly held: readonly { readonly by: string }[];
  readonly acknowledged: string | null;
}
const json = <T>(text: string): T => JSON.parse(text) as T;

beforeAll(async () => {
  const run = await openline(["exercise", "run", "exercises/notice-2025-12-06.yaml", "--dir", join(dir, "notice")]);
  expect(run.code).toBe(0);
  for (const party of ["jpn", "chn"]) for (const side of ["out", "in"] as const) mkdirSync(spool(party, side), { recursive: true });
});
afterEach(stopNodes);

const settingsOf = (party: string): string => `carried:\n  - out: ${spool(party, "out")}\n    in: ${spool(party, "in")}\n`;

/** The carrier: takes every whole parcel across, both ways. */
function carry(): void {
  for (const [from, to] of [
    ["jpn", "chn"],
    ["chn", "jpn"],
  ] as const)
    for (const name of readdirSync(spool(from, "out")))
      if (!name.startsWith(".")) renameSync(join(spool(from, "out"), name), join(spool(to, "in"), name));
}

/** Carries and asks, until the answer is as wanted: each question is a process of its own, and time passes in it. */
async function carriedUntil<T>(ask: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  for (let round = 0; round < 90; round++) {
    carry();
    const value = await ask();
    if (wanted(value)) return value;
  }
  throw new Error("it did not come about");
}

const say = async (args: readonly string[]): Promise<string> => {
  const run = await openline([...args, "--json"]);
  expect(run.err).toBe("");
  const { log, index } = json<{ log: string; index: number }>(run.out);
  return `${log}/${index}`;
};
const shown = async (party: string, place: string): Promise<Shown | undefined> => {
  const run = await openline(["show", place, "--dir", folder(party), "--json"]);
  return run.code === 0 ? json<Shown>(run.out) : undefined;
};
const cut = async (party: string): Promise<string> =>
  JSON.stringify(
    json<{ cut: unknown }>((await openline(["status", "--dir", folder(party), "--at", "2025-12-06T12:00:00Z", "--json"])).out).cut,
  );

describe("two nodes and a stick", () => {
  test("a FLASH is held, acknowledged and answered, junk on the stick is refused, and both records are equal", async () => {
    for (const party of ["jpn", "chn"]) writeFileSync(join(folder(party), "bearers.yaml"), settingsOf(party));
    const [first, second] = [await startNode(["--dir", folder("jpn"), ...clock]), await startNode(["--dir", folder("chn"), ...clock])];
    writeFileSync(join(spool("chn", "in"), "holiday\u202ephoto"), "not a parcel");
    const hotline = ["--channel", "hotline", "--from", "duty-officer"];
    const flash = await say(["send", "--dir", folder("jpn"), ...hotline, "--precedence", "FLASH", "--text", "By hand."]);
    await carriedUntil(
      () => shown("jpn", flash),
      (entry) => entry?.held.some(({ by }) => by === "chn") === true,
    );
    await say(["acknowledge", flash, "--dir", folder("chn"), "--from", "duty-officer", "--text", "Seen."]);
    await say(["answer", flash, "--dir", folder("chn"), "--from", "duty-officer", "--text", "By hand too."]);
    await carriedUntil(
      () => shown("jpn", flash),
      (entry) => entry?.acknowledged !== null && entry !== undefined,
    );
    const texts = await Promise.all(["a", "b", "c"].map((text) => say(["send", "--dir", folder("jpn"), ...hotline, "--text", text])));
    await carriedUntil(
      () => Promise.all([cut("jpn"), cut("chn")]),
      ([a, b]) => a === b,
    );
    for (const place of texts) expect(await shown("chn", place)).toMatchObject({ kind: "message" });
    const { bearers } = json<{ bearers: readonly { kind: string; in: { value: string } }[] }>(
      (await openline(["bearers", "--dir", folder("jpn"), "--json"])).out,
    );
    expect(bearers.filter(({ kind }) => kind === "file")).toMatchObject([{ id: "carried chn", in: { value: "proven" } }]);
    expect(second.printed()).toContain('carried jpn: wrong-size: "holiday⟦U+202E⟧photo"');
    for (const node of [first, second]) expect(await node.stop()).toBe(0);
  }, 300_000);

  test("folders that lead to nobody are refused with one clear line", async () => {
    writeFileSync(join(folder("jpn"), "bearers.yaml"), "carried: [{out: a, peer: usa}]");
    await expect(startNode(["--dir", folder("jpn"), ...clock])).rejects.toThrow("carried: peer: one of chn");
  });
});
