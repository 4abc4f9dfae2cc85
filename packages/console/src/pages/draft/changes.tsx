import type { Draft, LineSummary } from "@openline/api";
import { type ChangedLine, changedLines } from "@openline/api/changed-lines";
import { visible } from "@openline/core";
import { type ReactNode, useEffect, useState } from "react";
import { useActing } from "../../acting/acting.tsx";
import { dtgText } from "../../frame/text.tsx";
import { useAnswer } from "../../node/use-answer.ts";
import { useLive } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { type Reading, readingOf } from "./reading.ts";

interface ChangesProps {
  readonly draft: Draft;
  readonly line: LineSummary;
  readonly reading: Reading;
}

/** What differs from the version that this person saw last, or from another one that they choose. Both are read from the bytes that are signed. */
export function Changes({ draft, line, reading }: ChangesProps): ReactNode {
  const { say } = useSpeech();
  const seen = useSeen(draft, line);
  const [chosen, setChosen] = useState<number>();
  const others = draft.versions.filter(({ version }) => version !== draft.shown.version);
  const since = others.find(({ version }) => version === (chosen ?? seen))?.version;
  if (others.length === 0) return null;
  return (
    <section aria-label={say("changes.title")}>
      <h2>{say("changes.title")}</h2>
      <label>
        {say("changes.since")}{" "}
        <select value={since ?? ""} onChange={(event) => setChosen(event.target.value === "" ? undefined : Number(event.target.value))}>
          <option value="">{say("changes.none")}</option>
          {others.map(({ version, at, beside }) => (
            <option key={version} value={version}>
              {say(beside ? "changes.beside" : "changes.version", { version: String(version), at: dtgText(at) })}
            </option>
          ))}
        </select>
      </label>
      {since === undefined ? (
        <p>{say("changes.first")}</p>
      ) : (
        <Since key={since} draft={draft} line={line} reading={reading} since={since} />
      )}
    </section>
  );
}

function Since({ draft, line, reading, since }: ChangesProps & { readonly since: number }): ReactNode {
  const { say, language } = useSpeech();
  const found = useAnswer(`${draft.draft}/${since}`, (client, id) => client.draft(id, draft.draft, { version: since }));
  if (found === undefined) return <p role="status">{say("watch.loading")}</p>;
  const before = "value" in found ? readingOf(found.value, line, language) : undefined;
  if (before === undefined) return <p role="alert">{say("changes.gone", { version: String(since) })}</p>;
  const lines = changedLines(before.lines, reading.lines, language);
  if (lines.length === 0) return <p>{say("changes.same", { version: String(since) })}</p>;
  return (
    <dl className="body changes">
      {lines.map(({ label, lang, pieces }, i) => (
        <div key={`${i} ${label}`}>
          <dt>{label}</dt>
          <dd dir="auto" lang={lang} className="written">
            {pieces.map((piece, k) => (
              <PieceText key={`${k} ${piece.is}`} piece={piece} />
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function PieceText({ piece: { text, is } }: { readonly piece: ChangedLine["pieces"][number] }): ReactNode {
  const shown = visible(text);
  if (is === "both") return shown;
  return is === "gone" ? <del>{shown}</del> : <ins>{shown}</ins>;
}

/** The version that this console's person saw last before the one that is shown, as the node has kept it; what is shown is noted as seen. */
function useSeen(draft: Draft, { line }: LineSummary): number | undefined {
  const { client } = useLive();
  const { key } = useActing();
  const kid = "kid" in key ? key.kid : "";
  const shown = draft.shown.version;
  const [last, setLast] = useState<{ readonly shown: number; readonly before: number | undefined }>();
  const known = draft.seen.find((item) => item.kid === kid)?.version;
  useEffect(() => {
    if (kid === "" || last?.shown === shown) return;
    setLast({ shown, before: last?.shown ?? known });
    // What could not be noted is noted the next time; nothing hangs on it but what is marked as new.
    void client.seeDraft(line, draft.draft, { version: shown, kid }).catch(() => undefined);
  }, [client, line, draft.draft, kid, shown, known, last]);
  return last?.before;
}
