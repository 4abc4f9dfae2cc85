import type { HistoryStep, LineSummary } from "@openline/api";
import { parseTime, verdictNamed } from "@openline/core";
import { type ReactNode, memo } from "react";
import { Button } from "react-aria-components";
import { Dtg, nameIn, shortly } from "../../frame/text.tsx";
import { VerdictGlyph } from "../../glyphs/verdict-glyph.tsx";
import { parseSaid, textsOf } from "../../node/entry.ts";
import { useSpeech } from "../../words/language.tsx";
import { partyName } from "../channel/reason.tsx";
import type { Past } from "./past.ts";

interface TableProps {
  readonly line: LineSummary;
  readonly past: Past;
  /** The step that is shown above. */
  readonly step: number;
  readonly choose: (at: number) => void;
}

/** What the picture shows, as rows. The time of a row leads there. */
export function StepTable({ line, past, step, choose }: TableProps): ReactNode {
  const { say } = useSpeech();
  return (
    <section className="panel">
      <h2>{say("history.table")}</h2>
      <table className="steps">
        <thead>
          <tr>
            <th scope="col">{say("history.when")}</th>
            <th scope="col">{say("history.changed")}</th>
            <th scope="col">{say("history.what")}</th>
          </tr>
        </thead>
        <tbody>
          {past.steps.map((item, i) => (
            <StepRow key={item.at} line={line} step={item} isChosen={i === step} choose={choose} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps {
  readonly line: LineSummary;
  readonly step: HistoryStep;
  readonly isChosen: boolean;
  readonly choose: (at: number) => void;
}

const StepRow = memo(function StepRow({ line, step, isChosen, choose }: RowProps): ReactNode {
  return (
    <tr {...(isChosen ? { "aria-current": "step" } : {})}>
      <td>
        <Button onPress={() => choose(parseTime(step.at))}>
          <Dtg at={step.at} />
        </Button>
      </td>
      <td>
        <ul>
          {step.channels.map(({ id, verdict }) => (
            <li key={id}>
              <ChannelWord line={line} id={id} verdict={verdict} />
            </li>
          ))}
        </ul>
      </td>
      <td>
        <ul>
          {step.said.map((entry) => (
            <li key={entry.leaf}>
              <Summary line={line} said={parseSaid(entry)} />
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
});

function ChannelWord({ line, id, verdict }: { readonly line: LineSummary; readonly id: string; readonly verdict: string }): ReactNode {
  const { say, words, language } = useSpeech();
  const name = nameIn(line.channels.find((channel) => channel.id === id)?.name ?? { "": id }, language);
  const known = verdictNamed(verdict);
  return (
    <span className="state">
      <VerdictGlyph verdict={known ?? "not-known"} />
      <span lang={name.lang}>{name.text}</span>
      <strong>{known === undefined ? say("state.laterWord", { code: verdict }) : words.verdicts[known]}</strong>
    </span>
  );
}

/** Who said what kind of thing, and its first words in the reader's language where it has them. */
function Summary({ line, said }: { readonly line: LineSummary; readonly said: ReturnType<typeof parseSaid> }): ReactNode {
  const { words, language } = useSpeech();
  const texts = ["title", "characterisation", "reason", "ground", "text"]
    .map((word) => textsOf(said.body?.[word]))
    .find((found) => found.length > 0);
  const own = texts?.find(({ lang }) => lang === language) ?? texts?.[0];
  return (
    <>
      <strong>{partyName(line, said.party, language)}</strong> {said.kind === undefined ? said.kindText : words.kinds[said.kind]}
      {own !== undefined && (
        <q dir="auto" {...(own.lang === undefined ? {} : { lang: own.lang })}>
          {shortly(own.text)}
        </q>
      )}
    </>
  );
}
