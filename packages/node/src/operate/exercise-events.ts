import { type Cbor, limits, parseFormId, type PartyId, type PostId, type UnixSeconds } from "@openline/core";
import { EVENT_KEYS, type ExerciseAct, parseExerciseAct, specOfAct } from "./exercise-acts.ts";
import {
  EXERCISE_PRECEDENCES,
  type ExerciseChannel,
  type ExerciseEvent,
  type ExerciseLink,
  type ExerciseParty,
  type ExercisePrecedence,
  type Texts,
} from "./exercise-types.ts";
import {
  booleanOf,
  decimalText,
  idOf,
  integerOf,
  listOf,
  mapOf,
  momentOf,
  nullable,
  parsedBy,
  oneOrMore,
  optional,
  optionally,
  plainTextOf,
  positionOf,
  required,
  textOf,
  textsOf,
  wordOf,
} from "./exercise-values.ts";
import { ExerciseError, type Yaml, type YamlMap } from "./exercise-yaml.ts";

/** What the events, claims and expects of a file may name. */
export interface ExerciseNames {
  readonly languages: readonly string[];
  readonly parties: readonly ExerciseParty[];
  readonly channels: readonly ExerciseChannel[];
  /** Filled as events are read, so that a reference finds earlier events only. */
  readonly events: Map<string, ExerciseEvent>;
}

/** The events in file order, which must be the order of time. */
export function readEvents(node: Yaml | undefined, names: ExerciseNames): readonly (ExerciseEvent | ExerciseLink)[] {
  if (node === undefined) return [];
  const events: (ExerciseEvent | ExerciseLink)[] = [];
  for (const item of listOf(node, "events")) {
    const map = mapOf(item, "an event");
    const event = map.entries.has("link") ? readLink(map) : readEvent(map, names);
    const before = events.at(-1);
    if (before !== undefined && event.on < before.on)
      throw new ExerciseError(
        map.entries.get("on")?.where ?? item.where,
        `out of order: earlier than the event before it (line ${before.where.line})`,
      );
    if (event.kind === "event" && event.id !== undefined) names.events.set(event.id, event);
    events.push(event);
  }
  return events;
}

function readLink(map: YamlMap): ExerciseLink {
  mapOf(map, "a link event", ["on", "link", "source", "sure"]);
  optionally(map, "source", (node) => textOf(node, "source"));
  optionally(map, "sure", (node) => booleanOf(node, "sure"));
  return {
    kind: "link",
    where: map.where,
    on: momentOf(required(map, "on", "a link event"), "on"),
    link: wordOf(required(map, "link", "a link event"), "link", ["down", "up"]),
  };
}

function readEvent(map: YamlMap, names: ExerciseNames): ExerciseEvent {
  const act = readAct(required(map, "act", "an event"));
  const what = `an event of act ${act}`;
  const { required: needed, optional: allowed, onLine } = specOfAct(act);
  mapOf(map, what, [...EVENT_KEYS, ...needed, ...allowed]);
  for (const key of needed) required(map, key, what);
  const party = partyOf(required(map, "party", what), names);
  const channelNode = nullable(map, "channel");
  if (channelNode === undefined && onLine !== true)
    throw new ExerciseError(map.where, `${what} needs "channel": it cannot stand on the line itself`);
  const channel = channelNode === undefined ? null : channelOf(channelNode, names);
  const ref = optional(map, "ref");
  const referred = ref === undefined ? undefined : eventOf(ref, "ref", names);
  const scene: Scene = { map, what, act, party, channel, referred };
  const sure = optional(map, "sure");
  return {
    kind: "event",
    where: map.where,
    on: momentOf(required(map, "on", what), "on"),
    party,
    act,
    channel: channel?.id ?? null,
    ...optionally(map, "id", (node) => newIdOf(node, names)),
    ...(referred?.id === undefined ? {} : { ref: referred.id }),
    post: actingPost(scene, names),
    to: addressedPosts(scene, names),
    precedence: precedenceOf(scene),
    ...(act === "message" || act === "answer" ? { wantsAnswer: wantsAnswer(map, act === "message") } : {}),
    sure: sure === undefined || booleanOf(sure, "sure"),
    ...readWords(map, names.languages),
    ...readFacts(map, names.languages, act),
  };
}

/** What is known of an event while its posts and precedence are worked out. */
interface Scene {
  readonly map: YamlMap;
  readonly what: string;
  readonly act: ExerciseAct;
  readonly party: PartyId;
  readonly channel: ExerciseChannel | null;
  readonly referred: ExerciseEvent | undefined;
}

function readAct(node: Yaml): ExerciseAct {
  const name = textOf(node, "act");
  const act = parseExerciseAct(name);
  if (act === undefined) throw new ExerciseError(node.where, `unknown act "${name}"`);
  return act;
}

export function partyOf(node: Yaml, names: ExerciseNames): PartyId {
  const name = textOf(node, "party");
  const party = names.parties.find(({ id }) => id === name);
  if (party === undefined) throw new ExerciseError(node.where, `unknown party "${name}"`);
  return party.id;
}

export function channelOf(node: Yaml, names: ExerciseNames): ExerciseChannel {
  const name = textOf(node, "channel");
  const channel = names.channels.find(({ id }) => id === name);
  if (channel === undefined) throw new ExerciseError(node.where, `unknown channel "${name}"`);
  return channel;
}

/** An event before the place that names it. */
export function eventOf(node: Yaml, what: string, names: ExerciseNames): ExerciseEvent {
  const id = idOf(node, what);
  const event = names.events.get(id);
  if (event === undefined) throw new ExerciseError(node.where, `${what}: no earlier event has the id "${id}"`);
  return event;
}

function newIdOf(node: Yaml, names: ExerciseNames): string {
  const id = idOf(node, "id");
  const other = names.events.get(id);
  if (other !== undefined) throw new ExerciseError(node.where, `the id "${id}" stands twice (first on line ${other.where.line})`);
  return id;
}

/** Posts of a party on a channel, or on any channel for the line itself. In file order, so the first is the party's first. */
export function postsOf(party: PartyId, channel: ExerciseChannel | null, names: ExerciseNames): readonly PostId[] {
  const channels = channel === null ? names.channels : [channel];
  return [...new Set(channels.flatMap(({ posts }) => posts.get(party) ?? []))];
}

function actingPost({ map, what, act, party, channel, referred }: Scene, names: ExerciseNames): PostId {
  const own = postsOf(party, channel, names);
  const [first] = own;
  const place = channel === null ? "the line" : `channel ${channel.id}`;
  if (first === undefined) throw new ExerciseError(map.where, `party ${party} has no post on ${place}, so it cannot act there`);
  const key = act === "call-request" ? "for" : "from";
  if (act === "call-request" && map.entries.has("from"))
    throw new ExerciseError(
      map.entries.get("from")?.where ?? map.where,
      `unknown key "from" in ${what}: the post asking stands under "for"`,
    );
  const given = optional(map, key);
  if (given !== undefined) {
    const name = textOf(given, key);
    const found = own.find((post) => post === name);
    if (found === undefined)
      throw new ExerciseError(given.where, `${key}: party ${party} has no post "${name}" on ${place} (it has ${own.join(", ")})`);
    return found;
  }
  if (referred === undefined || referred.party === party) return first;
  return referred.to.find((post) => own.includes(post)) ?? first;
}

function addressedPosts({ map, party, channel, referred }: Scene, names: ExerciseNames): readonly PostId[] {
  const others = new Set(names.parties.filter(({ id }) => id !== party).flatMap(({ id }) => postsOf(id, channel, names)));
  const given = optional(map, "to");
  if (given === undefined) {
    if (referred === undefined) return [];
    return (referred.party === party ? referred.to : [referred.post]).filter((post) => others.has(post));
  }
  const to: PostId[] = [];
  for (const node of oneOrMore(given)) {
    const name = textOf(node, "to");
    const post = [...others].find((other) => other === name);
    if (post === undefined) {
      const place = channel === null ? "the line" : `channel ${channel.id}`;
      throw new ExerciseError(node.where, `to: no other party has a post "${name}" on ${place} (there are ${[...others].join(", ")})`);
    }
    if (!to.includes(post)) to.push(post);
  }
  if (to.length === 0) throw new ExerciseError(given.where, "to: at least one post expected");
  return to;
}

/** ROUTINE, and for an update the precedence of what it updates. */
function precedenceOf({ map, act, referred }: Scene): ExercisePrecedence {
  const node = optional(map, "precedence");
  if (node !== undefined) return wordOf(node, "precedence", EXERCISE_PRECEDENCES);
  return act === "notification-update" && referred !== undefined ? referred.precedence : "ROUTINE";
}

function wantsAnswer(map: YamlMap, byDefault: boolean): boolean {
  const node = optional(map, "wantsAnswer");
  return node === undefined ? byDefault : booleanOf(node, "wantsAnswer");
}

type Words = Pick<ExerciseEvent, "subject" | "text" | "reason" | "ground" | "title" | "characterisation" | "conditions">;

function readWords(map: YamlMap, languages: readonly string[]): Words {
  const short = <K extends string>(key: K): { readonly [P in K]?: Texts } => optionally(map, key, (node) => textsOf(node, key, languages));
  return {
    ...short("subject"),
    ...optionally(map, "text", (node) => textsOf(node, "text", languages, limits.textBytesMax)),
    ...short("reason"),
    ...short("ground"),
    ...short("title"),
    ...short("characterisation"),
    ...optionally(map, "conditions", (node) => oneOrMore(node).map((item) => textsOf(item, "conditions", languages))),
  };
}

type Facts = Omit<Partial<ExerciseEvent>, keyof Words>;

function readFacts(map: YamlMap, languages: readonly string[], act: ExerciseAct): Facts {
  return {
    ...optionally(map, "source", (node) => plainTextOf(node, "source", languages)),
    ...optionally(map, "until", (node) => momentOf(node, "until")),
    ...optionally(map, "effective", (node) => momentOf(node, "effective")),
    ...optionally(map, "review", (node) => momentOf(node, "review")),
    ...optionally(map, "scope", (node) => readScope(node, act)),
    ...optionally(map, "windows", readWindows),
    ...optionally(map, "quality", (node) => integerOf(node, "quality", 1, 5)),
    ...optionally(map, "place", (node) => plainTextOf(node, "place", languages)),
    ...optionally(map, "position", (node) => positionOf(node, "position")),
    ...optionally(map, "with", (node) => oneOrMore(node).map((item) => plainTextOf(item, "with", languages))),
    ...optionally(map, "way", (node) => plainTextOf(node, "way", languages)),
    ...optionally(map, "form", (node) => parsedBy(node, "form", parseFormId)),
    ...optionally(map, "fields", (node) => readFields(mapOf(node, "fields"))),
  };
}

function readScope(node: Yaml, act: ExerciseAct): "until-further-notice" | readonly string[] {
  // Whoever reads it as some forms would find the whole channel gone.
  if (node.kind === "list" && act === "withdraw")
    throw new ExerciseError(node.where, "scope: a withdrawal ends the whole channel; suspend or cancel names forms");
  if (node.kind !== "list") return wordOf(node, "scope (or a list of forms)", ["until-further-notice"]);
  const forms = [...new Set(node.items.map((item) => parsedBy(item, "form in scope", parseFormId)))];
  if (forms.length === 0 || forms.length > limits.scopeFormsMax)
    throw new ExerciseError(node.where, `scope: 1 to ${limits.scopeFormsMax} forms expected`);
  return forms;
}

function readWindows(node: Yaml): readonly (readonly [UnixSeconds, UnixSeconds])[] {
  const items = listOf(node, "windows");
  if (items.length === 0 || items.length > limits.windowsMax)
    throw new ExerciseError(node.where, `windows: 1 to ${limits.windowsMax} expected`);
  return items.map(readWindow);
}

/** `{ from, to }`, or the two in a list. */
function readWindow(node: Yaml): readonly [UnixSeconds, UnixSeconds] {
  const map = node.kind === "list" ? undefined : mapOf(node, "a window", ["from", "to"]);
  const [first, last, more] =
    map === undefined ? listOf(node, "a window") : [required(map, "from", "a window"), required(map, "to", "a window")];
  if (first === undefined || last === undefined || more !== undefined)
    throw new ExerciseError(node.where, "a window: from and to expected");
  const [from, to] = [momentOf(first, "from"), momentOf(last, "to")];
  if (to < from) throw new ExerciseError(last.where, "a window ends before it begins");
  return [from, to];
}

/** Fields as a body carries them. A key or value the form does not know travels too, so nothing is checked here. */
function readFields(map: YamlMap): ReadonlyMap<string, Cbor> {
  const fields = new Map<string, Cbor>();
  for (const [key, { value }] of map.entries) fields.set(key, cborOf(value));
  return fields;
}

function cborOf(node: Yaml): Cbor {
  switch (node.kind) {
    case "map":
      return readFields(node);
    case "list":
      return node.items.map(cborOf);
    case "scalar":
      if (typeof node.value !== "number" || Number.isSafeInteger(node.value)) return Object.is(node.value, -0) ? 0 : node.value;
      return decimalText(node.value, node.source);
  }
}
