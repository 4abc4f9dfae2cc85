import { limits, type PartyId, type UnixSeconds } from "@openline/core";
import { channelOf, eventOf, type ExerciseNames, partyOf, postsOf } from "./exercise-events.ts";
import type { ExerciseClaim, ExerciseExpect, ExerciseReading, ExpectedPrincipals } from "./exercise-types.ts";
import {
  booleanOf,
  expectedTimeOf,
  idOf,
  integerOf,
  listOf,
  mapOf,
  momentOf,
  oneOrMore,
  optional,
  optionally,
  plainTextOf,
  required,
  textsOf,
  wordOf,
} from "./exercise-values.ts";
import { ExerciseError, type Yaml, type YamlMap } from "./exercise-yaml.ts";

/** Claims and expects: what was said about the channels, and what the record must show. */

const READINGS: readonly ExerciseReading[] = ["contact", "agreed-channels", "principals"];
const RESULTS = ["supported", "contradicted", "not-decided"] as const;
const VERDICTS = ["not-in-force", "suspended", "silent", "not-received", "unanswered", "untested", "unproven", "open"] as const;
const STANDINGS = ["open", "suspended", "cancelled"] as const;
const BASES = ["in-force", "not-yet", "lapsed", "withdrawn"] as const;
const OUTCOMES = ["none", "waiting", "accepted", "countered", "declined", "unanswered", "took-place"] as const;

/** Keys compared with the state of a channel, with a reading, and with a notification. */
const STATE_KEYS = "debtor verdict standing by since days because responsible basis missed partial principals".split(" ");
const READING_KEYS = ["reading", "result"];
const NOTIFICATION_KEYS = ["held", "acknowledged", "complete", "missing"];
const EXPECT_KEYS = ["at", "channel", ...STATE_KEYS, ...READING_KEYS, "notification", ...NOTIFICATION_KEYS];

export function readClaims(node: Yaml | undefined, names: ExerciseNames): readonly ExerciseClaim[] {
  return node === undefined ? [] : listOf(node, "claims").map((item) => readClaim(item, names));
}

function readClaim(node: Yaml, names: ExerciseNames): ExerciseClaim {
  const map = mapOf(node, "a claim", ["on", "party", "text", "reading", "source", "sure"]);
  const party = partyOf(required(map, "party", "a claim"), names);
  const [post] = postsOf(party, null, names);
  if (post === undefined) throw new ExerciseError(node.where, `party ${party} has no post on the line, so it cannot enter a claim`);
  const sure = optional(map, "sure");
  return {
    kind: "claim",
    where: node.where,
    on: momentOf(required(map, "on", "a claim"), "on"),
    party,
    post,
    text: textsOf(required(map, "text", "a claim"), "text", names.languages, limits.textBytesMax),
    ...optionally(map, "reading", (value) => wordOf(value, "reading", READINGS)),
    source: plainTextOf(required(map, "source", "a claim"), "source", names.languages),
    sure: sure === undefined || booleanOf(sure, "sure"),
  };
}

export function readExpects(node: Yaml | undefined, names: ExerciseNames): readonly ExerciseExpect[] {
  return node === undefined ? [] : listOf(node, "expect").map((item) => readExpect(item, names));
}

function readExpect(node: Yaml, names: ExerciseNames): ExerciseExpect {
  const map = mapOf(node, "an expect", EXPECT_KEYS);
  const on = momentOf(required(map, "at", "an expect"), "at");
  needs(map, STATE_KEYS, "channel");
  needs(map, NOTIFICATION_KEYS, "notification");
  needs(map, ["reading"], "result");
  needs(map, ["result"], "reading");
  if (![...STATE_KEYS, ...NOTIFICATION_KEYS, ...READING_KEYS].some((key) => map.entries.has(key)))
    throw new ExerciseError(node.where, "an expect that compares nothing");
  return {
    kind: "expect",
    where: node.where,
    on,
    ...optionally(map, "channel", (value) => channelOf(value, names).id),
    ...readState(map, on, names),
    ...optionally(map, "reading", (value) => wordOf(value, "reading", READINGS)),
    ...optionally(map, "result", (value) => wordOf(value, "result", RESULTS)),
    ...optionally(map, "notification", (value) => notificationAt(value, on, names)),
    ...optionally(map, "held", (value) => booleanOf(value, "held")),
    ...optionally(map, "acknowledged", (value) => booleanOf(value, "acknowledged")),
    ...optionally(map, "complete", completeOf),
    ...optionally(map, "missing", (value) => listOf(value, "missing").map((item) => idOf(item, "missing"))),
  };
}

function readState(map: YamlMap, on: UnixSeconds, names: ExerciseNames): Partial<ExerciseExpect> {
  return {
    ...optionally(map, "debtor", (value) => partyOf(value, names)),
    ...optionally(map, "verdict", (value) => wordOf(value, "verdict", VERDICTS)),
    ...optionally(map, "standing", (value) => wordOf(value, "standing", STANDINGS)),
    ...optionally(map, "by", (value) => partiesOf(value, names)),
    ...optionally(map, "since", (value) => expectedTimeOf(value, "since")),
    ...optionally(map, "days", (value) => integerOf(value, "days", 0, Number.MAX_SAFE_INTEGER)),
    ...optionally(map, "because", (value) => eventAt(value, "because", on, names)),
    ...optionally(map, "responsible", (value) => partiesOf(value, names)),
    ...optionally(map, "basis", (value) => wordOf(value, "basis", BASES)),
    ...optionally(map, "missed", (value) =>
      perParty(mapOf(value, "missed"), names, (item) => integerOf(item, "missed", 0, Number.MAX_SAFE_INTEGER)),
    ),
    ...optionally(map, "partial", (value) =>
      perParty(mapOf(value, "partial"), names, (item) => oneOrMore(item).map((form) => idOf(form, "form in partial"))),
    ),
    ...optionally(map, "principals", (value) => readPrincipals(value, on, names)),
  };
}

function readPrincipals(node: Yaml, on: UnixSeconds, names: ExerciseNames): ExpectedPrincipals {
  const map = mapOf(node, "principals", ["lastRequest", "outcome", "by", "at"]);
  return {
    ...optionally(map, "lastRequest", (value) => eventAt(value, "lastRequest", on, names)),
    ...optionally(map, "outcome", (value) => wordOf(value, "outcome", OUTCOMES)),
    ...optionally(map, "by", (value) => partiesOf(value, names)),
    ...optionally(map, "at", (value) => expectedTimeOf(value, "at")),
  };
}

/** `not-checked` for a form that the accord does not know. */
function completeOf(node: Yaml): boolean | "not-checked" {
  const value = node.kind === "scalar" ? node.value : undefined;
  if (typeof value === "boolean" || value === "not-checked") return value;
  throw new ExerciseError(node.where, "complete: true, false or not-checked expected");
}

function needs(map: YamlMap, keys: readonly string[], other: string): void {
  for (const key of keys) {
    const found = map.entries.get(key);
    if (found !== undefined && !map.entries.has(other)) throw new ExerciseError(found.where, `an expect with "${key}" needs "${other}"`);
  }
}

/** A single id means exactly that one. */
const partiesOf = (node: Yaml, names: ExerciseNames): readonly PartyId[] => oneOrMore(node).map((item) => partyOf(item, names));

function perParty<T>(map: YamlMap, names: ExerciseNames, read: (node: Yaml) => T): ReadonlyMap<PartyId, T> {
  const values = new Map<PartyId, T>();
  for (const [name, { where, value }] of map.entries) {
    const party = names.parties.find(({ id }) => id === name);
    if (party === undefined) throw new ExerciseError(where, `unknown party "${name}"`);
    values.set(party.id, read(value));
  }
  return values;
}

function eventAt(node: Yaml, what: string, on: UnixSeconds, names: ExerciseNames): string {
  const event = eventOf(node, what, names);
  if (event.on > on) throw new ExerciseError(node.where, `${what}: the event "${event.id}" is later than this expect`);
  return idOf(node, what);
}

function notificationAt(node: Yaml, on: UnixSeconds, names: ExerciseNames): string {
  const { act } = eventOf(node, "notification", names);
  if (act !== "notification" && act !== "notification-update")
    throw new ExerciseError(node.where, `notification: the event named is of act ${act}`);
  return eventAt(node, "notification", on, names);
}
