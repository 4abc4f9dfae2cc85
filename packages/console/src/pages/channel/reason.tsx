import type { LineSummary } from "@openline/api";
import { type ReasonView, renderReasonView } from "@openline/core";
import type { ReactNode } from "react";
import { nameIn } from "../../frame/text.tsx";
import { type Speech, useSpeech } from "../../words/language.tsx";

/** Why a state is what it is, as every program of Openline says it. */
export function ReasonText({
  reason,
  line,
  at,
}: {
  readonly reason: ReasonView;
  readonly line: LineSummary;
  readonly at: number;
}): ReactNode {
  return reasonText(reason, { line, at, speech: useSpeech() });
}

function reasonText(
  reason: ReasonView,
  { line, at, speech: { language, say } }: { readonly line: LineSummary; readonly at: number; readonly speech: Speech },
): string {
  const text = renderReasonView(reason, { language, at, partyName: (id) => partyName(line, id, language) });
  return text ?? say("state.laterWord", { code: reason.code });
}

/** A party's name in the reader's language. */
export const partyName = (line: LineSummary, id: string, language: Speech["language"]): string =>
  nameIn(line.parties.find((party) => party.id === id)?.name ?? { "": id }, language).text;
