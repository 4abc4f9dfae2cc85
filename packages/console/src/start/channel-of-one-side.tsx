import type { LineSummary, States } from "@openline/api";
import { type Language, catalogueOf, dayCount, verdictNamed } from "@openline/core";
import type { ReactNode } from "react";
import { VerdictGlyph } from "../glyphs/verdict-glyph.tsx";
import { Grounds, ShortReasons } from "../pages/channel/short-reasons.tsx";
import { sayIn } from "../words/say.ts";

/** What one node computes of a channel: its word, the reasons for it, the ground given, and for how many days. */
export function ChannelOfOneSide({
  name,
  state,
  summary,
  language,
}: {
  readonly name: { readonly text: string; readonly lang: string | undefined };
  readonly state: States["channels"][number] | undefined;
  readonly summary: LineSummary;
  readonly language: Language;
}): ReactNode {
  const verdict = state === undefined ? undefined : verdictNamed(state.verdict);
  return (
    <div className="card">
      <span className="name" lang={name.lang}>
        {name.text}
      </span>
      <span className={`state ${verdict ?? "not-known"}`}>
        <VerdictGlyph verdict={verdict ?? "not-known"} />
        <strong>{verdict === undefined ? sayIn(language)("state.notKnown") : catalogueOf(language).verdicts[verdict]}</strong>
      </span>
      {state !== undefined && (
        <span className="why">
          <ShortReasons line={summary} state={state} language={language} />
          <Grounds line={summary} state={state} language={language} />
        </span>
      )}
      {typeof state?.standing.days === "number" && state.standing.since !== null && (
        <strong className="since">{dayCount(state.standing.days, language)}</strong>
      )}
    </div>
  );
}
