import type { EntryView } from "@openline/core";
import type { ReactNode } from "react";
import { Link } from "react-aria-components";
import { Code } from "../../frame/text.tsx";
import { placeOf } from "../../node/entry.ts";
import { useSpeech } from "../../words/language.tsx";

/** The entries that prove something, each one key away. */
export function EntryLinks({ entries }: { readonly entries: readonly EntryView[] }): ReactNode {
  const { say } = useSpeech();
  if (entries.length === 0) return <p>{say("watch.none")}</p>;
  return (
    <ul className="proof">
      {entries.map((entry) => (
        <li key={entry.leaf}>
          <Link href={`/m/${placeOf(entry)}`}>
            <Code>{placeOf(entry)}</Code>
          </Link>
        </li>
      ))}
    </ul>
  );
}
