import type { EntryShown, LineSummary } from "@openline/api";
import type { ReactNode } from "react";
import { Link } from "react-aria-components";
import { Code, Dtg, dtgText, nameIn } from "../../frame/text.tsx";
import { parseSaid, placeOf } from "../../node/entry.ts";
import { useSpeech } from "../../words/language.tsx";
import { partyName } from "../channel/reason.tsx";
import { BodyTexts } from "../message/message-body.tsx";
import { type Past, stepAt } from "./past.ts";

/** What was said at an instant, or last before it, each act in its own words. */
export function Said({ line, past, at }: { readonly line: LineSummary; readonly past: Past; readonly at: number }): ReactNode {
  const { say } = useSpeech();
  const last = past.steps.slice(0, stepAt(past, at) + 1).findLast(({ said }) => said.length > 0);
  const isNow = last !== undefined && past.instants[past.steps.indexOf(last)] === at;
  return (
    <section className="panel said">
      <h2>{last === undefined || isNow ? say("history.said") : say("history.saidBefore", { at: dtgText(last.at) })}</h2>
      {last === undefined && <p>{say("history.nothingSaid")}</p>}
      {last?.said.map((entry) => (
        <SaidAct key={entry.leaf} line={line} entry={entry} />
      ))}
      {last !== undefined && last.moreSaid > 0 && <p>{say("history.moreSaid", { count: String(last.moreSaid) })}</p>}
    </section>
  );
}

function SaidAct({ line, entry }: { readonly line: LineSummary; readonly entry: EntryShown }): ReactNode {
  const { say, words, language } = useSpeech();
  const said = parseSaid(entry);
  const channel = line.channels.find(({ id }) => id === said.channel);
  const name = channel === undefined ? undefined : nameIn(channel.name, language);
  return (
    <article>
      <h3>
        {partyName(line, said.party, language)}: {said.kind === undefined ? said.kindText : words.kinds[said.kind]}
      </h3>
      <p className="message-head">
        <Dtg at={said.placed} />
        {name !== undefined && <span lang={name.lang}>{name.text}</span>}
        <Link href={`/m/${placeOf(said)}`}>
          {say("history.proof")} <Code>{placeOf(said)}</Code>
        </Link>
      </p>
      <BodyTexts said={said} />
    </article>
  );
}
