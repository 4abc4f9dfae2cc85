import type { LineSummary } from "@openline/api";
import type { ReactNode } from "react";
import { Button, Link } from "react-aria-components";
import { Code, Dtg } from "../../frame/text.tsx";
import { parseSaid, placeOf } from "../../node/entry.ts";
import { useSpeech } from "../../words/language.tsx";
import { partyName } from "./reason.tsx";
import { useEntries } from "./use-entries.ts";

/** Everything said on one channel, newest first. */
export function ChannelEntries({ id, line }: { readonly id: string; readonly line: LineSummary }): ReactNode {
  const { say, words, language } = useSpeech();
  const { entries, next, more } = useEntries({ channel: id });
  return (
    <section className="panel">
      <h2>{say("channel.entries")}</h2>
      {entries === undefined && <p role="status">{say("watch.loading")}</p>}
      <table>
        <thead>
          <tr>
            <th scope="col">{say("channel.entry")}</th>
            <th scope="col">{say("channel.when")}</th>
            <th scope="col">{say("channel.who")}</th>
            <th scope="col">{say("channel.what")}</th>
          </tr>
        </thead>
        <tbody>
          {(entries ?? []).map(parseSaid).map((said) => (
            <tr key={said.leaf}>
              <td>
                <Link href={`/m/${placeOf(said)}`}>
                  <Code>{placeOf(said)}</Code>
                </Link>
              </td>
              <td>
                <Dtg at={said.placed} />
              </td>
              <td>{partyName(line, said.party, language)}</td>
              <td>{said.kind === undefined ? said.kindText : words.kinds[said.kind]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {next !== null && <Button onPress={more}>{say("channel.more")}</Button>}
    </section>
  );
}
