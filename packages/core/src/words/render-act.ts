import type { Header } from "../entry/act.ts";
import type { Body } from "../entry/body.ts";
import { type ChannelNumber, type LeafHash, type PartyKey, type UnixSeconds, LINE_CHANNEL, secondsOf } from "../ids.ts";
import type { Catalogue } from "./catalogue.ts";
import { catalogueOf } from "./catalogues.ts";
import type { Language } from "./language.ts";
import { type Line, joined } from "./line.ts";
import { timeText } from "./moment.ts";
import { renderBody } from "./render-body.ts";
import { renderFacts } from "./render-facts.ts";
import { fill } from "./template.ts";
import { visibleLine } from "./visible.ts";

/** One act as its reader's side knows it. */
export interface ActToRender {
  readonly header: Header;
  /** `undefined`: withheld, erased or not here. */
  readonly body: Body | undefined;
  readonly placedAt?: UnixSeconds;
  /** The author's language: its version of a text is the authentic one. */
  readonly authorLanguage?: string;
  /** The line's mode, from its accord. */
  readonly exercise?: boolean;
  partyName(party: PartyKey): string;
  channelName(channel: ChannelNumber): string;
  refName?(leaf: LeafHash): string;
}

/** A whole act in the reader's language: everything its author signed that a person can read, nothing cut, and what its
 *  words say in every language they are in. */
export function renderAct(act: ActToRender, language: Language): readonly Line[] {
  const words = catalogueOf(language);
  return [...marks(act, words), ...headerLines(act, language), ...renderFacts(act.header.facts, language), ...bodyLines(act, language)];
}

/** What a reader must know before anything else. */
function marks({ header, body, exercise }: ActToRender, { labels, sentences }: Catalogue): readonly Line[] {
  const out: Line[] = [];
  if (exercise === true || body?.get("reconstructed") === true) out.push({ label: labels.exercise, text: sentences.exercise });
  if (header.facts.unsure === true) out.push({ label: labels.caution, text: sentences.unsure });
  if (header.kind === "observed") out.push({ label: labels.caution, text: sentences.observedByAuthor });
  if (header.kind === "served") out.push({ label: labels.caution, text: sentences.servedByAuthor });
  return out;
}

function headerLines(act: ActToRender, language: Language): readonly Line[] {
  const { header, placedAt } = act;
  const { labels, kinds, precedences, sentences } = catalogueOf(language);
  const kind = header.kind === undefined ? fill(sentences.unknownKind, { number: String(header.kindCode) }) : kinds[header.kind];
  const author = visibleLine(act.partyName(header.party));
  const channel = header.channel === LINE_CHANNEL ? sentences.theLine : visibleLine(act.channelName(header.channel));
  const refName = act.refName?.bind(act) ?? String;
  return [
    { label: labels.act, text: kind },
    { label: labels.precedence, text: precedences[header.precedence] },
    { label: labels.channel, text: channel },
    { label: labels.from, text: header.from === undefined ? author : joined([author, header.from], language) },
    ...(header.to.length === 0 ? [] : [{ label: labels.to, text: joined(header.to, language) }]),
    { label: labels.drafted, text: timeText(secondsOf(header.drafted)) },
    ...(placedAt === undefined ? [] : [{ label: labels.placed, text: timeText(placedAt) }]),
    { label: labels.notAfter, text: timeText(header.notAfter) },
    { label: labels.actId, text: header.actId },
    ...header.refs.map((leaf) => ({ label: labels.references, text: visibleLine(refName(leaf)) })),
  ];
}

function bodyLines({ header, body, authorLanguage }: ActToRender, language: Language): readonly Line[] {
  const { labels, sentences } = catalogueOf(language);
  if (body === undefined) {
    if (header.body === undefined) return [];
    return [{ label: labels.words, text: fill(sentences.withheld, { commitment: header.body }) }];
  }
  if (body.size === 0) return [{ label: labels.words, text: sentences.noWords }];
  return renderBody(body, {
    kind: header.kind,
    form: header.facts.form,
    language,
    reconstructed: body.get("reconstructed") === true,
    ...(authorLanguage === undefined ? {} : { authorLanguage }),
  });
}
