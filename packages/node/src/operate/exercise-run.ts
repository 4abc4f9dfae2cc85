import { randomBytes } from "node:crypto";
import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type EntryView, type StateView, type UnixSeconds, OpenlineError, formatTime, limits, parseUnixSeconds } from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import { FileSecondPlace } from "../store/file-second-place.ts";
import { openSqlite } from "../store/sqlite.ts";
import type { Expectation } from "./exercise-compare.ts";
import { type Exercise, readExercise } from "./exercise-file.ts";
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
  await clear(options.dir, exercise.id, options.fresh);
  const opened: { close(): Promise<void> }[] = [];
  try {
    const played = await replay(exercise, {
      suite: nativeSuite,
      random: (count) => new Uint8Array(randomBytes(count)),
      until: at,
      place: async (accord, secrets) => {
        const dir = join(options.dir, secrets.id);
        await createFolder(dir, accord, secrets);
        await writeFile(join(dir, FILES.exercise), `${exercise.id}\n`);
        const store = await openSqlite(join(dir, FILES.database));
        const second = new FileSecondPlace(join(dir, FILES.second));
        opened.push(store, second);
        return { store, second };
      },
    });
    return await result(exercise, played, at);
  } finally {
    // An open store keeps its worker, and so the process.
    for (const place of opened) await place.close();
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

/** `dir` must be empty, or with `fresh` hold the same exercise and nothing else; it is then emptied. */
async function clear(dir: string, exercise: string, fresh: boolean): Promise<void> {
  const names = await mkdir(dir, { recursive: true })
    .then(() => readdir(dir))
    .catch((cause: unknown) => {
      throw new OpenlineError("usage", `${dir} is no folder that can be written: ${cause instanceof Error ? cause.message : ""}`, {
        cause,
      });
    });
  if (names.length === 0) return;
  if (!fresh) throw new OpenlineError("usage", `${dir} is not empty; --fresh plays the same exercise anew`);
  for (const name of names) {
    const found = await readFile(join(dir, name, FILES.exercise), "utf8").catch(() => "");
    if (found.trim() !== exercise)
      throw new OpenlineError("usage", `${join(dir, name)} is no folder of exercise ${exercise}; it is left alone`);
  }
  for (const name of names) await rm(join(dir, name), { recursive: true });
}

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
