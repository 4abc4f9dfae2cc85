import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenlineError, type UnixSeconds, decodeEntry, formatTime, millisOf, parseTime, parseUnixSeconds } from "@openline/core";
import { afterAll, expect, test } from "vitest";
import {
  type ExerciseRun,
  exerciseClock,
  placeAct,
  playOn,
  readExercise,
  readFolder,
  runExercise,
  snapshotOf,
  up,
} from "../../src/operate/index.ts";

/** An exercise that is played in parts says what one play says. */

const work = mkdtempSync(join(tmpdir(), "openline-on-"));
afterAll(() => rmSync(work, { recursive: true }));
const root = join(import.meta.dirname, "../../../..");
const usChina = join(root, "exercises/us-china-2022-2024.yaml");
const QUARREL = parseTime("2023-09-28T12:00:00Z");

/** What does not rest on the keys of one play. */
const saidBy = ({ at, agreed, channels, readings }: ExerciseRun): unknown => ({
  at,
  agreed,
  channels: channels.map(({ id, verdict, standing, reasons, principals }) => {
    return { id, verdict, standing, reasons: reasons.map(({ code, by, since }) => [code, by, since]), outcome: principals.outcome };
  }),
  readings: readings.map(({ reading, result }) => [reading, result]),
});
const sizesOf = ({ parties }: ExerciseRun): readonly number[] => Object.values(parties).map(({ size }) => size);

/** One party's log, in order. */
async function logIn(dir: string): Promise<readonly { readonly leaf: string; readonly time: UnixSeconds }[]> {
  const view = await readFolder(dir);
  try {
    const entries = (await snapshotOf(view)).logs.get(view.party.incarnation) ?? [];
    return entries.map(({ leaf, entry }) => ({ leaf, time: decodeEntry(entry).placement.time }));
  } finally {
    await view.store.close();
  }
}
const leavesIn = async (dir: string): Promise<readonly string[]> => (await logIn(dir)).map(({ leaf }) => leaf);

test("played to the quarrel, and then on to the end, it says what one play to the end says; played on again, nothing is added", async () => {
  const [whole, dir] = [await runExercise({ file: usChina, dir: join(work, "whole"), fresh: false }), join(work, "parts")];
  const first = await runExercise({ file: usChina, dir, at: QUARREL, fresh: false });
  const leaves = await leavesIn(join(dir, "prc"));
  const second = await playOn({ file: usChina, dir });
  expect(saidBy(second)).toEqual(saidBy(whole));
  expect([...first.expectations, ...second.expectations]).toEqual(whole.expectations);
  expect(second.expectations.map(({ ok }) => ok)).toEqual([true, true]);
  expect((await leavesIn(join(dir, "prc"))).slice(0, leaves.length)).toEqual(leaves);

  const again = await playOn({ file: usChina, dir });
  expect([saidBy(again), sizesOf(again)]).toEqual([saidBy(whole), sizesOf(second)]);
}, 60_000);

test("what people have said in between stays, and the clock does not go back behind it", async () => {
  const dir = join(work, "by hand");
  await runExercise({ file: usChina, dir, at: QUARREL, fresh: false });
  // Later than what the file says next.
  const now = millisOf(parseTime("2023-11-20T12:00:00Z"));
  const act = { channel: "dip", from: "attache", to: "attache", body: { text: { en: "By hand." } } };
  const placed = await placeAct({ dir: join(dir, "usa"), kind: "message", act, now, exchange: true });
  expect(placed.ok).toBe(true);
  if (!placed.ok) return;
  const run = await playOn({ file: usChina, dir, at: parseTime("2023-12-01T12:00:00Z") });
  expect(await leavesIn(join(dir, "usa"))).toContain(placed.value.leaf);
  const { channels, expectations, agreed } = run;
  expect([agreed, expectations.map(({ ok }) => ok)]).toEqual([true, [true]]);
  expect(channels.find(({ id }) => id === "mmca")?.standing.value).toBe("open");
  const ats = (await logIn(join(dir, "prc"))).map(({ time }) => time);
  expect(ats.filter((time) => time > QUARREL).every((time) => millisOf(time) >= now)).toBe(true);
}, 60_000);

const plays = join(root, "vectors/exercises/plays");
test.each(readdirSync(plays).filter((name) => name.endsWith(".yaml")))(
  "%s, cut at either of two times, says the same",
  async (name) => {
    const file = join(plays, name);
    const read = readExercise(readFileSync(file), name);
    expect(read.ok).toBe(true);
    if (!read.ok) return;
    const whole = await runExercise({ file, dir: join(work, name), fresh: false });
    const times = [...new Set(read.exercise.items.map(({ on }) => on))];
    for (const part of [0.3, 0.7]) {
      const at = times[Math.floor(part * times.length)] ?? read.exercise.start;
      const dir = join(work, `${name} ${part}`);
      const first = await runExercise({ file, dir, at, fresh: false });
      const second = await playOn({ file, dir });
      expect(saidBy(second), formatTime(at)).toEqual(saidBy(whole));
      const again = whole.expectations.slice(first.expectations.length - whole.expectations.length);
      expect(
        second.expectations.slice(-again.length).map(({ ok }) => ok),
        formatTime(at),
      ).toEqual(again.map(({ ok }) => ok));
    }
  },
  120_000,
);

test("a running node refuses it, and nothing is changed", async () => {
  const dir = join(work, "running");
  await runExercise({ file: usChina, dir, at: QUARREL, fresh: false });
  const before = await leavesIn(join(dir, "usa"));
  const unlocker = () => Promise.reject(new OpenlineError("locked", "no key of these folders is locked"));
  const node = await up([join(dir, "prc")], {
    clock: exerciseClock(later(QUARREL)),
    unlocker,
    exercisesOnly: false,
    told: () => undefined,
  });
  try {
    await expect(playOn({ file: usChina, dir })).rejects.toMatchObject({ code: "folder-in-use" });
  } finally {
    await node.stop();
  }
  expect(await leavesIn(join(dir, "usa"))).toEqual(before);
}, 60_000);

test("a refused item is named by its place; what was played before it stays, and the rest can follow", async () => {
  const [dir, file] = [join(work, "late"), join(work, "us-china-2022-2024.yaml")];
  // No call can be asked for after that day.
  const text = readFileSync(usChina, "utf8").replace("inForce: 2008-02-29", "inForce: 2008-02-29, expires: 2023-12-01");
  writeFileSync(file, text);
  await runExercise({ file, dir, at: QUARREL, fresh: false });
  const before = await leavesIn(join(dir, "prc"));
  await expect(playOn({ file, dir })).rejects.toThrow(/^us-china-2022-2024\.yaml:\d+:\d+: call-request refused: not-in-force/);
  expect((await leavesIn(join(dir, "prc"))).length).toBeGreaterThan(before.length + 2);

  const calls = /^.*(id: c[45],|ref: c[45]).*\n/gm;
  writeFileSync(file, text.replace(calls, ""));
  const run = await playOn({ file, dir });
  expect([run.agreed, run.expectations.at(-1)?.ok]).toEqual([true, true]);
}, 60_000);

test("where no play of this exercise lies there is nothing to go on with", async () => {
  const dir = join(work, "nothing");
  await expect(playOn({ file: usChina, dir })).rejects.toMatchObject({ code: "usage" });
  expect(readdirSync(work)).not.toContain("nothing");
});

const later = (at: UnixSeconds): UnixSeconds => parseUnixSeconds(at + 60);
