import {
  type Mode,
  type PartyFile,
  type PartyId,
  type Post,
  type Texts,
  type WeekWindow,
  type YamlValue,
  formatDate,
  parsePartyId,
  parsePostId,
  parseUnixSeconds,
  yamlText,
} from "@openline/core";
import {
  booleanOf,
  dateOrTimeOf,
  integerOf,
  listOf,
  mapOf,
  nullable,
  parsedBy,
  required,
  textOf,
  textsOf,
  wordOf,
} from "./exercise-values.ts";
import { ExerciseError, type Yaml, type YamlMap } from "./exercise-yaml.ts";
import { clockTime, timeOfDay } from "./terms-yaml.ts";

/** What a party says of itself before its keys are made. */
export interface PartyDescription {
  readonly id: PartyId;
  readonly mode: Mode;
  readonly name: Texts;
  readonly language: string;
  readonly zone: string;
  readonly posts: readonly Post[];
  readonly hours: readonly WeekWindow[] | null;
  readonly holidays: readonly number[];
  readonly addresses: readonly string[];
  readonly root: { readonly threshold: number; readonly holders: number };
  /** Names of the persons who hold directory keys: at least two. They stay inside the party. */
  readonly directory: readonly string[];
}

const KEYS = ["id", "mode", "name", "language", "languages", "zone", "posts", "hours", "holidays", "addresses", "root", "directory"];

/** Reads a party's own description. Throws `ExerciseError` with the place of what cannot be read. */
export function partyDescriptionOf(root: Yaml): PartyDescription {
  const map = mapOf(root, "the party", KEYS);
  const must = (key: string): Yaml => required(map, key, "the party");
  const roots = mapOf(must("root"), "root", ["threshold", "holders"]);
  const holders = integerOf(required(roots, "holders", "root"), "holders", 1, 64);
  return {
    ...wordsOf(map),
    mode: wordOf(must("mode"), "mode", ["live", "exercise"]),
    root: { threshold: integerOf(required(roots, "threshold", "root"), "threshold", 1, holders), holders },
    directory: personsOf(must("directory")),
  };
}

/** What a party says of itself in its file, beside its keys. */
export type PartyWords = Pick<PartyFile, (typeof WORDS)[number]>;
const WORDS = ["id", "name", "language", "zone", "posts", "hours", "holidays", "addresses"] as const;

/** Reads what a party is to say of itself from now on, its keys staying. Throws `ExerciseError`. */
export const partyWordsOf = (root: Yaml): PartyWords => wordsOf(mapOf(root, "the party", [...WORDS, "languages"]));

function wordsOf(map: YamlMap): PartyWords & { readonly id: PartyId } {
  const must = (key: string): Yaml => required(map, key, "the party");
  const languages = listOf(must("languages"), "languages").map((item) => textOf(item, "language", 16));
  const hours = nullable(map, "hours");
  const zone = must("zone");
  return {
    id: parsedBy(must("id"), "id", parsePartyId),
    name: Object.fromEntries(textsOf(must("name"), "name", languages)),
    language: wordOf(must("language"), "language", languages),
    zone: parsedBy(zone, "zone", zoneOf),
    posts: postsOf(must("posts"), languages),
    hours: hours === undefined ? null : windowsOf(hours),
    holidays: listOf(must("holidays"), "holidays").map((item) => dateOrTimeOf(item, "holiday").seconds),
    addresses: listOf(must("addresses"), "addresses").map((item) => textOf(item, "address", 260)),
  };
}

/** The same as text that `partyWordsOf` reads back. */
export const partyWordsYaml = (words: PartyWords): string => yamlText(partyWordsValue(words));

/** As people write it. `languages` are those of its texts. */
export function partyWordsValue({
  id,
  name,
  language,
  zone,
  posts,
  hours,
  holidays,
  addresses,
}: PartyWords): Readonly<Record<string, YamlValue>> {
  return {
    id,
    languages: [...new Set([language, ...[name, ...posts.map((post) => post.name)].flatMap((texts) => Object.keys(texts))])],
    name,
    language,
    zone,
    posts: posts.map((post) => ({ ...post, name: { ...post.name } })),
    hours: hours === null ? null : hours.map(windowValue),
    holidays: holidays.map((day) => formatDate(parseUnixSeconds(day))),
    addresses,
  };
}

function windowValue({ from, to }: WeekWindow): YamlValue {
  const day = Math.floor(from / 1440);
  const time = (minutes: number): string => clockTime((minutes - day * 1440) * 60);
  // A window that ends at 00:00Z ends with its day.
  return { weekdays: [day + 1], from: time(from), to: time(to === (day + 1) * 1440 ? day * 1440 : to) };
}

function zoneOf(text: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone === "" ? text : text;
  } catch {
    throw new RangeError(`no time zone "${text}"; one such as Europe/Vienna or UTC expected`);
  }
}

function postsOf(node: Yaml, languages: readonly string[]): readonly Post[] {
  return listOf(node, "posts").map((item): Post => {
    const map = mapOf(item, "a post", ["id", "name", "channels", "principal", "deputy"]);
    const deputy = nullable(map, "deputy");
    return {
      id: parsedBy(required(map, "id", "a post"), "id", parsePostId),
      name: Object.fromEntries(textsOf(required(map, "name", "a post"), "name", languages)),
      channels: listOf(required(map, "channels", "a post"), "channels").map((channel) => textOf(channel, "channel", 32)),
      principal: booleanOf(required(map, "principal", "a post"), "principal"),
      deputy: deputy === undefined ? null : parsedBy(deputy, "deputy", parsePostId),
    };
  });
}

/** `{ weekdays: [1, 2], from: 06:00Z, to: 16:00Z }`: minutes from Monday 00:00Z, in order. A window that ends at 00:00Z ends with its day. */
function windowsOf(node: Yaml): readonly WeekWindow[] {
  const windows = listOf(node, "hours").flatMap((item) => {
    const map = mapOf(item, "hours", ["weekdays", "from", "to"]);
    const minute = (key: string): number => parsedBy(required(map, key, "hours"), key, timeOfDay) / 60;
    const [from, to] = [minute("from"), minute("to") === 0 ? 1440 : minute("to")];
    if (to <= from) throw new ExerciseError(item.where, "hours: a window ends on the day on which it begins; write two for a night");
    return listOf(required(map, "weekdays", "hours"), "weekdays").map((day) => {
      const start = (integerOf(day, "weekday", 1, 7) - 1) * 1440;
      return { from: start + from, to: start + to };
    });
  });
  return windows.toSorted((a, b) => a.from - b.from);
}

function personsOf(node: Yaml): readonly string[] {
  const names = listOf(node, "directory").map((item) => textOf(item, "person", 256).normalize("NFC"));
  if (names.length < 2 || new Set(names).size < names.length)
    throw new ExerciseError(node.where, "directory: at least two different persons are needed");
  return names;
}

/** A draft for people to change. */
export const partyDraft = (options: {
  readonly id: string;
  readonly mode: Mode;
}): string => `# Your own party, as the other side will see it. Change what you want, then:
#   openline init --dir DIR --party THIS-FILE
# Your short name, from now on: a to z, 0 to 9 and -.
id: ${options.id}
# live, or exercise for drills: the keys of one are refused on the other.
mode: ${options.mode}
languages: [en]
name: { en: "Ministry of ${options.id}" }
# The language in which you write, one of the above.
language: en
# Where your watch sits, for display; every time on the line is UTC.
zone: UTC
# Offices that speak and are spoken to. channels: as both sides will call them in the terms.
# principal: true for those whose calls are calls between principals. deputy: the post that answers when this one does not.
posts:
  - { id: duty-officer, name: { en: "Duty officer" }, channels: [hotline], principal: false, deputy: null }
# When your watch is manned, in UTC; null: always. [{ weekdays: [1, 2, 3, 4, 5], from: 06:00Z, to: 16:00Z }]
hours: null
# Days on which it is not: [2027-01-01]
holidays: []
# Where the other side may dial your node: [node.example:4433]. Empty: you dial them, or bytes are carried by hand.
addresses: []
# How many of how many root holders must sign an accord. Each is a person with a key of their own.
root: { threshold: 2, holders: 3 }
# Persons who hold a directory key: they give watch keys to officers and take them away. At least two.
# These names stay with you; the other side sees a salted commitment.
directory: ["First person", "Second person"]
`;
