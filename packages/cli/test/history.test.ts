import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeClient } from "@openline/api";
import { OpenlineError, parseTime } from "@openline/core";
import { controlOf, exerciseClock, up } from "@openline/node/operate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openlineHere as openline } from "./run-here.ts";

/** Three years of a real quarrel, step by step, as the command tells them and as a running node does. */

const work = mkdtempSync(join(tmpdir(), "openline-"));
afterAll(() => rmSync(work, { recursive: true }));
const dir = join(work, "played");
const usa = join(dir, "usa");
const END = "2024-12-31T00:00:00Z";

beforeAll(async () => {
  const file = join(import.meta.dirname, "../../../exercises/us-china-2022-2024.yaml");
  expect((await openline(["exercise", "run", file, "--dir", dir])).code).toBe(0);
}, 60_000);

const history = (...more: readonly string[]) => openline(["history", "--dir", usa, ...more]);
async function steps(...more: readonly string[]): Promise<readonly unknown[]> {
  const { code, out, err } = await history("--until", END, "--json", ...more);
  expect([code, err]).toEqual([0, ""]);
  return named((JSON.parse(out) as { steps: unknown[] }).steps);
}

/** A node that no other has answered for ten seconds goes on in a new log, and names the one before by its number. */
const named = (steps: readonly unknown[]): readonly unknown[] =>
  JSON.parse(JSON.stringify(steps).replaceAll(/"usa@[0-9a-f]{16}/g, '"usa')) as readonly unknown[];

describe("openline history", () => {
  test("says what a running node answers, as known now and as known then, of the line and of one channel", async () => {
    const unlocker = () => Promise.reject(new OpenlineError("locked", "no key of these folders is locked"));
    const node = await up([usa], { clock: exerciseClock(parseTime(END)), unlocker, exercisesOnly: false, told: () => undefined });
    try {
      const transport = await controlOf(usa);
      if (transport === undefined) throw new Error("the node runs");
      const client = new NodeClient(transport);
      const [line] = await client.allLines();
      const asked = async (query: { readonly known?: "then"; readonly channel?: string }) =>
        named(await client.wholeHistory(line?.line ?? "", { ...query, until: END }));
      // A running node adds beats of its own, which are no part of a history.
      expect(await steps()).toEqual(await asked({}));
      expect(await steps("--known-then")).toEqual(await asked({ known: "then" }));
      expect(await steps("--channel", "thc")).toEqual(await asked({ channel: "thc" }));
    } finally {
      await node.stop();
    }
  }, 60_000);

  test("tells each step in words: the state with its reasons, and what was said in the words of its author", async () => {
    const { code, out } = await history("--channel", "thc", "--from", "2022-08-04", "--until", "2022-08-31");
    expect(code).toBe(0);
    const steps = out.split("\n\n");
    expect(steps[0]).toMatch(/^EXERCISE/);
    expect(steps[2]).toBe(
      [
        "051200Z AUG 22 (2022-08-05T12:00:00Z)",
        "  Theatre commanders' talk (thc): (=) suspended",
        "    Suspended by Ministry of National Defense of China since 051200Z AUG 22 (00:00:00); they call it cancelled.",
        "    Nothing refused, and nothing shows that a person of United States Department of Defense would answer; no proof since 10 June 2022 (56 days).",
        "    Nothing refused, and nothing shows that a person of Ministry of National Defense of China would answer; no proof since 10 June 2022 (56 days).",
        "  prc/23  Ministry of National Defense of China  cancellation until further notice  Countermeasure to the visit",
      ].join("\n"),
    );
    const chinese = await history("--channel", "thc", "--language", "zh", "--from", "2022-08-05", "--until", "2022-08-06");
    expect(chinese.out).toContain("两军战区领导通话（thc）: (=) 暂停");
  });

  test.each([
    [["--channel", "nowhere"], "the accord has no channel nowhere"],
    [["--from", "2024-01-01", "--until", "2023-01-01"], "--from: not after --until"],
  ])("%s is refused in one line", async (args, words) => {
    expect(await history(...args)).toEqual({ code: 2, out: "", err: `openline: ${words}\n` });
  });
});
