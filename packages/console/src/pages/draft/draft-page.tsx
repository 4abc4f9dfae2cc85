import { ApiProblem, type Draft, type LineSummary } from "@openline/api";
import { type ReactNode, useEffect, useState } from "react";
import { Code, Written } from "../../frame/text.tsx";
import { useLive, useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { DraftDoors } from "./draft-doors.tsx";
import { readingOf } from "./reading.ts";

/** What one person has written and signed, for a second one to read and release. */
export function DraftPage({ draft }: { readonly draft: number }): ReactNode {
  const { say } = useSpeech();
  const { line } = useShown();
  const found = useDraft(draft);
  const number = String(draft);
  return (
    <div className="panel">
      <h1>{say("draft.title", { draft: number })}</h1>
      {(line === undefined || found === undefined) && <p role="status">{say("draft.loading", { draft: number })}</p>}
      {found !== undefined && "code" in found && (
        <p role="alert">
          {say("problem", {
            what: found.code === "not-found" ? say("draft.unknown", { draft: number }) : say("problem.failed"),
            code: found.code,
          })}
        </p>
      )}
      {line !== undefined && found !== undefined && "shown" in found && <DraftRead draft={found} line={line} />}
    </div>
  );
}

function DraftRead({ draft, line }: { readonly draft: Draft; readonly line: LineSummary }): ReactNode {
  const { say, language } = useSpeech();
  const reading = readingOf(draft, line, language);
  if (reading === undefined) return <p role="alert">{say("draft.damaged")}</p>;
  const suspended = draft.channelState !== null && draft.channelState.standing.by.length > 0;
  return (
    <>
      {suspended && <p role="alert">{say("draft.suspended")}</p>}
      <section>
        <h2>{say("draft.bytes")}</h2>
        <dl className="body">
          {reading.lines.map(({ label, text, lang }, i) => (
            <div key={`${i} ${label}`}>
              <dt>{label}</dt>
              <dd>
                <Written text={text} lang={lang} />
              </dd>
            </div>
          ))}
          <div>
            <dt>{say("draft.digest")}</dt>
            <dd className="read-back">
              <Code>{reading.digest.match(/.{4}/g)?.join(" ") ?? ""}</Code>
            </dd>
          </div>
          <div>
            <dt>{say("message.readBack")}</dt>
            <dd className="read-back">
              <Code>{reading.readBackCode}</Code>
            </dd>
          </div>
        </dl>
      </section>
      {draft.shown.problem !== null && (
        <p role="alert">{say("act.notDone", { why: draft.shown.problem.detail, code: draft.shown.problem.code })}</p>
      )}
      <DraftDoors draft={draft} payload={reading.payload} />
    </>
  );
}

/** The draft as it stands, asked for again when anything has changed. */
function useDraft(draft: number): Draft | { readonly code: string } | undefined {
  const { client } = useLive();
  const { line, turn } = useShown();
  const [found, setFound] = useState<{ readonly draft: number; readonly value: Draft | { readonly code: string } }>();
  useEffect(() => {
    if (line === undefined) return undefined;
    let gone = false;
    client.draft(line.line, draft).then(
      (value) => !gone && setFound({ draft, value }),
      (error: unknown) => !gone && setFound({ draft, value: { code: error instanceof ApiProblem ? error.problem.code : "unavailable" } }),
    );
    return () => {
      gone = true;
    };
  }, [client, line, turn, draft]);
  return found?.draft === draft ? found.value : undefined;
}
