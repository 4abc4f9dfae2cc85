import { REASON_VERDICT } from "../channel/verdict.ts";
import type { ReasonView, StateView } from "../channel/view.ts";
import { parseDateOrTime } from "../encoding/time.ts";
import { catalogueOf } from "./catalogues.ts";
import type { Language } from "./language.ts";
import { joined } from "./line.ts";
import { ageText, moment } from "./moment.ts";
import { isReasonCode, renderReasonView } from "./render-view.ts";
import { fill } from "./template.ts";

interface Context {
  readonly language: Language;
  /** POSIX seconds. */
  readonly at: number;
  readonly partyName: (id: string) => string;
  /** What stands for a reason of a later version. */
  readonly laterWord: (code: string) => string;
}

/** Why a channel is in its state, where there is room for few lines: of each party its first reason for this verdict, so that no party
 *  stands there alone where another is in the same case, and what became of the last principal request. */
export function renderShortReasons(
  { verdict, reasons, principals }: Pick<StateView, "verdict" | "reasons" | "principals">,
  context: Context,
): readonly string[] {
  const ofVerdict = reasons.filter(({ code }) => !isReasonCode(code) || REASON_VERDICT[code] === verdict);
  const firsts = ofVerdict.filter((reason, i) => ofVerdict.findIndex(({ by }) => by === reason.by) === i);
  const alike = firsts.filter(({ code }) => code === "no-proof" || code === "proof");
  const together = alike.length > 1;
  return [
    ...firsts
      .filter((reason) => !together || !alike.includes(reason))
      .map((reason) => renderReasonView(reason, context) ?? context.laterWord(reason.code)),
    ...(together ? [proofsOf(alike, context)] : []),
    ...renderLastPrincipal(principals, context),
  ];
}

/** The last proof of each party, in one sentence that is true of all. */
function proofsOf(reasons: readonly ReasonView[], { language, at, partyName }: Context): string {
  const { sentences } = catalogueOf(language);
  const proofs = reasons.map(({ by, params: { provenAt } }) => {
    const party = partyName(by ?? "");
    if (typeof provenAt !== "string") return fill(sentences.noProofBy, { party });
    return fill(sentences.lastProofBy, { party, age: ageText(parseDateOrTime(provenAt), at, language) });
  });
  const said = [fill(sentences.lastProofs, { proofs: joined(proofs, language) })];
  if (reasons.some(({ code }) => code === "no-proof")) said.unshift(sentences.nobodyProven);
  return said.join(language === "zh" ? "" : " ");
}

/** What became of the last call request between principals. Nothing where none has asked for a call, or where only a later version has a
 *  word for what came of it. */
export function renderLastPrincipal(
  principals: StateView["principals"],
  { language, at, partyName }: Pick<Context, "language" | "at" | "partyName">,
): readonly string[] {
  const { sentences, outcomes } = catalogueOf(language);
  const word = Object.entries(outcomes).find(([outcome]) => outcome === principals.outcome && outcome !== "none")?.[1];
  if (word === undefined) return [];
  const parts = [word];
  if (principals.by !== null) parts.push(partyName(principals.by));
  if (principals.at !== null) parts.push(moment(parseDateOrTime(principals.at), at, language));
  return [fill(sentences.lastPrincipal, { outcome: parts.join(language === "zh" ? "，" : ", ") })];
}
