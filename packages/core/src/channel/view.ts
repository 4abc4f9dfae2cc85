import type { Body } from "../entry/body.ts";
import type { Timetable } from "../accord/terms.ts";
import { formatTime } from "../encoding/time.ts";
import { FIRST_SECOND, parseDateSeconds } from "../ids.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { effectAt, logOrder, placedAt } from "../record/times.ts";
import type { DebtNow } from "./debt-clock.ts";
import type { Reading } from "./readings.ts";
import { type ChannelState, trackOf } from "./state.ts";
import type { Reason } from "./verdict.ts";
import { channelAt } from "./versions.ts";

/** States and readings as outside tools see them: party ids, RFC 3339 times, hashes in lower-case hex. Stable.
 *  Source: docs/spec/state.md §10. */

export interface EntryView {
  /** Party id for its current log, `<party>@<incarnation>` for a closed one. */
  readonly log: string;
  readonly index: number;
  readonly leaf: string;
}

export interface ReasonView {
  readonly code: string;
  readonly by: string | null;
  readonly since: string;
  readonly entry?: EntryView;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface StateView {
  readonly id: string;
  readonly verdict: string;
  readonly reasons: readonly ReasonView[];
  readonly responsible: readonly string[];
  readonly debtors: Readonly<Record<string, { readonly verdict: string; readonly reasons: readonly ReasonView[] }>>;
  readonly basis: { readonly value: string; readonly from: string; readonly to: string | null };
  readonly standing: {
    readonly value: string;
    readonly by: readonly string[];
    readonly since: string | null;
    readonly days: number | null;
    /** Of each party that has the channel or a form of it suspended: what it said last. */
    readonly ground: Readonly<Record<string, unknown>>;
    readonly conditions: Readonly<Record<string, unknown>>;
    readonly partial: Readonly<Record<string, readonly string[]>>;
  };
  readonly reach: Readonly<Record<string, { readonly lastAt: string | null; readonly age: number }>>;
  readonly watch: {
    readonly timetable: unknown;
    readonly lastTest: (EntryView & { readonly at: string; readonly answered: boolean }) | null;
    readonly missed: Readonly<Record<string, number>>;
    readonly whileSuspended: number;
    readonly overdue: readonly { readonly clock: string; readonly by: string; readonly since: string; readonly entry: EntryView }[];
  };
  /** Parties whose hours or holidays stop their clocks now, and until when; null: not before anything changes. */
  readonly closed: Readonly<Record<string, string | null>>;
  readonly principals: {
    readonly lastRequest: EntryView | null;
    readonly outcome: string;
    readonly by: string | null;
    readonly at: string | null;
  };
  readonly rests_on_unsure: boolean;
  /** One party's account alone: the other holds none of it and signed none of it. */
  readonly our_account: boolean;
  readonly evidence: readonly EntryView[];
  readonly asOf: string;
  readonly validUntil: string | null;
}

/** The disclosed words of an entry, where they are held. */
export type WordsOf = (leaf: string) => Body | undefined;

const time = (seconds: number): string => formatTime(parseDateSeconds(seconds));
const timeOrNull = (seconds: number | null | undefined): string | null =>
  seconds === null || seconds === undefined ? null : time(seconds);

export function entryView(record: LineRecord, placed: Pick<Placed, "log" | "index" | "leaf">): EntryView {
  return { log: logLabel(record, placed.log), index: placed.index, leaf: placed.leaf };
}

/** How outside tools call a log. */
export function logLabel(record: LineRecord, log: Placed["log"]): string {
  const kept = log.observedIn ?? log;
  const party = partyId(record, kept.party);
  // By id: a node may have read its record anew since somebody took this log from it.
  return record.logsOf[kept.party]?.at(-1)?.id === kept.id ? party : `${party}@${kept.id}`;
}

const partyId = (record: LineRecord, position: number): string => record.accord.parties[position]?.id ?? "";
const byParty = <T>(record: LineRecord, value: (position: number) => T): Record<string, T> =>
  Object.fromEntries(record.accord.parties.map((party, position) => [party.id, value(position)]));

export function stateView(
  record: LineRecord,
  state: ChannelState,
  extra: { readonly validUntil: number | null; readonly words: WordsOf },
): StateView {
  const reason = (item: Reason): ReasonView => reasonView(record, item, state);
  const track = trackOf(record, state.id);
  return {
    id: state.id,
    verdict: state.verdict,
    reasons: state.reasons.map(reason),
    responsible: state.responsible.map((party) => partyId(record, party)),
    debtors: Object.fromEntries(
      state.debtors.map((item) => [partyId(record, item.party), { verdict: item.verdict, reasons: item.reasons.map(reason) }]),
    ),
    basis: { value: state.basis.value, from: time(state.basis.from), to: timeOrNull(state.basis.to) },
    standing: standingView(record, state, extra.words),
    reach: byParty(record, (party) => ({ lastAt: timeOrNull(state.reach[party]?.lastAt), age: state.reach[party]?.age ?? 0 })),
    watch: watchView(record, state, channelAt(record, track, state.at).timetable),
    closed: closedView(record, state),
    principals: {
      lastRequest: state.principals.request === undefined ? null : entryView(record, state.principals.request),
      outcome: state.principals.outcome,
      by: state.principals.by === undefined ? null : partyId(record, state.principals.by),
      at: timeOrNull(state.principals.at),
    },
    rests_on_unsure: state.restsOnUnsure,
    our_account: state.ourAccount,
    evidence: state.evidence.map((placed) => entryView(record, placed)),
    asOf: time(state.at),
    validUntil: timeOrNull(extra.validUntil),
  };
}

/** "Closed by agreement until": what stops the clocks of a debtor is no silence. */
function closedView(record: LineRecord, { closed }: ChannelState): StateView["closed"] {
  return Object.fromEntries([...closed].map(([party, until]) => [partyId(record, party), timeOrNull(until)]));
}

function reasonView(record: LineRecord, reason: Reason, state: ChannelState): ReasonView {
  const params = Object.fromEntries(
    Object.entries(reason.params).map(([key, value]) => [key, typeof value === "number" && key.endsWith("At") ? time(value) : value]),
  );
  const { outcome, by, at } = state.principals;
  return {
    code: reason.code,
    by: reason.by === undefined ? null : partyId(record, reason.by),
    since: time(Math.max(FIRST_SECOND, reason.since)),
    ...(reason.entry === undefined ? {} : { entry: entryView(record, reason.entry) }),
    params: { ...params, principals: { outcome, by: by === undefined ? null : partyId(record, by), at: timeOrNull(at) } },
  };
}

function standingView(record: LineRecord, state: ChannelState, words: WordsOf): StateView["standing"] {
  const { standing } = state;
  const word = (party: number, key: string): unknown => {
    const item = standing.parties[party];
    const acts = item === undefined ? [] : item.value === "open" ? [...item.forms.values()] : item.acts;
    const found = [...new Set(acts)]
      .toSorted((a, b) => logOrder(b, a))
      .map((act) => words(act.leaf)?.get(key))
      .find((value) => value !== undefined);
    return found === undefined ? null : plainWords(found);
  };
  const speakers = standing.parties.flatMap((item, party) => (item.value === "open" && item.forms.size === 0 ? [] : [party]));
  const said = (key: string): Record<string, unknown> =>
    Object.fromEntries(speakers.map((party) => [partyId(record, party), word(party, key)]));
  const partial = standing.parties.flatMap((item, party) =>
    item.forms.size === 0 ? [] : [[partyId(record, party), [...item.forms.keys()].toSorted()] as const],
  );
  return {
    value: standing.value,
    by: standing.by.map((party) => partyId(record, party)),
    since: timeOrNull(standing.since),
    days: standing.days,
    ground: said("ground"),
    conditions: said("conditions"),
    partial: Object.fromEntries(partial),
  };
}

function watchView(record: LineRecord, state: ChannelState, timetable: Timetable | null): StateView["watch"] {
  const { watch } = state;
  const test = watch.lastTest;
  return {
    timetable: timetable === null ? null : timetableView(timetable),
    lastTest:
      test === undefined
        ? null
        : {
            ...entryView(record, test.test),
            at: time(placedAt(record, test.test, state.at)),
            answered: test.answers.some((act) => effectAt(record, act, state.at) <= state.at),
          },
    missed: byParty(record, (party) => watch.missed.get(party)?.length ?? 0),
    whileSuspended: watch.whileSuspended,
    overdue: watch.overdue.map((now: DebtNow) => ({
      clock: now.debt.clock,
      by: partyId(record, now.debt.debtor),
      since: time(now.deadline),
      entry: entryView(record, now.debt.opener),
    })),
  };
}

/** A timetable in the words of the accord: times of day, days without a slot, grace in seconds. */
function timetableView(table: Timetable): unknown {
  const clock = (seconds: number): string => time(seconds).slice(11, 16) + "Z";
  return {
    caller: table.caller,
    times: table.times.map(clock),
    weekdays: [...table.weekdays],
    except: table.except.map((day) => time(day).slice(0, 10)),
    graceS: table.grace,
  };
}

/** Disclosed words as plain JSON: maps become objects. */
export function plainWords(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), plainWords(item)]));
  if (Array.isArray(value)) return value.map(plainWords);
  return value;
}

export const readingView = (record: LineRecord, reading: Reading): { reading: string; result: string; evidence: readonly EntryView[] } => ({
  reading: reading.reading,
  result: reading.result,
  evidence: reading.evidence.map((placed) => entryView(record, placed)),
});
