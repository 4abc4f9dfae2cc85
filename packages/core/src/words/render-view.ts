import { REASON_VERDICT, type Reason, type ReasonCode, VERDICTS, type Verdict } from "../channel/verdict.ts";
import type { ReasonView } from "../channel/view.ts";
import { parseDateOrTime } from "../encoding/time.ts";
import type { Language } from "./language.ts";
import { renderReason } from "./render-state.ts";

/** A reason as an API gives it, in the same words as one computed here: whoever reads a state over HTTP says of it what the
 *  command says. Undefined for a reason of a later version, of which there are no words here. */
export function renderReasonView(
  view: ReasonView,
  context: { readonly language: Language; readonly at: number; partyName(id: string): string },
): string | undefined {
  const { by } = view;
  const reason = reasonOf(view);
  if (reason === undefined) return undefined;
  return renderReason(reason, { language: context.language, at: context.at, partyName: () => (by === null ? "" : context.partyName(by)) });
}

/** The verdict that a view names; undefined for a word of a later version. */
export const verdictNamed = (word: string): Verdict | undefined => VERDICTS.find((verdict) => verdict === word);

/** One party at most is named in a reason, so its position stands for nothing but that there is one. */
function reasonOf({ code, by, since, params }: ReasonView): Reason | undefined {
  if (!isReasonCode(code)) return undefined;
  const entries = Object.entries(params).flatMap(([key, value]) => {
    const plain = plainParameter(key, value);
    return plain === undefined ? [] : [[key, plain] as const];
  });
  return { code, by: by === null ? undefined : 0, since: parseDateOrTime(since), entry: undefined, params: Object.fromEntries(entries) };
}

export const isReasonCode = (code: string): code is ReasonCode => Object.hasOwn(REASON_VERDICT, code);

/** Times stand under keys that end in `At`. What is no plain value is no parameter of a sentence. */
function plainParameter(key: string, value: unknown): string | number | boolean | null | undefined {
  if (typeof value === "string") return key.endsWith("At") ? parseDateOrTime(value) : value;
  return typeof value === "number" || typeof value === "boolean" || value === null ? value : undefined;
}
