import { formById, renderForm } from "@openline/core";
import type { ReactNode } from "react";
import { Link } from "react-aria-components";
import { useActing } from "../../acting/acting.tsx";
import { Code, Dtg, Written } from "../../frame/text.tsx";
import { type Said, placeOf } from "../../node/entry.ts";
import { useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { cborFields } from "./cbor-fields.ts";
import { Finding, parseFinding } from "./finding.tsx";
import { channelsOf } from "./use-form.ts";

/** The fields of a notification in the reader's own language, its updates, and the finding that both sides compute of them together. */
export function FormLines({ said }: { readonly said: Said }): ReactNode {
  const { say, language } = useSpeech();
  const form = said.form === null ? undefined : formById(said.form);
  const linesOf = (fields: Said["fields"]): readonly string[] => renderForm(form, cborFields(fields), language);
  return (
    <>
      {form !== undefined && <h3>{form.title[language]}</h3>}
      <Lines lines={linesOf(said.fields)} />
      {said.updates.length > 0 && (
        <>
          <h3>{say("form.withUpdates")}</h3>
          <ul>
            {said.updates.map((update) => (
              <li key={placeOf(update)}>
                <Dtg at={update.placed} />{" "}
                <Link href={`/m/${placeOf(update)}`}>
                  <Code>{placeOf(update)}</Code>
                </Link>
              </li>
            ))}
          </ul>
          <Lines lines={linesOf(said.fieldsNow)} />
        </>
      )}
      {said.completeness !== null && <Finding form={form} finding={parseFinding(said.completeness)} heading={say("form.finding")} />}
      <UpdateDoor said={said} />
    </>
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }): ReactNode {
  return lines.map((line, i) => <Written key={`${i} ${line}`} text={line} lang={undefined} />);
}

/** To what has changed of it: for who speaks on its channel, where it is ours. */
function UpdateDoor({ said }: { readonly said: Said }): ReactNode {
  const { say } = useSpeech();
  const { line } = useShown();
  const { key, post } = useActing();
  const may = "standing" in key && key.standing === "in-force";
  if (line === undefined || !may || said.kind !== "notification" || said.party !== line.party || said.form === null) return null;
  if (said.channel === null || !channelsOf(line, post).includes(said.channel) || formById(said.form) === undefined) return null;
  return (
    <p>
      <Link href={`/f/${placeOf(said)}`}>{say("form.toUpdate")}</Link>
    </p>
  );
}
