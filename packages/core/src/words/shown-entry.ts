import { toHex } from "../encoding/bytes.ts";
import { formatTime } from "../encoding/time.ts";
import { claimFinding } from "../channel/claims.ts";
import { messageTrack } from "../channel/message-track.ts";
import { notificationFinding, notificationNow } from "../channel/notification-finding.ts";
import { type WordsOf, entryView, plainWords, readingView } from "../channel/view.ts";
import type { Facts } from "../entry/facts.ts";
import { FACT_SHAPES } from "../entry/kinds.ts";
import { type Entry, decodeEntry } from "../entry/entry.ts";
import { type RefusalCode, refusable } from "../errors.ts";
import { formById } from "../forms/registry.ts";
import { type LeafHash, parseUnixSeconds } from "../ids.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import type { Language } from "./language.ts";
import { readBackCode } from "./read-back.ts";
import { type Line, renderText } from "./line.ts";
import { renderAct } from "./render-act.ts";
import { renderReading } from "./render-state.ts";
import { renderFinding } from "./render-finding.ts";
import { renderTrack } from "./render-track.ts";

/** An entry of a store or an export, with where it stands. */
export interface EntryToShow {
  readonly index: number;
  readonly leaf: LeafHash;
  readonly entry: Uint8Array;
  readonly refusal?: RefusalCode;
}

/** One entry as command and API show it: a JSON value, or text in a language. Source: docs/operating/command.md. */
export interface Shown {
  readonly view: { readonly log: string; readonly index: number; readonly leaf: string } & Readonly<Record<string, unknown>>;
  readonly text: (language: Language) => string;
  /** What has become of it, as far as the record goes; empty for what no post signed. */
  readonly track: (language: Language) => string;
  /** Acts of posts: what people come to read. */
  readonly signedByPeople: boolean;
}

interface ToShow {
  readonly record: LineRecord;
  /** Name of its log. */
  readonly log: string;
  readonly stored: EntryToShow;
  readonly words: WordsOf;
}

/** The end of time: an entry is shown with everything the record says of it. */
const EVER = Number.MAX_SAFE_INTEGER;

export function shownEntry(item: ToShow): Shown {
  const { log, stored } = item;
  const place = { log, index: stored.index, leaf: stored.leaf };
  const entry = refusable(() => decodeEntry(stored.entry));
  if (!entry.ok) {
    const { code, detail } = entry.refusal;
    return { view: { ...place, refusal: code, placed: "" }, text: () => `${code}: ${detail}`, track: () => "", signedByPeople: true };
  }
  const { header } = entry.value.act;
  const text = (language: Language): string => textOf(item, entry.value, language);
  const signedByPeople = header.kind !== "beat" && header.from !== undefined;
  const act = item.record.byLeaf.get(stored.leaf);
  const track = (language: Language): string =>
    signedByPeople && act?.header !== undefined ? renderText(renderTrack(item.record, act, { at: EVER, language }), language) : "";
  return { view: { ...place, ...viewOf(item, entry.value) }, text, track, signedByPeople };
}

function viewOf({ record, stored, words }: ToShow, { act, placement }: Entry): Record<string, unknown> {
  const { header } = act;
  const { parties } = record.accord;
  const body = words(stored.leaf);
  return {
    kind: header.kind ?? `unknown ${header.kindCode}`,
    party: parties.find((party) => party.key === header.party)?.id ?? header.party,
    channel: record.channels.get(header.channel)?.terms.id ?? null,
    precedence: header.precedence,
    placed: formatTime(placement.time),
    from: header.from ?? null,
    to: header.to,
    refs: header.refs,
    facts: plainFacts(header.facts),
    body: body === undefined ? null : plainWords(body),
    bodyWithheld: header.body !== undefined && body === undefined,
    ...trackOf(record, stored, words),
    refusal: stored.refusal ?? null,
    readBackCode: readBackCode(record.suite, act.payload),
    signatures: act.releases.map((release) => ({ kid: release.kid, role: release.role, time: formatTime(release.time) })),
  };
}

/** What has become of it: held, acknowledged, answered, and for a notification whether it is complete. */
function trackOf(record: LineRecord, stored: EntryToShow, words: ToShow["words"]): Record<string, unknown> {
  const placed = record.byLeaf.get(stored.leaf);
  if (placed?.header === undefined) return NOTHING_YET;
  const message: Placed = placed;
  const track = messageTrack(record, message, EVER);
  const held = track.held.map(({ party, at }) => ({ by: record.accord.parties[party]?.id, at: formatTime(parseUnixSeconds(at)) }));
  return {
    held,
    acknowledged: track.acknowledged?.leaf ?? null,
    answered: track.answered?.leaf ?? null,
    acknowledgement: replyView(record, track.acknowledged),
    holdingReply: holdingView(record, track.holding),
    answer: replyView(record, track.answered),
    ...notificationOf(record, message, words),
    ...(message.header.kind === "claim" ? { claim: claimView(record, message) } : {}),
  };
}

const NOTHING_YET = {
  held: [],
  acknowledged: null,
  answered: null,
  acknowledgement: null,
  holdingReply: null,
  answer: null,
  completeness: null,
  fieldsNow: null,
  updates: [],
};

/** Of a notification: whether it is complete, what it says with its updates, and where they stand. */
function notificationOf(record: LineRecord, message: Placed, words: WordsOf): Record<string, unknown> {
  if (message.header.kind !== "notification") return { completeness: null, fieldsNow: null, updates: [] };
  const context = { at: EVER, words };
  const { fields, updates } = notificationNow(record, message, context);
  return {
    completeness: notificationFinding(record, message, context),
    fieldsNow: plainWords(fields),
    updates: updates.map((update) => replyView(record, update)),
  };
}

/** The entry that says so: where it stands, when it was placed, by which post. */
function replyView(record: LineRecord, act: Placed | undefined): Record<string, unknown> | null {
  if (act === undefined) return null;
  const { header, placement, log } = act;
  const by = record.accord.parties[log.party]?.id ?? "";
  return { ...entryView(record, act), kind: header.kind, placed: formatTime(placement.time), by, post: header.from ?? null };
}

/** The same, and until when it promises an answer. */
function holdingView(record: LineRecord, act: Placed | undefined): unknown {
  const replyBy = act?.header.facts.replyBy;
  if (act === undefined || replyBy === undefined) return null;
  return { ...replyView(record, act), replyBy: formatTime(replyBy) };
}

/** What the record says of a claim, reading by reading. */
function claimView(record: LineRecord, placed: Placed): unknown {
  const { at, given, readings } = claimFinding(record, placed);
  return {
    at: formatTime(parseUnixSeconds(at)),
    given: given ?? null,
    readings: readings.map((reading) => readingView(record, reading)),
  };
}

function textOf({ record, stored, words }: ToShow, { act, placement }: Entry, language: Language): string {
  const { parties, terms } = record.accord;
  const author = parties.find((party) => party.key === act.header.party);
  const lines = renderAct(
    {
      header: act.header,
      body: words(stored.leaf),
      placedAt: placement.time,
      ...(author === undefined ? {} : { authorLanguage: author.file.language }),
      exercise: terms.mode === "exercise",
      partyName: (key) => parties.find((party) => party.key === key)?.id ?? key,
      channelName: (number) => record.channels.get(number)?.terms.id ?? String(number),
    },
    language,
  );
  const placed = record.byLeaf.get(stored.leaf);
  const readings = placed?.header !== undefined && placed.header.kind === "claim" ? claimFinding(record, placed).readings : [];
  const found = readings.map((reading) => renderReading(reading, language));
  const finding =
    placed?.header !== undefined && placed.header.kind === "notification" ? findingOf(record, placed, { words, language }) : [];
  return `${renderText([...lines, ...found, ...finding], language)}\n${readBackCode(record.suite, act.payload)}`;
}

/** Of a notification with its updates, as both sides see it. */
function findingOf(
  record: LineRecord,
  notification: Placed,
  { words, language }: { readonly words: WordsOf; readonly language: Language },
): readonly Line[] {
  const { form } = notification.header.facts;
  const finding = notificationFinding(record, notification, { at: EVER, words });
  return renderFinding(form === undefined ? undefined : formById(form), finding, language);
}

/** For outside tools times are RFC 3339 and bytes hex, as everywhere. */
function plainFacts(facts: Facts): unknown {
  return Object.fromEntries(Object.entries(facts).map(([name, value]: [string, unknown]) => [name, plainFact(name, value)]));
}

function plainFact(name: string, value: unknown): unknown {
  const shape = Object.entries(FACT_SHAPES).find(([known]) => known === name)?.[1];
  if (shape === "seconds" && typeof value === "number") return formatTime(parseUnixSeconds(value));
  if (shape === "windows" && Array.isArray(value))
    return (value as NonNullable<Facts["windows"]>).map(({ from, to }) => ({ from: formatTime(from), to: formatTime(to) }));
  return value instanceof Uint8Array ? toHex(value) : value;
}
