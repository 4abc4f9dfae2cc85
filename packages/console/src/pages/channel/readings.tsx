import type { LineSummary, States } from "@openline/api";
import { READINGS, type ReadingName } from "@openline/core";
import type { ReactNode } from "react";
import { useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { Claims } from "./claims.tsx";
import { EntryLinks } from "./entry-links.tsx";

/** The three readings of "open" over the whole line, each supported, contradicted or not decided, and what the parties have said. */
export function Readings({ line, readings }: { readonly line: LineSummary; readonly readings: States["readings"] }): ReactNode {
  const { say, words } = useSpeech();
  const { link } = useShown();
  return (
    <section className="panel">
      <h2>{say("channel.readings")}</h2>
      <dl className="readings">
        {readings.flatMap((item) => {
          const reading = READINGS.find((name: ReadingName) => name === item.reading);
          if (reading === undefined) return [];
          return (
            <div key={reading}>
              <dt>{words.readings[reading]}</dt>
              <dd>
                <strong>{link === "lost" ? say("state.notKnown") : resultWord(item.result, words.results)}</strong>
                <EntryLinks entries={item.evidence} />
              </dd>
            </div>
          );
        })}
      </dl>
      <Claims line={line} />
    </section>
  );
}

const resultWord = (result: string, words: Readonly<Record<string, string>>): string => words[result] ?? result;
