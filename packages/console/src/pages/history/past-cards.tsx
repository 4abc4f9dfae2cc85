import type { LineSummary } from "@openline/api";
import { formatTime, parseUnixSeconds } from "@openline/core";
import type { ReactNode } from "react";
import { Link } from "react-aria-components";
import { dtgText, nameIn } from "../../frame/text.tsx";
import { useSpeech } from "../../words/language.tsx";
import { type Past, stateAt } from "./past.ts";
import { StateThen } from "./state-then.tsx";

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
