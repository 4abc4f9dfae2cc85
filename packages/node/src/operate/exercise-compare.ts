import {
  type Body,
  type LeafHash,
  type LineRecord,
  type StateView,
  channelState,
  formatTime,
  logLabel,
  messageTrack,
  notificationFinding,
  parseLeafHash,
  readingsAt,
  stateView,
  trackOf,
} from "@openline/core";
import type { ExerciseExpect, ExpectedTime } from "./exercise-types.ts";

/** What one `expect` of a file came to. */
export interface Expectation {
  readonly at: string;
  readonly ok: boolean;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly got: Readonly<Record<string, unknown>>;
}

/** One party's view at the moment of an expect. */
export interface ExpectView {
  readonly record: LineRecord;
  readonly leafOf: (event: string) => LeafHash | undefined;
  /** The id of the event that came to stand there, where it has one. */
  readonly eventOf: (leaf: LeafHash) => string | undefined;
  readonly words: (leaf: string) => Body | undefined;
}

/** Compares only the keys that are given. Source: exercises/README.md, Replay. */
export function compare(view: ExpectView, expect: ExerciseExpect): Expectation {
  const pairs = { ...ofChannel(view, expect), ...ofReading(view, expect), ...ofNotification(view, expect) };
  const compared = Object.entries(pairs).filter(([, pair]) => pair.expected !== undefined);
  return {
    at: formatTime(expect.on),
    ok: compared.every(([, pair]) => pair.ok),
    expected: { ...subject(expect), ...Object.fromEntries(compared.map(([key, pair]) => [key, pair.expected])) },
    got: { ...subject(expect), ...Object.fromEntries(compared.map(([key, pair]) => [key, pair.got])) },
  };
}

function subject(expect: ExerciseExpect): Record<string, string> {
  return {
    ...(expect.channel === undefined ? {} : { channel: expect.channel }),
    ...(expect.debtor === undefined ? {} : { debtor: expect.debtor }),
    ...(expect.reading === undefined ? {} : { reading: expect.reading }),
    ...(expect.notification === undefined ? {} : { notification: expect.notification }),
  };
}

interface Pair {
  readonly expected: unknown;
  readonly got: unknown;
  readonly ok: boolean;
}
type Pairs = Readonly<Record<string, Pair>>;

const same = (expected: unknown, got: unknown): Pair => ({ expected, got, ok: JSON.stringify(expected) === JSON.stringify(got) });
const sameSet = (expected: readonly string[] | undefined, got: readonly string[]): Pair => ({
  expected,
  got,
  ok: JSON.stringify(expected?.toSorted()) === JSON.stringify(got.toSorted()),
});

/** A date without time compares the UTC date. */
function sameTime(expected: ExpectedTime | undefined, got: string | null): Pair {
  if (expected === undefined) return same(undefined, got);
  const text = formatTime(expected.at);
  return expected.dateOnly ? same(text.slice(0, 10), got?.slice(0, 10) ?? null) : same(text, got);
}

function ofChannel(view: ExpectView, expect: ExerciseExpect): Pairs {
  if (expect.channel === undefined) return {};
  const { record } = view;
  const state = stateView(record, channelState(record, trackOf(record, expect.channel), expect.on), {
    validUntil: null,
    words: () => undefined,
  });
  const debtor = expect.debtor === undefined ? undefined : state.debtors[expect.debtor];
  const judged = expect.debtor === undefined ? state : (debtor ?? { verdict: null, reasons: [] });
  return {
    verdict: same(expect.verdict, judged.verdict),
    standing: same(expect.standing, state.standing.value),
    by: sameSet(expect.by, state.standing.by),
    since: sameTime(expect.since, state.standing.since),
    days: same(expect.days, state.standing.days),
    because: sameEvent(view, expect.because, judged.reasons[0]?.entry?.leaf),
    responsible: sameSet(expect.responsible, state.responsible),
    basis: same(expect.basis, state.basis.value),
    missed: counts(expect, state.watch.missed),
    partial: partial(expect, state.standing.partial),
    principals: principals(view, expect, state.principals),
  };
}

function counts(expect: ExerciseExpect, missed: Readonly<Record<string, number>>): Pair {
  if (expect.missed === undefined) return same(undefined, missed);
  const expected = Object.fromEntries(expect.missed);
  return same(expected, Object.fromEntries([...expect.missed.keys()].map((party) => [party, missed[party] ?? 0])));
}

function partial(expect: ExerciseExpect, got: Readonly<Record<string, readonly string[]>>): Pair {
  if (expect.partial === undefined) return same(undefined, got);
  const sorted = (item: Iterable<readonly [string, readonly string[]]>): unknown =>
    Object.fromEntries([...item].map(([party, forms]) => [party, forms.toSorted()] as const));
  const named = [...expect.partial.keys()].map((party) => [party, got[party] ?? []] as const);
  return same(sorted(expect.partial), sorted(named));
}

/** An entry stands in what is shown as the event that the file calls it by; its leaf where that has no id. */
/** An event that has no id is named as every verb names an entry, LOG/INDEX. */
function sameEvent(view: ExpectView, expected: string | undefined, leaf: string | undefined): Pair {
  const found = leaf === undefined ? undefined : parseLeafHash(leaf);
  const ok = found !== undefined && expected !== undefined && view.leafOf(expected) === found;
  return { expected, got: found === undefined ? null : (view.eventOf(found) ?? placeOf(view.record, found)), ok };
}

function placeOf(record: LineRecord, leaf: LeafHash): string {
  const placed = record.byLeaf.get(leaf);
  return placed === undefined ? leaf : `${logLabel(record, placed.log)}/${placed.index}`;
}

function principals(view: ExpectView, { principals: wanted }: ExerciseExpect, got: StateView["principals"]): Pair {
  if (wanted === undefined) return same(undefined, null);
  const pairs: Pairs = {
    lastRequest: sameEvent(view, wanted.lastRequest, got.lastRequest?.leaf),
    outcome: same(wanted.outcome, got.outcome),
    by: sameSet(wanted.by, got.by === null ? [] : [got.by]),
    at: sameTime(wanted.at, got.at),
  };
  const given = Object.entries(pairs).filter(([, pair]) => pair.expected !== undefined);
  return {
    expected: Object.fromEntries(given.map(([key, pair]) => [key, pair.expected])),
    got: Object.fromEntries(given.map(([key, pair]) => [key, pair.got])),
    ok: given.every(([, pair]) => pair.ok),
  };
}

function ofReading(view: ExpectView, expect: ExerciseExpect): Pairs {
  if (expect.reading === undefined) return {};
  const found = readingsAt(view.record, expect.on).find((item) => item.reading === expect.reading);
  return { result: same(expect.result, found?.result ?? null) };
}

function ofNotification(view: ExpectView, expect: ExerciseExpect): Pairs {
  const leaf = expect.notification === undefined ? undefined : view.leafOf(expect.notification);
  const placed = leaf === undefined ? undefined : view.record.byLeaf.get(leaf);
  if (expect.notification === undefined) return {};
  if (placed?.header === undefined)
    return { held: same(expect.held, null), acknowledged: same(expect.acknowledged, null), complete: same(expect.complete, null) };
  const track = messageTrack(view.record, placed, expect.on);
  const found = notificationFinding(view.record, placed, { at: expect.on, words: view.words });
  return {
    held: same(expect.held, track.held.length > 0),
    acknowledged: same(expect.acknowledged, track.acknowledged !== undefined),
    complete: same(expect.complete, found.status === "not-checked" ? "not-checked" : found.status === "complete"),
    missing: sameSet(expect.missing, found.missing),
  };
}
