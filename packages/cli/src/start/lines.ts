import { existsSync, readdirSync } from "node:fs";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Language, LANGUAGES, type UnixSeconds, decodeEntry, formatTime, parseTime, parseUnixSeconds } from "@openline/core";
import { type FolderView, makeFolders, endOfExercise, playOn, readFolder, runExercise, snapshotOf } from "@openline/node/operate";
import { EXIT, Ended } from "../exit.ts";
import { NodeSilent, askNode } from "../acting/node-client.ts";
import { ANSWER_MS } from "./limits.ts";
import { LIVE_PARTIES, setUpLiveLine } from "./live-line.ts";

/** What `openline start` was asked for. */
export interface Asked {
  readonly exercise: string;
  /** Undefined: as the folders have it, else 28 September 2023. */
  readonly at: UnixSeconds | undefined;
  readonly dir: string;
  readonly fresh: boolean;
}

/** One party of a line on this machine. */
export interface StartedParty {
  readonly id: string;
  /** Its line, 16 bytes, hex. */
  readonly line: string;
  /** In which it writes; its console opens in it. */
  readonly language: Language;
  readonly dir: string;
  readonly posts: readonly { readonly id: string; readonly role: "watch" | "principal" }[];
}

export interface StartedLine {
  readonly parties: readonly StartedParty[];
}

export interface ExerciseLine extends StartedLine {
  readonly exercise: string;
  /** Its file, and the folder in which its line is. */
  readonly file: string;
  readonly folder: string;
  /** How far it has been played. */
  readonly at: UnixSeconds;
  /** The last event or claim of its file. */
  readonly end: UnixSeconds;
  /** Where its clock goes on: at `at`, or where the record has come since. */
  readonly clock: UnixSeconds;
}

/** One party says on this day that channels remain open, while three are suspended. */
const QUARREL = parseTime("2023-09-28T12:00:00Z");
/** What a start leaves in each line's folder: nothing else is ever removed, whatever its name. */
const MARK = "openline-start.json";

/** The exercise line in `dir`: as it stands there, played on to a later time, or played anew. Throws `Ended`, and what a play throws. */
export async function exerciseLine({ exercise, at, dir, fresh }: Asked): Promise<ExerciseLine> {
  const folder = join(dir, basename(exercise).replace(/\.ya?ml$/, ""));
  const place = { file: exercise, folder, end: await endOfExercise(exercise) };
  const before = fresh ? undefined : playedIn(await markOf(folder));
  if (before === undefined) {
    await begin(folder);
    const run = await runExercise({ file: exercise, dir: partiesOf(folder), at: at ?? QUARREL, fresh: false });
    const played = { exercise: run.exercise, at: run.at, parties: Object.keys(run.parties) };
    await mark(folder, played);
    return readLine(place, played);
  }
  if (at !== undefined && at < parseTime(before.at))
    throw new Ended(EXIT.usage, `${folder} was played to ${before.at}; --fresh begins anew, and --dir takes another folder`);
  return readLine(place, at === undefined ? before : await playedOn(place, before, at));
}

type Place = Pick<ExerciseLine, "file" | "folder" | "end">;
const partiesOf = (folder: string): string => join(folder, "parties");

async function playedOn({ file, folder }: Place, before: Played, at: UnixSeconds): Promise<Played> {
  if (at === parseTime(before.at)) return before;
  await playOn({ file, dir: partiesOf(folder), at });
  const played = { ...before, at: formatTime(at) };
  await mark(folder, played);
  return played;
}

/** Plays a line on to the end of its file, while none of its nodes runs. Throws what a play throws. */
export async function playToEnd(line: ExerciseLine): Promise<void> {
  await playedOn(line, playOf(line), line.end);
}

/** The line as its folders have it now. */
export async function readAgain(line: ExerciseLine): Promise<ExerciseLine> {
  return readLine(line, playedIn(await markOf(line.folder)) ?? playOf(line));
}

const playOf = ({ exercise, at, parties }: ExerciseLine): Played => ({
  exercise,
  at: formatTime(at),
  parties: parties.map(({ id }) => id),
});

interface Played {
  readonly exercise: string;
  readonly at: string;
  readonly parties: readonly string[];
}

/** A play that came to its end; of one that was cut off there is a mark and no more. */
function playedIn(found: Mark | undefined): Played | undefined {
  const { exercise, at, parties } = found ?? {};
  if (typeof exercise !== "string" || typeof at !== "string" || !Array.isArray(parties)) return undefined;
  return { exercise, at, parties: parties.filter((party) => typeof party === "string") };
}

type Mark = Readonly<Record<string, unknown>>;

/** What an earlier start has written of this folder; undefined where there is no such folder, or an empty one. Throws `Ended` where
 *  the folder is somebody else's. */
async function markOf(folder: string): Promise<Mark | undefined> {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) return undefined;
  const read = await readFile(join(folder, MARK), "utf8")
    .then((text): unknown => JSON.parse(text))
    .catch(() => undefined);
  if (typeof read !== "object" || read === null)
    throw new Ended(EXIT.usage, `${folder} is no folder of openline start; it is left alone. --dir takes another one`);
  return { ...read };
}

const mark = (folder: string, what: Mark): Promise<void> => writeFile(join(folder, MARK), `${JSON.stringify(what)}\n`);

/** An empty folder of our own, whatever an earlier start has left in it; none in which a node runs. */
async function begin(folder: string): Promise<void> {
  await markOf(folder);
  for (const party of ["parties", "."].flatMap((place) => partiesIn(join(folder, place)))) await refuseRunning(party);
  await rm(folder, { recursive: true, force: true });
  await makeFolders(folder);
  await mark(folder, {});
}

const partiesIn = (place: string): readonly string[] =>
  existsSync(place)
    ? readdirSync(place, { withFileTypes: true }).flatMap((item) => (item.isDirectory() ? [join(place, item.name)] : []))
    : [];

/** Throws `Ended` where a node runs in a folder. */
export async function refuseRunning(dir: string): Promise<void> {
  if (await answers(dir)) throw new Ended(EXIT.unavailable, `a node runs in ${dir}; end it first`);
}

const answers = (dir: string): Promise<boolean> =>
  askNode(dir, (client) => client.lines(), { withinMs: ANSWER_MS }).then(
    () => true,
    // It hangs, and may go on.
    (error: unknown) => error instanceof NodeSilent,
  );

async function readLine({ file, folder, end }: Place, played: Played): Promise<ExerciseLine> {
  const at = parseTime(played.at);
  const read = await Promise.all(played.parties.map((party) => readParty(join(partiesOf(folder), party), party)));
  const clock = parseUnixSeconds(Math.max(at, ...read.map(({ last }) => last + 1)));
  return { exercise: played.exercise, file, folder, at, end, clock, parties: read.map(({ party }) => party) };
}

/** The live line in `dir`: as it stands there, or set up anew. */
export async function liveLine({ dir, fresh }: Asked): Promise<StartedLine> {
  const folder = join(dir, "live");
  const found = fresh ? undefined : await markOf(folder);
  // What is left of a ceremony that was cut off is begun anew.
  if (found?.["made"] !== true) {
    await begin(folder);
    await setUpLiveLine(folder);
    await mark(folder, { made: true });
  }
  const read = await Promise.all(LIVE_PARTIES.map((party) => readParty(join(folder, party), party)));
  return { parties: read.map(({ party }) => party) };
}

interface Read {
  readonly party: StartedParty;
  /** Time of the last entry that its record holds. */
  readonly last: UnixSeconds;
}

async function readParty(dir: string, id: string): Promise<Read> {
  const view = await readFolder(dir);
  try {
    const { file } = view.party;
    const posts = file.posts.map((post) => ({ id: post.id, role: post.principal ? ("principal" as const) : ("watch" as const) }));
    const language = LANGUAGES.find((item) => item === file.language) ?? "en";
    return { party: { id, line: view.accord.line, language, dir, posts }, last: await lastOf(view) };
  } finally {
    await view.store.close();
  }
}

async function lastOf(view: FolderView): Promise<UnixSeconds> {
  const { logs } = await snapshotOf(view);
  const lasts = [...logs.values()].flatMap((entries) => entries.at(-1) ?? []);
  return parseUnixSeconds(Math.max(0, ...lasts.map(({ entry }) => decodeEntry(entry).placement.time)));
}
