import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { type EntryView, type StateView, type UnixSeconds, OpenlineError, formatTime, limits, parseUnixSeconds } from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import { FileSecondPlace } from "../store/file-second-place.ts";
import { openSqlite } from "../store/sqlite.ts";
import type { Expectation } from "./exercise-compare.ts";
import { type Exercise, readExercise } from "./exercise-file.ts";
import { takeFolders } from "./exercise-folders.ts";
import { type Played, replay } from "./exercise-replay.ts";
import { FILES, createFolder } from "./folder.ts";
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
  const at = options.at ?? lastOf(exercise);
  if (at < exercise.start) throw new OpenlineError("usage", `the exercise begins at ${formatTime(exercise.start)}`);
  const held = await takeFolders(options.dir, exercise, options.fresh);
  const opened: { close(): Promise<void> }[] = [];
  try {
    const played = await replay(exercise, {
      suite: nativeSuite,
      random: (count) => new Uint8Array(randomBytes(count)),
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
    return await result(exercise, played, at);
  } finally {
    // An open store keeps its worker, and so the process.
    for (const place of opened) await place.close();
    held.release();
  }
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

/** The last of events, claims and expects. */
const lastOf = (exercise: Exercise): UnixSeconds => parseUnixSeconds(Math.max(exercise.start, ...exercise.items.map((item) => item.on)));

async function result(exercise: Exercise, played: Played, at: UnixSeconds): Promise<ExerciseRun> {
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
