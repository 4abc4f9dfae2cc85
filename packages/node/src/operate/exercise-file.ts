import type { UnixSeconds } from "@openline/core";
import { type ExerciseNames, readEvents } from "./exercise-events.ts";
import { readClaims, readExpects } from "./exercise-expects.ts";
import { readChannels, readLanguages, readParties } from "./exercise-terms.ts";
import type { Exercise, ExerciseItem, Texts } from "./exercise-types.ts";
import { mapOf, optional, optionally, plainTextOf, required, textOf, textsOf } from "./exercise-values.ts";
import { ExerciseError, readYaml, type Yaml } from "./exercise-yaml.ts";

export type * from "./exercise-types.ts";

/** An exercise, or the first thing in the file that is not of the format. `message` is one line that begins with the place,
 *  `file:line:column:`. */
export type ExerciseReadout =
  | { readonly ok: true; readonly exercise: Exercise }
  | { readonly ok: false; readonly line: number; readonly column: number; readonly message: string };

/** Reads an exercise file: text, or its bytes as UTF-8. Source: exercises/README.md. */
export function readExercise(input: string | Uint8Array, fileName: string): ExerciseReadout {
  try {
    return { ok: true, exercise: exerciseOf(readYaml(input), fileName) };
  } catch (error) {
    if (!(error instanceof ExerciseError)) throw error;
    const { line, column } = error.where;
    return { ok: false, line, column, message: `${fileName}:${line}:${column}: ${error.message}` };
  }
}

const KEYS = ["exercise", "title", "note", "languages", "parties", "channels", "events", "claims", "expect"];

function exerciseOf(root: Yaml, fileName: string): Exercise {
  const map = mapOf(root, "the exercise", KEYS);
  const id = exerciseId(required(map, "exercise", "the file"));
  const languages = readLanguages(required(map, "languages", "the exercise"));
  const title = titleOf(required(map, "title", "the exercise"), languages);
  const parties = readParties(required(map, "parties", "the exercise"), languages);
  const channels = readChannels(required(map, "channels", "the exercise"), languages, parties);
  const names: ExerciseNames = { languages, parties, channels, events: new Map() };
  const events = readEvents(optional(map, "events"), names);
  const claims = readClaims(optional(map, "claims"), names);
  const expects = readExpects(optional(map, "expect"), names);
  const items = inReplayOrder([...events, ...claims, ...expects]);
  const [first] = items;
  if (first === undefined) throw new ExerciseError(map.where, "nothing to replay: no events, claims or expects");
  const { note = "" } = optionally(map, "note", (node) => noteOf(node, languages));
  return { fileName, id, title, note, languages, parties, channels, events, claims, expects, items, start: first.on };
}

/** The id names folders too. */
function exerciseId(node: Yaml): string {
  const id = textOf(node, "exercise");
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id))
    throw new ExerciseError(node.where, `exercise: an id of letters, digits, ".", "_" and "-" expected, not "${id}"`);
  return id;
}

/** For readers of the file, who may also be told nothing. */
const noteOf = (node: Yaml, languages: readonly string[]): string =>
  node.kind === "scalar" && node.value === "" ? "" : plainTextOf(node, "note", languages);

/** A plain title is the title in every language. */
function titleOf(node: Yaml, languages: readonly string[]): Texts {
  if (node.kind !== "scalar") return textsOf(node, "title", languages);
  const title = textOf(node, "title");
  return new Map(languages.map((language) => [language, title]));
}

/** By time; the sort is stable, so at one instant events stand before claims and those before expects, each in file order. */
function inReplayOrder(items: readonly ExerciseItem[]): readonly ExerciseItem[] {
  const at = ({ on }: ExerciseItem): UnixSeconds => on;
  return items.toSorted((a, b) => at(a) - at(b));
}
