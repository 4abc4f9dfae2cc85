import {
  type Basis,
  type ChannelTerms,
  type Clocks,
  type DisclosureTerm,
  type Mode,
  type PrecedenceClock,
  type Rates,
  type Terms,
  type Texts,
  type Timetable,
  type UnixSeconds,
  type YamlValue,
  PRECEDENCES,
  decodeTerms,
  encodeTerms,
  formatDate,
  formatDuration,
  formatTime,
  parseDuration,
  parseFormId,
  parsePartyId,
  parseUnixSeconds,
  shippedForms,
  yamlText,
} from "@openline/core";
import {
  booleanOf,
  dateOrTimeOf,
  durationOf,
  integerOf,
  listOf,
  mapOf,
  nullable,
  optional,
  parsedBy,
  required,
  textOf,
  textsOf,
  wordOf,
} from "./exercise-values.ts";
import type { Yaml, YamlMap } from "./exercise-yaml.ts";

/** The terms of an accord as people write and read them: durations ISO 8601, times RFC 3339, texts per language. Every key of the
 *  terms stands there under its own name, so that what is signed can be read word for word. Source: docs/operating/ceremony.md. */

/** The bytes of terms. `base`: digest of the terms these replace. Throws `ExerciseError` with the place of what cannot be read and
 *  `RefusedInput` for what the protocol refuses. */
export function termsOf(root: Yaml, base: Uint8Array | null): Uint8Array {
  const map = mapOf(root, "the terms", TERMS_KEYS);
  const must = (key: string): Yaml => required(map, key, "the terms");
  const languages = listOf(must("languages"), "languages").map((item) => textOf(item, "language", 16));
  const texts = (key: string): Texts => textsIn(must(key), key, languages);
  const terms: Terms = {
    version: 1,
    mode: wordOf(must("mode"), "mode", ["live", "exercise"]),
    suite: integerOf(must("suite"), "suite", 1, 2),
    base,
    title: texts("title"),
    languages,
    parties: listOf(must("parties"), "parties").map((item) => parsedBy(item, "party", parsePartyId)),
    channels: listOf(must("channels"), "channels").map((item) => channelOf(item, languages)),
    forms: listOf(must("forms"), "forms").map((item) => parsedBy(item, "form", parseFormId)),
    beat: durationOf(must("beat"), "beat"),
    silentAfter: orNull(map, "silentAfter", durationOf),
    holdingReplyMax: orNull(map, "holdingReplyMax", durationOf),
    notice: durationOf(must("notice"), "notice"),
    rates: orNull(map, "rates", ratesOf),
    legal: texts("legal"),
    retention: texts("retention"),
    ending: texts("ending"),
  };
  const bytes = encodeTerms(terms);
  decodeTerms(bytes);
  return bytes;
}

const TERMS_KEYS: readonly (keyof Terms)[] = [
  "mode",
  "suite",
  "title",
  "languages",
  "parties",
  "channels",
  "forms",
  "beat",
  "silentAfter",
  "holdingReplyMax",
  "notice",
  "rates",
  "legal",
  "retention",
  "ending",
];
const CHANNEL_KEYS: readonly (keyof ChannelTerms)[] = [
  "number",
  "id",
  "kind",
  "name",
  "purpose",
  "basis",
  "clocks",
  "timetable",
  "proofWindow",
  "quietPeriod",
  "transit",
  "release",
  "disclosure",
];

function channelOf(node: Yaml, languages: readonly string[]): ChannelTerms {
  const map = mapOf(node, "a channel", CHANNEL_KEYS);
  const must = (key: string): Yaml => required(map, key, "a channel");
  return {
    number: integerOf(must("number"), "number", 1, 255),
    id: textOf(must("id"), "id", 32),
    kind: textOf(must("kind"), "kind", 64),
    name: textsIn(must("name"), "name", languages),
    purpose: textsIn(must("purpose"), "purpose", languages),
    basis: basisOf(must("basis")),
    clocks: clocksOf(must("clocks")),
    timetable: orNull(map, "timetable", timetableOf),
    proofWindow: durationOf(must("proofWindow"), "proofWindow"),
    quietPeriod: orNull(map, "quietPeriod", durationOf),
    transit: durationOf(must("transit"), "transit"),
    release: wordOf(must("release"), "release", ["one", "two"]),
    disclosure: disclosureOf(must("disclosure")),
  };
}

const textsIn = (node: Yaml, what: string, languages: readonly string[]): Texts => Object.fromEntries(textsOf(node, what, languages));

/** A key that must stand there, with `null` where there is nothing: what is left out by mistake must not look agreed. */
function orNull<T>(map: YamlMap, key: string, read: (node: Yaml, what: string) => T): T | null {
  required(map, key, "this part");
  const node = nullable(map, key);
  return node === undefined ? null : read(node, key);
}

const secondsIn = (node: Yaml, what: string): UnixSeconds => dateOrTimeOf(node, what).seconds;

function basisOf(node: Yaml): Basis {
  const map = mapOf(node, "basis", ["text", "from", "to", "sure"]);
  return {
    text: textOf(required(map, "text", "basis"), "text", 4096),
    from: secondsIn(required(map, "from", "basis"), "from"),
    to: orNull(map, "to", secondsIn),
    sure: booleanOf(required(map, "sure", "basis"), "sure"),
  };
}

function clocksOf(node: Yaml): Clocks {
  const map = mapOf(node, "clocks", ["held", "acknowledge", "answer", "callRequest"]);
  const clock = (key: string): PrecedenceClock => {
    const clocks = mapOf(required(map, key, "clocks"), key, PRECEDENCES);
    return Object.fromEntries(
      PRECEDENCES.flatMap((precedence) => {
        const value = optional(clocks, precedence);
        return value === undefined ? [] : [[precedence, durationOf(value, precedence)]];
      }),
    );
  };
  return {
    held: clock("held"),
    acknowledge: clock("acknowledge"),
    answer: clock("answer"),
    callRequest: orNull(map, "callRequest", durationOf),
  };
}

function timetableOf(node: Yaml): Timetable {
  const map = mapOf(node, "timetable", ["caller", "times", "weekdays", "except", "grace"]);
  const must = (key: string): Yaml => required(map, key, "timetable");
  return {
    caller: textOf(must("caller"), "caller", 32),
    times: listOf(must("times"), "times").map((item) => parsedBy(item, "time of a slot", timeOfDay)),
    weekdays: listOf(must("weekdays"), "weekdays").map((item) => integerOf(item, "weekday", 1, 7)),
    except: listOf(must("except"), "except").map((item) => secondsIn(item, "except")),
    grace: durationOf(must("grace"), "grace"),
  };
}

/** Seconds after 00:00Z of `06:00Z`. */
export function timeOfDay(text: string): number {
  const found = /^([01]\d|2[0-3]):([0-5]\d)Z$/.exec(text);
  if (found === null) throw new RangeError(`06:00Z expected, not "${text}"`);
  return Number(found[1]) * 3600 + Number(found[2]) * 60;
}

function disclosureOf(node: Yaml): DisclosureTerm {
  const map = mapOf(node, "disclosure", ["term", "embargo"]);
  const term = wordOf(required(map, "term", "disclosure"), "term", ["sealed", "standing", "own", "public"]);
  return { term, embargo: orNull(map, "embargo", secondsIn) };
}

function ratesOf(node: Yaml): Rates {
  const map = mapOf(node, "rates", ["flashPerHour", "immediatePerHour", "entriesPerDay"]);
  const count = (key: string): number => integerOf(required(map, key, "rates"), key, 1, 1_000_000_000);
  return { flashPerHour: count("flashPerHour"), immediatePerHour: count("immediatePerHour"), entriesPerDay: count("entriesPerDay") };
}

/** Terms as text that `termsOf` reads back to the same bytes. */
export const termsYaml = (terms: Terms): string => yamlText(termsValue(terms));

export function termsValue(terms: Terms): Readonly<Record<string, YamlValue>> {
  const { mode, suite, title, languages, parties, forms, legal, retention, ending } = terms;
  return {
    mode,
    suite,
    title,
    languages,
    parties,
    beat: formatDuration(terms.beat),
    silentAfter: durationText(terms.silentAfter),
    holdingReplyMax: durationText(terms.holdingReplyMax),
    notice: formatDuration(terms.notice),
    rates: terms.rates === null ? null : { ...terms.rates },
    channels: terms.channels.map(channelValue),
    forms,
    legal,
    retention,
    ending,
  };
}

const durationText = (seconds: number | null): string | null => (seconds === null ? null : formatDuration(seconds));
const timeText = (seconds: number | null): string | null => (seconds === null ? null : formatTime(parseUnixSeconds(seconds)));
const clockValue = (clock: PrecedenceClock): YamlValue =>
  Object.fromEntries(PRECEDENCES.flatMap((word) => (clock[word] === undefined ? [] : [[word, formatDuration(clock[word])]])));

function channelValue(channel: ChannelTerms): YamlValue {
  const { number, id, kind, name, purpose, basis, clocks, timetable, release, disclosure } = channel;
  return {
    number,
    id,
    kind,
    name,
    purpose,
    basis: { text: basis.text, from: timeText(basis.from), to: timeText(basis.to), sure: basis.sure },
    clocks: {
      held: clockValue(clocks.held),
      acknowledge: clockValue(clocks.acknowledge),
      answer: clockValue(clocks.answer),
      callRequest: durationText(clocks.callRequest),
    },
    timetable: timetable === null ? null : timetableValue(timetable),
    proofWindow: formatDuration(channel.proofWindow),
    quietPeriod: durationText(channel.quietPeriod),
    transit: formatDuration(channel.transit),
    release,
    disclosure: { term: disclosure.term, embargo: timeText(disclosure.embargo) },
  };
}

/** `06:00Z` of seconds after 00:00Z. */
export function clockTime(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}Z`;
}

function timetableValue({ caller, times, weekdays, except, grace }: Timetable): YamlValue {
  return {
    caller,
    times: times.map(clockTime),
    weekdays,
    except: except.map((day) => formatDate(parseUnixSeconds(day))),
    grace: formatDuration(grace),
  };
}

/** A draft for people to change: the shipped defaults, each explained once where it first stands. */
export function termsDraft(options: {
  readonly mode: Mode;
  readonly languages: readonly string[];
  readonly parties: readonly string[];
  readonly channels: readonly string[];
  /** The day from which the channels are in force. */
  readonly from: UnixSeconds;
}): string {
  const { mode, languages, parties, from } = options;
  const texts = (text: string): Texts => Object.fromEntries(languages.map((language) => [language, text]));
  const channels = options.channels.length === 0 ? ["hotline"] : options.channels;
  const terms: Terms = {
    ...LINE_DEFAULTS,
    mode,
    title: texts(`Line of ${parties.join(" and ")}`),
    languages,
    parties,
    channels: channels.map((id, i) => ({
      ...CHANNEL_DEFAULTS,
      number: i + 1,
      id,
      name: texts(id),
      purpose: texts("write here what it is for"),
      basis: { text: "name the agreement that this channel rests on", from, to: null, sure: true },
    })),
    legal: texts("Nothing here is an admission or recognition."),
    retention: texts("Each party keeps the whole record."),
    ending: texts("Either party may withdraw; the record stays."),
  };
  const seen = new Set<string>();
  const lines = termsYaml(terms).split("\n");
  const explained = lines.flatMap((line) => {
    const [, indent = "", key = ""] = /^([ -]*)([A-Za-z]+):/.exec(line) ?? [];
    const words = seen.has(key) ? undefined : EXPLAINED[key];
    seen.add(key);
    return words === undefined ? [line] : [...words.map((text) => `${" ".repeat(indent.length)}# ${text}`), line];
  });
  return [...DRAFT_HEAD.map((text) => `# ${text}`), ...explained].join("\n");
}

const time = parseDuration;
/** Shipped defaults of product.md §3; they prefill a new accord and bind nobody. */
const LINE_DEFAULTS = {
  version: 1,
  suite: 1,
  base: null,
  forms: shippedForms.map((form) => form.id),
  beat: time("PT2M"),
  silentAfter: time("PT5M"),
  holdingReplyMax: time("P14D"),
  notice: time("P7D"),
  rates: { flashPerHour: 6, immediatePerHour: 20, entriesPerDay: 100_000 },
} as const;
const CHANNEL_DEFAULTS = {
  kind: "military",
  clocks: {
    held: { FLASH: time("PT5M"), IMMEDIATE: time("PT5M"), PRIORITY: time("PT30M"), ROUTINE: time("PT4H") },
    acknowledge: { FLASH: time("PT5M"), IMMEDIATE: time("PT15M"), PRIORITY: time("PT1H"), ROUTINE: time("PT8H") },
    answer: { FLASH: time("PT30M"), IMMEDIATE: time("PT2H"), PRIORITY: time("PT24H"), ROUTINE: time("P5D") },
    callRequest: time("PT48H"),
  },
  timetable: { caller: "alternate", times: [time("PT8H")], weekdays: [1, 2, 3, 4, 5, 6, 7], except: [], grace: time("PT30M") },
  proofWindow: time("P90D"),
  quietPeriod: null,
  transit: 0,
  release: "one",
  disclosure: { term: "sealed", embargo: null },
} as const;

const DRAFT_HEAD = [
  "Terms of a line. Change what you want; lines beginning with # are for you and are not signed.",
  "Every key has to stand; what is not agreed is null. Durations: PT5M, PT8H, P5D. Times: UTC.",
  "Then: openline accord propose --dir DIR --terms THIS-FILE",
];
const EXPLAINED: Readonly<Record<string, readonly string[]>> = {
  mode: ["live or exercise: stands in every signature, and keys of one are refused on the other."],
  suite: ["1: X-Wing and Ed25519. 2: ML-KEM-1024 for sealing. Nothing is negotiated later."],
  languages: ["Every text below may stand in each of these."],
  parties: ["In this order they call each other where callers alternate."],
  beat: ["How often a node says that it is there when it has nothing else to say."],
  silentAfter: ["A node that has not been heard of for so long is called silent. More than beat; null: no such alarm."],
  holdingReplyMax: ["How far a holding reply may move the time for an answer; null: as far as it says."],
  notice: ["How long before it counts a party announces a change of its own posts, hours or timetable."],
  rates: ["Above these, entries are held, start no clock and ring once; null: no limit."],
  kind: ["military, diplomatic or leaders."],
  basis: ["The agreement the channel rests on, and from when until when (to: null: no end). sure: false where the date is disputed."],
  held: ["Until the other node has it. A clock that is not given does not run."],
  acknowledge: ["Until a person there says: received. From held."],
  answer: ["Until a person there answers. From held."],
  callRequest: ["Until a request for a call is accepted, countered or declined; null: no clock."],
  timetable: ["Test calls. caller: a party, or alternate. Weekday 1 is Monday. null: no tests, and none can be missed."],
  proofWindow: ["How long an act of their people proves that somebody answers there."],
  quietPeriod: ["Requests of one kind between the same posts within this time are one request; null: each counts."],
  transit: ["Added to held where bytes travel slowly: mail PT6H, carried by hand P7D."],
  release: ["one: the author alone releases. two: a second person releases every act but those of the watch."],
  disclosure: ["Who may show the words to others. sealed: both must consent. standing, own, public: see the guide."],
  forms: ["Notification forms that both sides read in their own language."],
  legal: ["What this line does not mean."],
  retention: ["How long the record is kept."],
  ending: ["How the line ends."],
};
