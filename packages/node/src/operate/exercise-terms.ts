import {
  type DateSeconds,
  limits,
  parseChannelId,
  parsePartyId,
  parseDateOrTime,
  parsePostId,
  type PartyId,
  type PostId,
  type UnixSeconds,
} from "@openline/core";
import {
  EXERCISE_PRECEDENCES,
  type ExerciseBasis,
  type ExerciseChannel,
  type ExerciseClock,
  type ExerciseClocks,
  type ExerciseParty,
  type ExercisePost,
  type ExerciseTimetable,
} from "./exercise-types.ts";
import {
  booleanOf,
  dateOrTimeOf,
  durationOf,
  integerOf,
  listOf,
  mapOf,
  nullable,
  oneOrMore,
  optional,
  parsedBy,
  plainTextOf,
  positiveDurationOf,
  required,
  textOf,
  textsOf,
  wordOf,
} from "./exercise-values.ts";
import { ExerciseError, type Yaml, type YamlMap } from "./exercise-yaml.ts";

/** The part of an exercise file that becomes its accord: languages, parties, channels. */

const DAY_S = 86_400;
/** The proof window of an accord that does not give one: product.md §3. */
const PROOF_WINDOW_S = 90 * DAY_S;
const WEEKDAYS: readonly number[] = [1, 2, 3, 4, 5, 6, 7];

export function readLanguages(node: Yaml): readonly string[] {
  const languages: string[] = [];
  for (const item of listOf(node, "languages")) {
    const tag = textOf(item, "language");
    if (!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(tag))
      throw new ExerciseError(item.where, `language: a tag like en, zh or zh-Hant expected, not "${tag}"`);
    if (languages.includes(tag)) throw new ExerciseError(item.where, `the language "${tag}" stands twice`);
    languages.push(tag);
  }
  if (languages.length === 0) throw new ExerciseError(node.where, "languages: at least one expected");
  return languages;
}

export function readParties(node: Yaml, languages: readonly string[]): readonly ExerciseParty[] {
  const items = listOf(node, "parties");
  if (items.length < 2 || items.length > limits.partiesMax)
    throw new ExerciseError(node.where, `parties: 2 to ${limits.partiesMax} expected, not ${items.length}`);
  return unique(
    items.map((item) => readParty(item, languages)),
    "party",
  );
}

function readParty(node: Yaml, languages: readonly string[]): ExerciseParty {
  const map = mapOf(node, "a party", ["id", "name", "language", "zone", "posts"]);
  const posts = optional(map, "posts");
  const zone = required(map, "zone", "a party");
  const name = textOf(zone, "zone");
  if (!isTimeZone(name)) throw new ExerciseError(zone.where, `zone: a time zone like Asia/Tokyo or UTC expected, not "${name}"`);
  return {
    where: node.where,
    id: parsedBy(required(map, "id", "a party"), "party", parsePartyId),
    name: textsOf(required(map, "name", "a party"), "name of a party", languages),
    language: wordOf(required(map, "language", "a party"), "language of a party", languages),
    zone: name,
    posts: posts === undefined ? new Map() : readPostNames(posts, languages),
  };
}

function readPostNames(node: Yaml, languages: readonly string[]): ReadonlyMap<string, ExercisePost> {
  const posts = new Map<string, ExercisePost>();
  for (const [id, { where, value }] of mapOf(node, "posts of a party").entries)
    posts.set(id, { where, name: textsOf(value, "name of a post", languages) });
  return posts;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

export function readChannels(node: Yaml, languages: readonly string[], parties: readonly ExerciseParty[]): readonly ExerciseChannel[] {
  const items = listOf(node, "channels");
  if (items.length === 0 || items.length > limits.channelsMax)
    throw new ExerciseError(node.where, `channels: 1 to ${limits.channelsMax} expected, not ${items.length}`);
  const channels = unique(
    items.map((item) => readChannel(item, languages, parties)),
    "channel",
  );
  for (const party of parties) checkNamedPosts(party, channels);
  return channels;
}

/** Only the channels say which posts there are. */
function checkNamedPosts(party: ExerciseParty, channels: readonly ExerciseChannel[]): void {
  const own = new Set<string>(channels.flatMap(({ posts }) => posts.get(party.id) ?? []));
  for (const [id, { where }] of party.posts)
    if (!own.has(id))
      throw new ExerciseError(
        where,
        `posts: party ${party.id} has no post "${id}" on any channel (it has ${[...own].join(", ") || "none"})`,
      );
}

const CHANNEL_KEYS = ["id", "name", "kind", "basis", "posts", "clocks", "timetable", "proofWindow"];

function readChannel(node: Yaml, languages: readonly string[], parties: readonly ExerciseParty[]): ExerciseChannel {
  const map = mapOf(node, "a channel", CHANNEL_KEYS);
  const posts = readPosts(required(map, "posts", "a channel"), parties);
  const timetable = nullable(map, "timetable");
  const proofWindow = nullable(map, "proofWindow");
  return {
    where: node.where,
    id: parsedBy(required(map, "id", "a channel"), "channel", parseChannelId),
    name: textsOf(required(map, "name", "a channel"), "name of a channel", languages),
    kind: wordOf(required(map, "kind", "a channel"), "kind of a channel", ["military", "diplomatic", "leaders"]),
    basis: readBasis(required(map, "basis", "a channel"), languages),
    posts,
    clocks: readClocks(nullable(map, "clocks")),
    timetable: timetable === undefined ? null : readTimetable(timetable, posts),
    proofWindowS: proofWindow === undefined ? PROOF_WINDOW_S : positiveDurationOf(proofWindow, "proofWindow"),
  };
}

function readBasis(node: Yaml, languages: readonly string[]): ExerciseBasis {
  const map = mapOf(node, "basis", ["text", "inForce", "expires", "sure"]);
  const expiry = nullable(map, "expires");
  const inForce = basisTime(required(map, "inForce", "basis"), "inForce");
  const expires = expiry === undefined ? null : basisTime(expiry, "expires");
  if (expiry !== undefined && expires !== null && expires <= inForce)
    throw new ExerciseError(expiry.where, "expires: a basis ends after it begins");
  const sure = optional(map, "sure");
  return {
    text: plainTextOf(required(map, "text", "basis"), "text of a basis", languages),
    inForce,
    expires,
    sure: sure === undefined || booleanOf(sure, "sure"),
  };
}

/** A date alone is 00:00Z. Treaties are older than POSIX time. */
function basisTime(node: Yaml, what: string): DateSeconds {
  return parsedBy(node, what, (text) => {
    if (!/^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text)) throw new RangeError(`2022-08-05 or 2022-08-05T12:00:00Z expected, not "${text}"`);
    return parseDateOrTime(text);
  });
}

function readPosts(node: Yaml, parties: readonly ExerciseParty[]): ReadonlyMap<PartyId, readonly PostId[]> {
  const posts = new Map<PartyId, readonly PostId[]>();
  for (const [name, { where, value }] of mapOf(node, "posts").entries) {
    const party = parties.find(({ id }) => id === name);
    if (party === undefined) throw new ExerciseError(where, `posts: unknown party "${name}"`);
    const list: PostId[] = [];
    for (const item of oneOrMore(value)) {
      const post = parsedBy(item, "post", parsePostId);
      if (list.includes(post)) throw new ExerciseError(item.where, `the post "${post}" stands twice`);
      list.push(post);
    }
    if (list.length > 0) posts.set(party.id, list);
  }
  return posts;
}

function readClocks(node: Yaml | undefined): ExerciseClocks {
  if (node === undefined) return { acknowledge: {}, answer: {}, callRequestS: null };
  const held = node.kind === "map" ? node.entries.get("held") : undefined;
  if (held !== undefined) throw new ExerciseError(held.where, "clocks: an exercise has no held clock");
  const map = mapOf(node, "clocks", ["acknowledge", "answer", "callRequest"]);
  const callRequest = nullable(map, "callRequest");
  return {
    acknowledge: readClock(nullable(map, "acknowledge"), "acknowledge"),
    answer: readClock(nullable(map, "answer"), "answer"),
    callRequestS: callRequest === undefined ? null : durationOf(callRequest, "callRequest"),
  };
}

/** A duration per precedence; one duration alone is that of every precedence. */
function readClock(node: Yaml | undefined, what: string): ExerciseClock {
  if (node === undefined) return {};
  const clock: { -readonly [P in keyof ExerciseClock]: ExerciseClock[P] } = {};
  const map = node.kind === "map" ? mapOf(node, `the clock "${what}"`, EXERCISE_PRECEDENCES) : undefined;
  for (const precedence of EXERCISE_PRECEDENCES) {
    const value = map === undefined ? node : optional(map, precedence);
    if (value !== undefined) clock[precedence] = durationOf(value, `${what} ${precedence}`);
  }
  return clock;
}

function readTimetable(node: Yaml, posts: ReadonlyMap<PartyId, readonly PostId[]>): ExerciseTimetable {
  const map = mapOf(node, "timetable", ["caller", "times", "weekdays", "except", "grace"]);
  const times = required(map, "times", "timetable");
  const weekdays = optional(map, "weekdays");
  const except = optional(map, "except");
  return {
    caller: readCaller(required(map, "caller", "timetable"), posts),
    timesS: distinct(
      times,
      listOf(times, "times").map((item) => parsedBy(item, "time of a slot", parseTimeOfDay)),
      "times",
    ),
    weekdays:
      weekdays === undefined
        ? WEEKDAYS
        : distinct(
            weekdays,
            listOf(weekdays, "weekdays").map((item) => integerOf(item, "weekday", 1, 7)),
            "weekdays",
          ),
    except: except === undefined ? [] : listOf(except, "except").map(readDay),
    graceS: positiveDurationOf(required(map, "grace", "timetable"), "grace"),
  };
}

function readCaller(node: Yaml, posts: ReadonlyMap<PartyId, readonly PostId[]>): PartyId | "alternate" {
  const name = textOf(node, "caller");
  if (name === "alternate") return "alternate";
  for (const party of posts.keys()) if (party === name) return party;
  throw new ExerciseError(node.where, `caller: alternate or a party with a post on the channel expected, not "${name}"`);
}

function readDay(node: Yaml): UnixSeconds {
  const { seconds, dateOnly } = dateOrTimeOf(node, "except");
  if (!dateOnly) throw new ExerciseError(node.where, "except: a date expected");
  return seconds;
}

function parseTimeOfDay(text: string): number {
  const found = /^([01]\d|2[0-3]):([0-5]\d)Z$/.exec(text);
  if (found === null) throw new RangeError(`06:00Z expected, not "${text}"`);
  return Number(found[1]) * 3600 + Number(found[2]) * 60;
}

/** Ascending, at least one, none twice. */
function distinct(node: Yaml, values: readonly number[], what: string): readonly number[] {
  if (values.length === 0) throw new ExerciseError(node.where, `${what}: at least one expected`);
  if (new Set(values).size < values.length) throw new ExerciseError(node.where, `${what}: one stands twice`);
  return values.toSorted((a, b) => a - b);
}

function unique<T extends { readonly id: string; readonly where: YamlMap["where"] }>(items: readonly T[], what: string): readonly T[] {
  const seen = new Set<string>();
  for (const { id, where } of items) {
    if (seen.has(id)) throw new ExerciseError(where, `the ${what} "${id}" stands twice`);
    seen.add(id);
  }
  return items;
}
