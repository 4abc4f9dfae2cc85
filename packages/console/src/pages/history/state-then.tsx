import type { LineSummary } from "@openline/api";
import { type PastState, dayCount, verdictNamed } from "@openline/core";
import type { ReactNode } from "react";
import { Dtg, Written } from "../../frame/text.tsx";
import { VerdictGlyph } from "../../glyphs/verdict-glyph.tsx";
import { textsOf } from "../../node/entry.ts";
import { useSpeech } from "../../words/language.tsx";
import { ShortReasons } from "../channel/short-reasons.tsx";

interface StateProps {
  readonly line: LineSummary;
  readonly state: PastState;
}

/** What a channel was at an instant, why, since when, and the ground that was given. */
export function StateThen({ line, state }: StateProps): ReactNode {
  const { say, words, language } = useSpeech();
  const verdict = verdictNamed(state.verdict);
  const { since, days, ground } = state.standing;
  return (
    <>
      <span className={`state ${verdict ?? "not-known"}`}>
        <VerdictGlyph verdict={verdict ?? "not-known"} />
        <strong>{verdict === undefined ? say("state.laterWord", { code: state.verdict }) : words.verdicts[verdict]}</strong>
      </span>
      <ShortReasons line={line} state={state} language={language} />
      {since !== null && days !== null && (
        <span className="since">
          <Dtg at={since} /> <strong>{dayCount(days, language)}</strong>
        </span>
      )}
      {Object.values(ground).flatMap((word) =>
        textsOf(word).map(({ lang, text }) => <Written key={lang ?? text} lang={lang} text={text} />),
      )}
    </>
  );
}
