import type { LineSummary } from "@openline/api";
import { type StateView, dayCount } from "@openline/core";
import { type ReactNode, useState } from "react";
import { Link } from "react-aria-components";
import { Told } from "../../acting/told.tsx";
import { Dtg, dtgText, nameIn } from "../../frame/text.tsx";
import { useKeys } from "../../keys/use-keys.tsx";
import { useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { Grounds, ShortReasons } from "../channel/short-reasons.tsx";
import { StateWord } from "../channel/state-word.tsx";
import { type LineCheck, useLineCheck } from "../channel/use-line-check.ts";

/** A card for each channel of the line, in the order of the accord; it never changes its place. */
export function ChannelStrip(): ReactNode {
  const { say } = useSpeech();
  const { line, states } = useShown();
  const check = useLineCheck();
  const [unchosen, setUnchosen] = useState(false);
  // What is tested is the card that has the focus, and nothing where none has.
  const test = (): void => {
    const chosen = document.activeElement?.closest<HTMLElement>("[data-channel]")?.dataset["channel"];
    setUnchosen(chosen === undefined);
    if (chosen !== undefined) check.on(chosen).act?.();
  };
  useKeys({ test: line?.channels.some(({ id }) => check.on(id).act !== undefined) === true ? test : undefined });
  return (
    <section aria-label={say("watch.channels")}>
      {line === undefined && <p role="status">{say("watch.loading")}</p>}
      <ul className="strip">
        {line?.channels.map((channel) => (
          <li key={channel.id} data-channel={channel.id}>
            <ChannelCard check={check} line={line} channel={channel} state={states?.channels.find(({ id }) => id === channel.id)} />
          </li>
        ))}
      </ul>
      {unchosen && <p role="status">{say("test.choose")}</p>}
      <TestTold line={line} told={check.told} />
      {line !== undefined && <BearerLine line={line} />}
    </section>
  );
}

function TestTold({ line, told }: { readonly line: LineSummary | undefined; readonly told: LineCheck["told"] }): ReactNode {
  const { say, language } = useSpeech();
  const channel = nameIn(line?.channels.find(({ id }) => id === told?.on)?.name ?? {}, language).text;
  return <Told outcome={told?.outcome} done={told === undefined ? "" : say("test.on", { what: say(told.done), channel })} />;
}

interface CardProps {
  readonly check: LineCheck;
  readonly line: LineSummary;
  readonly channel: LineSummary["channels"][number];
  readonly state: StateView | undefined;
}

function ChannelCard({ check, line, channel, state }: CardProps): ReactNode {
  const { say, language } = useSpeech();
  const { link } = useShown();
  const name = nameIn(channel.name, language);
  const { theirs, last } = check.on(channel.id);
  return (
    <Link href={`/c/${channel.id}`} className="card">
      <span className="name" lang={name.lang}>
        {name.text}
      </span>
      {state === undefined && link === "loading" ? <span className="state">{say("watch.loading")}</span> : <StateWord state={state} />}
      {link !== "lost" && state !== undefined && (
        <>
          <ShortReasons line={line} state={state} language={language} />
          <Grounds line={line} state={state} language={language} />
          <Since state={state} />
        </>
      )}
      {link !== "lost" && theirs && last !== undefined && (
        <span className="reason">{say("test.theirsWaits", { at: dtgText(last.at) })}</span>
      )}
    </Link>
  );
}

function Since({ state }: { readonly state: StateView }): ReactNode {
  const { language } = useSpeech();
  const { since, days } = state.standing;
  if (typeof since !== "string" || typeof days !== "number") return null;
  return (
    <span className="since">
      <Dtg at={since} /> <strong>{dayCount(days, language)}</strong>
    </span>
  );
}

/** How this node's ways do: its own observation, and no part of any state. */
function BearerLine({ line }: { readonly line: LineSummary }): ReactNode {
  const { say, language } = useSpeech();
  const { bearers, link } = useShown();
  if (bearers === undefined || link === "lost") return null;
  const peers = [...new Set(bearers.bearers.map(({ peer }) => peer))];
  if (peers.length === 0) return <p className="bearers">{say("bearers.none")}</p>;
  return (
    <dl className="bearers">
      {peers.map((peer) => {
        const ways = bearers.bearers.filter((bearer) => bearer.peer === peer);
        const up = ways.filter(({ out }) => out.value === "proven").length;
        const name = nameIn(line.parties.find(({ id }) => id === peer)?.name ?? { "": peer }, language).text;
        return (
          <div key={peer}>
            <dt>{say("bearers.label", { peer: name })}</dt>
            <dd>{say("bearers.up", { up: String(up), all: String(ways.length) })}</dd>
            {bearers.clocks
              .filter((clock) => clock.peer === peer && clock.beyond)
              .map(({ offset }) => (
                <dd key="clock">{say("bearers.clock", { seconds: String(Math.abs(offset)) })}</dd>
              ))}
            {bearers.lostPsks
              .filter((lost) => lost.peer === peer)
              .map(({ said }) => (
                <dd key="psk">{said === null ? say("bearers.pskGone") : say("bearers.pskLost", { party: said.party })}</dd>
              ))}
          </div>
        );
      })}
    </dl>
  );
}
