import type { LineSummary } from "@openline/api";
import { type StateView, parseTime } from "@openline/core";
import type { ReactNode } from "react";
import { SaveEvidence } from "../../evidence/save-evidence.tsx";
import { nameIn } from "../../frame/text.tsx";
import { useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { ChannelEntries } from "./channel-entries.tsx";
import { ChannelTimeline } from "./channel-timeline.tsx";
import { EntryLinks } from "./entry-links.tsx";
import { LineCheck } from "./line-check.tsx";
import { Readings } from "./readings.tsx";
import { ReasonText, partyName } from "./reason.tsx";
import { LastPrincipal } from "./short-reasons.tsx";
import { StandingWords } from "./standing-words.tsx";
import { StateWord } from "./state-word.tsx";

/** Why a channel is in the state it is in. */
export function ChannelPage({ id }: { readonly id: string }): ReactNode {
  const { say, language } = useSpeech();
  const { line, states } = useShown();
  if (line === undefined) return <h1>{say("watch.loading")}</h1>;
  const channel = line.channels.find((item) => item.id === id);
  const state = states?.channels.find((item) => item.id === id);
  if (channel === undefined) return <h1>{say("channel.unknown", { id })}</h1>;
  const name = nameIn(channel.name, language);
  return (
    <>
      <h1 lang={name.lang}>{name.text}</h1>
      <section className="panel">
        <h2>{say("channel.stateNow")}</h2>
        <p className="large">
          <StateWord state={state} />
        </p>
        {state !== undefined && <StateNow line={line} state={state} />}
      </section>
      <ChannelTimeline line={line} channel={channel} />
      <Readings line={line} readings={states?.readings ?? []} />
      <ChannelEntries id={id} line={line} />
    </>
  );
}

/** Nothing of it is shown while the node is not reached: it would be of another time. */
function StateNow({ line, state }: { readonly line: LineSummary; readonly state: StateView }): ReactNode {
  const { say, words, language } = useSpeech();
  const { link } = useShown();
  if (link === "lost") return null;
  const at = parseTime(state.asOf);
  // What is of one party stands under its name below.
  const ofNobody = state.reasons.filter(({ by }) => by === null || state.debtors[by] === undefined);
  return (
    <>
      {ofNobody.map((reason) => (
        <p key={`${reason.code} ${reason.by ?? ""}`}>
          <ReasonText reason={reason} line={line} at={at} />
        </p>
      ))}
      {state.rests_on_unsure && <p>{words.sentences.restsOnUnsure}</p>}
      {state.our_account && <p>{words.sentences.ourAccount}</p>}
      <StandingWords line={line} state={state} />
      <LastPrincipal line={line} state={state} />
      <h3>{say("channel.debtors")}</h3>
      <dl className="debtors">
        {Object.entries(state.debtors).map(([party, { verdict, reasons }]) => (
          <div key={party}>
            <dt>
              {partyName(line, party, language)} <StateWord state={{ verdict }} />
            </dt>
            {reasons.map((reason) => (
              <dd key={`${reason.code} ${reason.since}`}>
                <ReasonText reason={reason} line={line} at={at} />
              </dd>
            ))}
          </div>
        ))}
      </dl>
      <LineCheck id={state.id} />
      <h3>{say("channel.proof")}</h3>
      <EntryLinks entries={state.evidence} />
      <SaveEvidence entries={state.evidence} />
    </>
  );
}
