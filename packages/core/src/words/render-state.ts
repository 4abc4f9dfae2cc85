import type { Principals } from "../channel/principals.ts";
import type { Reading } from "../channel/readings.ts";
import type { ChannelState } from "../channel/state.ts";
import type { Reason, Verdict } from "../channel/verdict.ts";
import type { UnixSeconds } from "../ids.ts";
import { parseUnixSeconds } from "../ids.ts";
import { PRECEDENCES } from "../entry/kinds.ts";
import { assert } from "../errors.ts";
import type { ReasonKey } from "./catalogue.ts";
import { catalogueOf } from "./catalogues.ts";
import type { Language } from "./language.ts";
import { type Line, joined, remarked } from "./line.ts";
import { ageText, dayCount, moment, timeText } from "./moment.ts";
import { formName } from "./render-facts.ts";
import { fill, parametersOf } from "./template.ts";
import { visibleLine } from "./visible.ts";

/** Who reads a state, and when it is of. */
export interface StateContext {
  readonly language: Language;
  /** The time the state is of, POSIX seconds. */
  readonly at: number;
  /** Name of a party by its position in the accord. */
  partyName(party: number): string;
}

export interface ReasonContext extends StateContext {
  /** The last call request between principals, said after the reason. */
  readonly principals?: Principals;
}

/** Outlined signs for plain text; the word always stands beside. */
export const VERDICT_SIGNS: Readonly<Record<Verdict, string>> = {
  "not-in-force": "(x)",
  suspended: "(=)",
  silent: "(-)",
  "not-received": "(<)",
  unanswered: "(/)",
  untested: "(.)",
  unproven: "( )",
  open: "(✓)",
};

/** One reason in words: what is the case, by whom, since when. */
export function renderReason(reason: Reason, context: ReasonContext): string {
  const { reasons, sentences } = catalogueOf(context.language);
  const template = reasons[keyOf(reason)];
  const parameters = Object.fromEntries(parametersOf(template).map((name) => [name, parameter(reason, name, context)]));
  const parts = [fill(template, parameters)];
  const { reviewAt, timesDisputed } = reason.params;
  if (typeof reviewAt === "number") parts.push(fill(sentences.reviewOn, { review: moment(reviewAt, context.at, context.language) }));
  if (timesDisputed === true) parts.push(sentences.timesDisputed);
  if (context.principals !== undefined) parts.push(renderPrincipals(context.principals, context));
  return parts.join(context.language === "zh" ? "" : " ");
}

/** The last call request between principals and what became of it. */
export function renderPrincipals(principals: Principals, context: StateContext): string {
  const template = catalogueOf(context.language).principals[principals.outcome];
  const { request, by, at } = principals;
  if (request === undefined) return template;
  return fill(template, {
    asker: name(context, request.log.party),
    asked: moment(request.placement.time, context.at, context.language),
    party: by === undefined ? "" : name(context, by),
    on: at === undefined ? "" : moment(at, context.at, context.language),
  });
}

/** A channel's state as a short block. `validUntil`: until when it stays so if nothing is added to the record; null: for good. */
export function renderChannel(
  state: ChannelState,
  context: StateContext & { readonly channelName?: string; readonly validUntil?: UnixSeconds | null },
): readonly Line[] {
  const { language, validUntil } = context;
  const { labels, verdicts, sentences, standings } = catalogueOf(language);
  const { standing, verdict } = state;
  const title = context.channelName === undefined ? state.id : remarked(visibleLine(context.channelName), [state.id], language);
  const lines: Line[] = [
    { label: labels.channel, text: title },
    { label: labels.verdict, text: `${VERDICT_SIGNS[verdict]} ${verdicts[verdict]}` },
    ...state.reasons.map((reason) => ({ label: labels.reasons, text: renderReason(reason, context) })),
  ];
  if (standing.since !== null && standing.days !== null)
    lines.push({
      label: labels.standing,
      text: joined([standings[standing.value], timeText(parseUnixSeconds(standing.since)), dayCount(standing.days, language)], language),
    });
  for (const [party, { forms }] of standing.parties.entries()) {
    if (forms.size === 0) continue;
    const named = [...forms.keys()].map((form) => formName(form, language));
    lines.push({ label: labels.partial, text: joined([name(context, party), ...named], language) });
  }
  for (const [party, until] of state.closed) {
    const text = until === null ? sentences.closed : fill(sentences.closedUntil, { until: timeText(parseUnixSeconds(until)) });
    lines.push({ label: labels.hours, text: joined([name(context, party), text], language) });
  }
  const responsible = state.responsible.map((party) => name(context, party));
  lines.push({ label: labels.responsible, text: responsible.length === 0 ? labels.nobody : joined(responsible, language) });
  lines.push({ label: labels.principals, text: renderPrincipals(state.principals, context) });
  lines.push({ label: labels.asOf, text: timeText(parseUnixSeconds(state.at)) });
  if (validUntil !== undefined && validUntil !== null) lines.push({ label: labels.validUntil, text: timeText(validUntil) });
  if (state.ourAccount) lines.push({ label: labels.caution, text: sentences.ourAccount });
  if (state.restsOnUnsure) lines.push({ label: labels.caution, text: sentences.restsOnUnsure });
  return lines;
}

/** One reading of "open" and its result: supported, contradicted or not decided. */
export function renderReading(reading: Reading, language: Language): Line {
  const { readings, results, sentences } = catalogueOf(language);
  const entries = fill(sentences.restsOn, { entries: String(reading.evidence.length) });
  return { label: readings[reading.reading], text: joined([results[reading.result], entries], language) };
}

function keyOf({ code, params }: Reason): ReasonKey {
  if (code === "not-yet" && params["fromAt"] === null) return "not-yet-begun";
  if (code === "silent" && params["lastAt"] === null) return "silent-always";
  if (code === "no-proof" && params["provenAt"] === null) return "no-proof-ever";
  return code;
}

const name = (context: StateContext, party: number): string => visibleLine(context.partyName(party));

/** A parameter in words: a time under `nameAt`, its age under `nameAge`, or a code with a word of its own. */
function parameter(reason: Reason, key: string, context: StateContext): string {
  const { language, at } = context;
  const { precedences, clocks } = catalogueOf(language);
  const { params } = reason;
  if (key === "party") {
    assert(reason.by !== undefined, `${reason.code} is about a party`);
    return name(context, reason.by);
  }
  if (key === "since") return moment(reason.since, at, language);
  if (key === "age") return ageText(reason.since, at, language);
  if (key === "window") return dayCount(Math.floor(Number(params["window"]) / 86_400), language);
  if (key === "precedence") {
    const precedence = PRECEDENCES.find((item) => item === params["precedence"]);
    assert(precedence !== undefined, `${reason.code} names a precedence`);
    return precedences[precedence];
  }
  if (key === "clock") {
    const clock = params["clock"];
    assert(clock === "acknowledgement" || clock === "answer" || clock === "call-request", `${reason.code} names a clock`);
    return clocks[clock];
  }
  const age = key.endsWith("Age") ? params[`${key.slice(0, -3)}At`] : undefined;
  if (typeof age === "number") return ageText(age, at, language);
  const time = params[`${key}At`];
  if (typeof time === "number") return key === "slot" ? timeText(parseUnixSeconds(time)) : moment(time, at, language);
  const value = params[key];
  assert(value !== undefined && value !== null, `${reason.code} gives ${key}`);
  return String(value);
}
