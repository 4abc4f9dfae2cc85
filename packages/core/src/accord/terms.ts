import { decode, encode } from "../encoding/cbor.ts";
import { hasDouble } from "../encoding/shape.ts";
import { type Schema, bytes, flag, list, nullable, object, oneOf, plain, record, text, uint, whole } from "../encoding/schema.ts";
import { RefusedInput } from "../errors.ts";
import { FIRST_SECOND, LAST_SECOND } from "../ids.ts";
import { limits } from "../limits.ts";
import type { Precedence } from "../entry/kinds.ts";

/** The shared half of an accord: what both parties agreed, word for word. Source: docs/spec/accord.md §2.
 *  Times are POSIX seconds, durations seconds. */
export interface Terms {
  readonly version: number;
  /** `exercise` is a drill: own keys, own logs, refused by a live line. Every signature carries it through the accord digest. */
  readonly mode: Mode;
  readonly suite: number;
  /** Digest of the terms these replace; null for the first. */
  readonly base: Uint8Array | null;
  readonly title: Texts;
  readonly languages: readonly string[];
  /** In the order the parties agreed; the first calls first where callers alternate. */
  readonly parties: readonly string[];
  readonly channels: readonly ChannelTerms[];
  readonly forms: readonly string[];
  readonly beat: number;
  /** Null: no alarm is drawn from a node's silence (exercises). */
  readonly silentAfter: number | null;
  /** How far a holding reply may move the answer clock; null: unbounded. */
  readonly holdingReplyMax: number | null;
  /** Notice after which a party's own change of posts, hours or timetable counts. */
  readonly notice: number;
  readonly rates: Rates | null;
  readonly legal: Texts;
  readonly retention: Texts;
  readonly ending: Texts;
}

export type Mode = "live" | "exercise";
/** A text for each language. */
export type Texts = Readonly<Record<string, string>>;

/** Above these, entries are held, start no clock and ring once. */
export interface Rates {
  readonly flashPerHour: number;
  readonly immediatePerHour: number;
  readonly entriesPerDay: number;
}

export interface ChannelTerms {
  readonly number: number;
  readonly id: string;
  readonly kind: string;
  readonly name: Texts;
  readonly purpose: Texts;
  readonly basis: Basis;
  readonly clocks: Clocks;
  readonly timetable: Timetable | null;
  /** How long a proof that a person answers stays good. */
  readonly proofWindow: number;
  /** Requests of one kind between the same posts within this time join the first one's debt. */
  readonly quietPeriod: number | null;
  /** Added to the held clock for slow bearers. */
  readonly transit: number;
  readonly release: "one" | "two";
  readonly disclosure: DisclosureTerm;
}

export interface Basis {
  readonly text: string;
  readonly from: number;
  readonly to: number | null;
  readonly sure: boolean;
}

export type PrecedenceClock = Readonly<Partial<Record<Precedence, number>>>;
/** A clock the accord does not give does not run. */
export interface Clocks {
  readonly held: PrecedenceClock;
  readonly acknowledge: PrecedenceClock;
  readonly answer: PrecedenceClock;
  readonly callRequest: number | null;
}

export interface Timetable {
  /** A party id, or `alternate`. */
  readonly caller: string;
  /** Seconds after 00:00Z. */
  readonly times: readonly number[];
  /** 1 = Monday. */
  readonly weekdays: readonly number[];
  /** Days without a slot: seconds of 00:00Z. */
  readonly except: readonly number[];
  readonly grace: number;
}

/** Who may show this channel's bodies to third parties. */
export interface DisclosureTerm {
  readonly term: "sealed" | "standing" | "own" | "public";
  readonly embargo: number | null;
}

const DAY = 86_400;
const time = uint(LAST_SECOND);
/** Agreements are older than POSIX time. */
const date = whole(FIRST_SECOND, LAST_SECOND);
const duration = uint(limits.durationMaxS);
const texts: Schema<Texts> = record(text(limits.shortTextBytesMax));
const partyId = text(32, /^[a-z][a-z0-9-]{1,31}$/);
const clock: Schema<PrecedenceClock> = (value, what) => {
  const read = record(duration, 4)(value, what);
  for (const key of Object.keys(read)) oneOf("ROUTINE", "PRIORITY", "IMMEDIATE", "FLASH")(key, what);
  return read;
};

const channel: Schema<ChannelTerms> = object<ChannelTerms>({
  number: uint(limits.channelsMax),
  id: text(32, /^[a-z][a-z0-9-]{0,31}$/),
  kind: text(64),
  name: texts,
  purpose: texts,
  basis: object<Basis>({ text: text(4096), from: date, to: nullable(date), sure: flag }),
  clocks: object<Clocks>({ held: clock, acknowledge: clock, answer: clock, callRequest: nullable(duration) }),
  timetable: nullable(
    object<Timetable>({
      caller: text(32),
      times: list(uint(DAY - 1), 96, 1),
      weekdays: list(uint(7), 7, 1),
      except: list(time, 1000),
      grace: duration,
    }),
  ),
  proofWindow: duration,
  quietPeriod: nullable(duration),
  transit: duration,
  release: oneOf("one", "two"),
  disclosure: object<DisclosureTerm>({ term: oneOf("sealed", "standing", "own", "public"), embargo: nullable(time) }),
});

const schema: Schema<Terms> = object<Terms>({
  version: uint(1),
  mode: oneOf("live", "exercise"),
  suite: uint(2),
  base: nullable(bytes(32)),
  title: texts,
  languages: list(text(16), 64, 1),
  parties: list(partyId, limits.partiesMax, 1),
  channels: list(channel, limits.channelsMax, 1),
  forms: list(text(128), 256),
  beat: duration,
  silentAfter: nullable(duration),
  holdingReplyMax: nullable(duration),
  notice: duration,
  rates: nullable(object<Rates>({ flashPerHour: uint(), immediatePerHour: uint(), entriesPerDay: uint() })),
  legal: texts,
  retention: texts,
  ending: texts,
});

export const encodeTerms = (terms: Terms): Uint8Array => encode(plain(terms));

/** Reads a terms file. Throws `RefusedInput`. */
export function decodeTerms(file: Uint8Array): Terms {
  if (file.length > limits.accordFileBytesMax) throw new RefusedInput("oversized", "terms file");
  const terms = schema(decode(file), "terms");
  unique(terms.parties, "party");
  unique(
    terms.channels.map((item) => item.id),
    "channel",
  );
  unique(
    terms.channels.map((item) => String(item.number)),
    "channel number",
  );
  if (terms.version !== 1) throw new RefusedInput("unsupported-version", "terms version other than 1");
  if (terms.suite === 0) throw new RefusedInput("malformed", "suite 0");
  for (const item of terms.channels) checkChannel(item, terms);
  // A node that is silent between two beats would be called silent while it is well.
  if (terms.silentAfter !== null && terms.silentAfter <= terms.beat)
    throw new RefusedInput("malformed", "silentAfter must be above the beat interval");
  return terms;
}

function checkChannel(item: ChannelTerms, terms: Terms): void {
  if (item.number === 0) throw new RefusedInput("malformed", "channel 0 is the line itself");
  if (item.basis.to !== null && item.basis.to <= item.basis.from)
    throw new RefusedInput("malformed", `${item.id}: basis ends before it begins`);
  const table = item.timetable;
  if (table === null) return;
  if (table.caller !== "alternate" && !terms.parties.includes(table.caller)) throw new RefusedInput("malformed", `${item.id}: caller`);
  if (table.weekdays.includes(0)) throw new RefusedInput("malformed", `${item.id}: weekday 0`);
  if (table.grace === 0) throw new RefusedInput("malformed", `${item.id}: grace 0`);
  unique(table.times.map(String), "slot");
  unique(table.weekdays.map(String), "weekday");
}

export function unique(values: readonly string[], what: string): void {
  if (hasDouble(values)) throw new RefusedInput("malformed", `${what} given twice`);
}
