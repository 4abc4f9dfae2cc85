import type { EntryShown, LineSummary } from "@openline/api";
import type { ReactNode } from "react";
import { Link } from "react-aria-components";
import { Code, Written } from "../../frame/text.tsx";
import { type Said, parseSaid, placeOf, textsOf } from "../../node/entry.ts";
import { useSpeech } from "../../words/language.tsx";
import { partyName } from "../channel/reason.tsx";

/** Each incident up to an instant under its neutral name, the entry that opened it; each party's own title and word side by side, ours
 *  first. Nobody's word stands for the other's. */
export function Incidents({ line, said }: { readonly line: LineSummary; readonly said: readonly EntryShown[] }): ReactNode {
  const { say } = useSpeech();
  const acts = said.filter(({ kind }) => kind === "incident-open" || kind === "incident-account").map(parseSaid);
  const opened = acts.filter(({ kind }) => kind === "incident-open");
  if (opened.length === 0) return null;
  const ourFirst = line.parties.toSorted((a, b) => Number(b.id === line.party) - Number(a.id === line.party));
  return (
    <section className="panel incidents">
      <h2>{say("history.incidents")}</h2>
      {opened.map((opener) => (
        <div key={opener.leaf}>
          <h3>
            <Link href={`/m/${placeOf(opener)}`}>
              <Code>{placeOf(opener)}</Code>
            </Link>
          </h3>
          <dl className="columns">
            {ourFirst.map(({ id }) => (
              <Account key={id} line={line} party={id} acts={acts.filter((act) => isOf(opener, act) && act.party === id)} />
            ))}
          </dl>
        </div>
      ))}
    </section>
  );
}

const isOf = (opener: Said, act: Said): boolean => act.leaf === opener.leaf || act.refs.includes(opener.leaf);

interface AccountProps {
  readonly line: LineSummary;
  readonly party: string;
  readonly acts: readonly Said[];
}

/** A party's latest title and word for it, and what it has said of it, in order. */
function Account({ line, party, acts }: AccountProps): ReactNode {
  const { say, words, language } = useSpeech();
  const latest = (word: string): ReturnType<typeof textsOf> =>
    textsOf(acts.findLast(({ body }) => body?.[word] !== undefined)?.body?.[word]);
  return (
    <div data-party={party}>
      <dt>{partyName(line, party, language)}</dt>
      {acts.length === 0 && <dd>{say("channel.noWord")}</dd>}
      {(["title", "characterisation"] as const).map((word) =>
        latest(word).length === 0 ? null : (
          <dd key={word}>
            {words.bodyWords[word]}
            {latest(word).map(({ lang, text }) => (
              <Written key={lang ?? ""} lang={lang} text={text} />
            ))}
          </dd>
        ),
      )}
      {acts.flatMap((act) =>
        textsOf(act.body?.["text"]).map(({ lang, text }) => (
          <dd key={`${act.leaf} ${lang}`}>
            <Written lang={lang} text={text} />
          </dd>
        )),
      )}
    </div>
  );
}
