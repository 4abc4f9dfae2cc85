import type { EntryShown, LineSummary, States } from "@openline/api";
import { READINGS, type ReadingName } from "@openline/core";
import type { ReactNode } from "react";
import { useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { Claims, readingGiven } from "./claims.tsx";
import { EntryLinks } from "./entry-links.tsx";
import { useEntries } from "./use-entries.ts";

interface ReadingsProps {
  readonly line: LineSummary;
  readonly readings: States["readings"];
}

/** The three readings of "open" over the whole line as they are now, and under each what the parties have said of it. */
export function Readings({ line, readings }: ReadingsProps): ReactNode {
  const { link } = useShown();
  const { entries } = useEntries({ kind: "claim" });
  return <ReadingList line={line} readings={readings} claims={entries ?? []} known={link !== "lost"} />;
}

/** Each reading supported, contradicted or not decided, with its entries, and each public sentence under its own. */
export function ReadingList({
  line,
  readings,
  claims,
  known,
}: ReadingsProps & { readonly claims: readonly EntryShown[]; readonly known: boolean }): ReactNode {
  const { say, words } = useSpeech();
  const underNone = claims.filter((entry) => readingGiven(entry) === undefined);
  return (
    <section className="panel">
      <h2>{say("channel.readings")}</h2>
      <dl className="readings">
        {readings.flatMap((item) => {
          const reading = READINGS.find((name: ReadingName) => name === item.reading);
          if (reading === undefined) return [];
          return (
            <div key={reading} data-reading={reading}>
              <dt>{words.readings[reading]}</dt>
              <dd>
                <strong>{known ? resultWord(item.result, words.results) : say("state.notKnown")}</strong>
                <EntryLinks entries={item.evidence} />
                <Claims line={line} claims={claims.filter((entry) => readingGiven(entry) === reading)} />
              </dd>
            </div>
          );
        })}
      </dl>
      {underNone.length > 0 && <h3>{words.kinds.claim}</h3>}
      <Claims line={line} claims={underNone} />
    </section>
  );
}

const resultWord = (result: string, words: Readonly<Record<string, string>>): string => words[result] ?? result;
