import type { LineSummary } from "@openline/api";
import type { StateView } from "@openline/core";
import type { ReactNode } from "react";
import { Written } from "../../frame/text.tsx";
import { textsOf } from "../../node/entry.ts";
import { useSpeech } from "../../words/language.tsx";
import { partyName } from "./reason.tsx";

/** The words of each party that has suspended something: its ground, and beside it what would end it. */
export function StandingWords({ line, state }: { readonly line: LineSummary; readonly state: Pick<StateView, "standing"> }): ReactNode {
  const { say, language } = useSpeech();
  const { ground, conditions } = state.standing;
  return Object.keys(ground).map((party) => (
    <dl key={party} className="columns">
      <div>
        <dt>
          {partyName(line, party, language)}: {say("channel.ground")}
        </dt>
        <Words word={ground[party]} />
      </div>
      <div>
        <dt>{say("channel.conditions")}</dt>
        <Words word={conditions[party]} />
      </div>
    </dl>
  ));
}

function Words({ word }: { readonly word: unknown }): ReactNode {
  const { say } = useSpeech();
  const texts = textsOf(word);
  if (texts.length === 0) return <dd>{say("channel.noWord")}</dd>;
  return (
    <dd>
      {texts.map(({ lang, text }) => (
        <Written key={lang ?? ""} lang={lang} text={text} />
      ))}
    </dd>
  );
}
