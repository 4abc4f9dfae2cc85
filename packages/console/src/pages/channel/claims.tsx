import type { EntryShown, LineSummary } from "@openline/api";
import { READINGS, type ReadingName } from "@openline/core";
import type { ReactNode } from "react";
import { Dtg, Written } from "../../frame/text.tsx";
import { parseSaid, textsOf } from "../../node/entry.ts";
import { useSpeech } from "../../words/language.tsx";
import { partyName } from "./reason.tsx";

/** What parties have said in public under one reading of "open", each in its own words; `undefined`: under none. Never true or false. */
export function Claims({ line, claims }: { readonly line: LineSummary; readonly claims: readonly EntryShown[] }): ReactNode {
  const { language } = useSpeech();
  if (claims.length === 0) return null;
  return (
    <ul className="claims">
      {claims.map((entry) => {
        const said = parseSaid(entry);
        return (
          <li key={said.leaf}>
            <p>
              <strong>{partyName(line, said.party, language)}</strong> <Dtg at={said.placed} />
            </p>
            {textsOf(said.body?.["text"]).map(({ lang, text }) => (
              <Written key={lang ?? ""} lang={lang} text={text} />
            ))}
          </li>
        );
      })}
    </ul>
  );
}

/** The reading under which its author put a claim; undefined: none, or one of a later version. */
export function readingGiven(entry: Readonly<Record<string, unknown>>): ReadingName | undefined {
  const { claim } = entry;
  const given = typeof claim === "object" && claim !== null && "given" in claim ? claim.given : undefined;
  return READINGS.find((reading) => reading === given);
}
