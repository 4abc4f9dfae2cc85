import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { type EntryView, type StateView, type UnixSeconds, OpenlineError, formatTime, limits, parseUnixSeconds } from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import { FileSecondPlace } from "../store/file-second-place.ts";
import { openSqlite } from "../store/sqlite.ts";
import type { Expectation } from "./exercise-compare.ts";
import { type Exercise, type ExerciseItem, readExercise } from "./exercise-file.ts";
import { holdPlayed, takeFolders } from "./exercise-folders.ts";
import { type Played, replay, replayOn } from "./exercise-replay.ts";
import { FILES, type OpenFolder, createFolder, openFolder } from "./folder.ts";
import { type Status, snapshotOf, statusOf } from "./status.ts";

export interface ExerciseRun {
  readonly exercise: string;
  readonly at: string;
  /** Both parties compute the same states and readings, and hold equal logs while the link is up. */
  readonly agreed: boolean;
  readonly channels: readonly StateView[];
  readonly readings: readonly { readonly reading: string; readonly result: string; readonly evidence: readonly EntryView[] }[];
  readonly expectations: readonly Expectation[];
  readonly parties: Readonly<Record<string, { readonly log: string; readonly size: number; readonly root: string }>>;
}

/** A file that cannot be played: one line with its place. */
export class ExerciseUnreadable extends Error {
  override readonly name = "ExerciseUnreadable";
}

/** Plays an exercise file into `dir`, one folder for each party, and computes the state that they share.
 *  Throws `ExerciseUnreadable`, `ExerciseRefused`, `OpenlineError`. */
export async function runExercise(options: {
  readonly file: string;
  readonly dir: string;
  readonly at?: UnixSeconds;
  readonly fresh: boolean;
}): Promise<ExerciseRun> {
  const exercise = await readExerciseFile(options.file);
  const at = untilOf(exercise, options.at);
  const held = await takeFolders(options.dir, exercise, options.fresh);
  const opened: { close(): Promise<void> }[] = [];
  try {
    const played = await replay(exercise, {
      suite: nativeSuite,
      random,
      until: at,
      place: async (accord, secrets) => {
        const dir = join(options.dir, secrets.id);
        await createFolder(dir, accord, secrets);
        const store = await openSqlite(join(dir, FILES.database), { locked: true });
        const second = new FileSecondPlace(join(dir, FILES.second));
        opened.push(store, second);
        return { store, second };
      },
    });
    return await result(exercise, played);
  } finally {
    // An open store keeps its worker, and so the process.
    for (const place of opened) await place.close();
    held.release();
  }
}

/** Goes on with an earlier play of the same exercise in `dir`: plays what its record does not hold yet, up to and including `at`.
 *  Entries made since then by people stay, and no clock goes back. Expectations are those after where the record had come. Throws
 *  `ExerciseUnreadable`, `ExerciseRefused` (what was played before it stays), `OpenlineError`. */
export async function playOn(options: { readonly file: string; readonly dir: string; readonly at?: UnixSeconds }): Promise<ExerciseRun> {
  const exercise = await readExerciseFile(options.file);
  const until = untilOf(exercise, options.at);
  const held = await holdPlayed(options.dir, exercise);
  const folders: OpenFolder[] = [];
  try {
    for (const { id } of exercise.parties) folders.push(await openFolder(join(options.dir, id), { locked: true }));
    refuseOtherLine(exercise, folders);
    return await result(exercise, await replayOn(exercise, folders, { suite: nativeSuite, random, until }));
  } finally {
    for (const { store, second } of folders) {
      await store.close();
      await second.close();
    }
    held.release();
  }
}

/** Channels are numbered by their place in the file, so one with others would speak on the wrong ones. */
function refuseOtherLine(exercise: Exercise, folders: readonly OpenFolder[]): void {
  const asked = JSON.stringify([exercise.parties.map(({ id }) => id), exercise.channels.map(({ id }) => id)]);
  for (const { dir, accord } of folders) {
    const { parties, channels } = accord.terms;
    if (JSON.stringify([parties, channels.map(({ id }) => id)]) !== asked)
      throw new OpenlineError("usage", `${dir} was played with other parties or channels than ${exercise.fileName} has`);
    if (accord.line !== folders[0]?.accord.line) throw new OpenlineError("usage", `${dir} is of another play than the folder beside it`);
  }
}

const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));

function untilOf(exercise: Exercise, at: UnixSeconds | undefined): UnixSeconds {
  const until = at ?? lastOf(exercise, exercise.items);
  if (until < exercise.start) throw new OpenlineError("usage", `the exercise begins at ${formatTime(exercise.start)}`);
  return until;
}

/** When the last event or claim of an exercise file is. Throws `ExerciseUnreadable`, `OpenlineError`. */
export async function endOfExercise(file: string): Promise<UnixSeconds> {
  const exercise = await readExerciseFile(file);
  return lastOf(exercise, [...exercise.events, ...exercise.claims]);
}

async function readExerciseFile(file: string): Promise<Exercise> {
  const size = await stat(file).catch((cause: unknown) => {
    throw new OpenlineError("usage", `${file} cannot be read`, { cause });
  });
  if (!size.isFile()) throw new OpenlineError("usage", `${file} is no file`);
  if (size.size > limits.exerciseBytesMax) throw new ExerciseUnreadable(`${file}:1:1: longer than ${limits.exerciseBytesMax} bytes`);
  const read = readExercise(await readFile(file), basename(file));
  if (!read.ok) throw new ExerciseUnreadable(read.message);
  return read.exercise;
}

const lastOf = ({ start }: Exercise, items: readonly ExerciseItem[]): UnixSeconds =>
  parseUnixSeconds(Math.max(start, ...items.map((item) => item.on)));

async function result(exercise: Exercise, played: Played): Promise<ExerciseRun> {
  const { at } = played;
  const statuses: Status[] = [];
  for (const node of played.nodes)
    statuses.push(statusOf(nativeSuite, await snapshotOf({ ...node.options, store: node.options.store }), at));
  const [first] = statuses;
  if (first === undefined) throw new OpenlineError("usage", "an exercise has a party");
  const compared = statuses.map(({ channels, readings, cut }) => JSON.stringify({ channels, readings, ...(played.linkUp ? { cut } : {}) }));
  return {
    exercise: exercise.id,
    at: formatTime(at),
    agreed: compared.every((text) => text === compared[0]),
    channels: first.channels,
    readings: first.readings,
    expectations: played.expectations,
    parties: Object.fromEntries(statuses.map(({ party, cut }) => [party, { log: party, ...(cut[party] ?? { size: 0, root: "" }) }])),
  };
}
