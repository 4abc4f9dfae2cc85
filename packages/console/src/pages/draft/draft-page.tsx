import type { Draft, LineSummary } from "@openline/api";
import { formById } from "@openline/core";
import type { ReactNode } from "react";
import { Recall } from "../../acting/leaving.tsx";
import { Code, Written } from "../../frame/text.tsx";
import { useAnswer } from "../../node/use-answer.ts";
import { useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { Finding, parseFinding } from "../form/finding.tsx";
import { Changes } from "./changes.tsx";
import { DraftDoors } from "./draft-doors.tsx";
import { readingOf } from "./reading.ts";

/** What one person has written and signed, for a second one to read and release. */
export function DraftPage({ draft }: { readonly draft: number }): ReactNode {
  const { say } = useSpeech();
  const { line } = useShown();
  const number = String(draft);
  const found = useAnswer(number, (client, id) => client.draft(id, draft));
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
      {line !== undefined && found !== undefined && "value" in found && <DraftRead draft={found.value} line={line} />}
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
      {draft.state === "leaving" && <Recall draft={draft} />}
      {suspended && <p role="alert">{say("draft.suspended")}</p>}
      <Changes draft={draft} line={line} reading={reading} />
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
      {draft.shown.completeness !== null && (
        <Finding
          form={reading.form === undefined ? undefined : formById(reading.form)}
          finding={parseFinding(draft.shown.completeness)}
          heading={say("form.before")}
        />
      )}
      {draft.shown.problem !== null && (
        <p role="alert">{say("act.notDone", { why: draft.shown.problem.detail, code: draft.shown.problem.code })}</p>
      )}
      <DraftDoors draft={draft} payload={reading.payload} />
    </>
  );
}
