import type { LineSummary } from "@openline/api";
import { type PastState, dayCount, formatTime, parseUnixSeconds, verdictNamed } from "@openline/core";
import type { ReactNode } from "react";
import { Link } from "react-aria-components";
import { Dtg, Written, dtgText, nameIn } from "../../frame/text.tsx";
import { VerdictGlyph } from "../../glyphs/verdict-glyph.tsx";
import { textsOf } from "../../node/entry.ts";
import { useSpeech } from "../../words/language.tsx";
import { ShortReasons } from "../channel/short-reasons.tsx";
import { type Past, stateAt } from "./past.ts";

/** Every channel as it was at an instant, in the order of the accord. */
export function PastCards({ line, past, at }: { readonly line: LineSummary; readonly past: Past; readonly at: number }): ReactNode {
  const { say, language } = useSpeech();
  return (
    <section>
      <h2>{say("history.cards", { at: dtgText(formatTime(parseUnixSeconds(at))) })}</h2>
      <ul className="strip">
        {line.channels.map((channel) => {
          const name = nameIn(channel.name, language);
          const state = stateAt(past, channel.id, at);
          return (
            <li key={channel.id} className="card" data-channel={channel.id}>
              <Link href={`/c/${channel.id}`} className="name">
                <span lang={name.lang}>{name.text}</span>
              </Link>
              {state === undefined ? <span>{say("state.notKnown")}</span> : <StateThen line={line} state={state} />}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

interface StateProps {
  readonly line: LineSummary;
  readonly state: PastState;
}

function StateThen({ line, state }: StateProps): ReactNode {
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
