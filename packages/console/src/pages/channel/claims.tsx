import { READINGS } from "@openline/core";
import type { LineSummary } from "@openline/api";
import type { ReactNode } from "react";
import { Dtg, Written } from "../../frame/text.tsx";
import { parseSaid, textsOf } from "../../node/entry.ts";
import { useSpeech } from "../../words/language.tsx";
import { partyName } from "./reason.tsx";
import { useEntries } from "./use-entries.ts";

/** What parties have said in public, each claim under the reading that its author gave it: never true or false. */
export function Claims({ line }: { readonly line: LineSummary }): ReactNode {
  const { words, language } = useSpeech();
  const { entries } = useEntries({ kind: "claim" });
  if (entries === undefined || entries.length === 0) return null;
  return (
    <>
      <h3>{words.kinds.claim}</h3>
      <ul className="claims">
        {entries.map((entry) => {
          const said = parseSaid(entry);
          const given = readingGiven(entry);
          return (
            <li key={said.leaf}>
              <p>
                <strong>{partyName(line, said.party, language)}</strong> <Dtg at={said.placed} />{" "}
                {given !== undefined && <span>{words.readings[given]}</span>}
              </p>
              {textsOf(said.body?.["text"]).map(({ lang, text }) => (
                <Written key={lang ?? ""} lang={lang} text={text} />
              ))}
            </li>
          );
        })}
      </ul>
    </>
  );
}

function readingGiven(entry: Readonly<Record<string, unknown>>): (typeof READINGS)[number] | undefined {
  const { claim } = entry;
  const given = typeof claim === "object" && claim !== null && "given" in claim ? claim.given : undefined;
  return READINGS.find((reading) => reading === given);
}
