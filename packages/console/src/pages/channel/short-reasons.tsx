import type { LineSummary } from "@openline/api";
import { type Language, type StateView, parseTime, renderLastPrincipal, renderShortReasons } from "@openline/core";
import type { ReactNode } from "react";
import { WrittenShort } from "../../frame/text.tsx";
import { textsOf } from "../../node/entry.ts";
import { useSpeech } from "../../words/language.tsx";
import { sayIn } from "../../words/say.ts";
import { partyName } from "./reason.tsx";

interface Props {
  readonly line: LineSummary;
  readonly state: Pick<StateView, "verdict" | "reasons" | "principals" | "asOf" | "standing">;
  readonly language: Language;
}

/** Why a channel is in its state, as far as a card has room. */
export function ShortReasons({ line, state, language }: Props): ReactNode {
  const reasons = renderShortReasons(state, {
    language,
    at: parseTime(state.asOf),
    partyName: (id) => partyName(line, id, language),
    laterWord: (code) => sayIn(language)("state.laterWord", { code }),
  });
  return reasons.map((reason) => (
    <span key={reason} className="reason">
      {reason}
    </span>
  ));
}

/** What became of the last call request between principals on this channel. */
export function LastPrincipal({ line, state }: { readonly line: LineSummary; readonly state: StateView }): ReactNode {
  const { language } = useSpeech();
  const context = { language, at: parseTime(state.asOf), partyName: (id: string) => partyName(line, id, language) };
  return renderLastPrincipal(state.principals, context).map((text) => <p key={text}>{text}</p>);
}

/** The ground that each party gave which has the channel suspended, in its own words; cut where it is long, and whole on the channel's page. */
export function Grounds({ line, state: { standing }, language }: Props): ReactNode {
  const say = sayIn(language);
  return standing.by.map((party) => {
    const texts = textsOf(standing.ground[party]);
    const found = [language, "en"].map((tag) => texts.find(({ lang }) => lang === tag)).find((text) => text !== undefined) ?? texts[0];
    return (
      <span key={party} className="reason ground">
        {standing.by.length > 1 && `${partyName(line, party, language)}, `}
        {say("channel.ground")}
        {language === "zh" ? "：" : ": "}
        {found === undefined ? say("channel.noWord") : <WrittenShort {...found} />}
      </span>
    );
  });
}
