import type { LineSummary } from "@openline/api";
import {
  type Form,
  asksForTwo,
  completeness,
  formById,
  mergeFields,
  parseChannelNumber,
  parseLeafHash,
  parsePostId,
  parseTime,
} from "@openline/core";
import type { ReactNode } from "react";
import { Button, Link } from "react-aria-components";
import { useActing } from "../../acting/acting.tsx";
import { ToldLeaving } from "../../acting/leaving.tsx";
import { Code, Dtg } from "../../frame/text.tsx";
import { useKeys } from "../../keys/use-keys.tsx";
import { type Said, parseSaid, placeOf } from "../../node/entry.ts";
import { useAnswer } from "../../node/use-answer.ts";
import { useShown } from "../../node/use-live.tsx";
import { Kept } from "../../typed/kept.tsx";
import { useSpeech } from "../../words/language.tsx";
import { cborFields } from "./cbor-fields.ts";
import { FieldInputs } from "./field-inputs.tsx";
import { Finding } from "./finding.tsx";
import { typedLines, useTypedFields } from "./typed-fields.ts";
import { channelsOf } from "./use-form.ts";
import { useSending } from "./use-sending.ts";

/** What has changed of a notification of ours: what is typed here stands over what was said, and the rest stays. */
export function UpdatePage({ log, index }: { readonly log: string; readonly index: number }): ReactNode {
  const { say } = useSpeech();
  const { line } = useShown();
  const found = useAnswer(placeOf({ log, index }), (client, id) => client.entry(id, { log, index }));
  return (
    <div className="panel send form">
      <h1>{say("form.update")}</h1>
      {(line === undefined || found === undefined) && <p role="status">{say("watch.loading")}</p>}
      {found !== undefined && "code" in found && <p role="alert">{say("problem", { what: say("problem.failed"), code: found.code })}</p>}
      {line !== undefined && found !== undefined && "value" in found && <UpdateOrNot line={line} said={parseSaid(found.value)} />}
    </div>
  );
}

interface Updated {
  readonly line: LineSummary;
  /** The notification as it was placed. */
  readonly said: Said;
}

function UpdateOrNot({ line, said }: Updated): ReactNode {
  const { say } = useSpeech();
  const form = said.form === null ? undefined : formById(said.form);
  if (said.kind !== "notification" || said.party !== line.party || form === undefined) return <p role="alert">{say("form.noUpdate")}</p>;
  return <Writing line={line} said={said} form={form} />;
}

function Writing({ line, said, form }: Updated & { readonly form: Form }): ReactNode {
  const { say, language } = useSpeech();
  const { post } = useActing();
  const channel = line.channels.find(({ id }) => id === said.channel);
  const typed = useTypedFields(`update ${said.leaf}`, form);
  const act =
    channel === undefined || !channelsOf(line, post).includes(channel.id)
      ? undefined
      : {
          kind: "notification-update" as const,
          channel: parseChannelNumber(channel.number),
          precedence: said.precedence ?? "ROUTINE",
          from: parsePostId(post),
          refs: [parseLeafHash(said.leaf)],
          facts: { form: form.id },
        };
  const { last, recalled, send } = useSending(typed, act);
  useKeys({ sign: send });
  const now = cborFields(said.fieldsNow);
  const finding = completeness(form, mergeFields(now, typed.fields), { placedAt: parseTime(said.placed) });
  return (
    <>
      <p>
        <Link href={`/m/${placeOf(said)}`}>
          {form.title[language]} <Code>{placeOf(said)}</Code>
        </Link>{" "}
        <Dtg at={said.placed} />
      </p>
      <p>{say("form.onlyChanged")}</p>
      {asksForTwo(channel, "notification-update") && <p>{say("send.two")}</p>}
      <FieldInputs form={form} writing={typed} finding={finding} now={now} />
      <Kept fields={[{ typed: typed.kept, label: form.title[language], shown: (text) => typedLines(text, { form, line, language }) }]} />
      <Finding form={form} finding={finding} heading={say("form.before")} />
      <Button {...(send === undefined ? { isDisabled: true } : { onPress: send })}>{say("act.send")}</Button>
      <ToldLeaving outcome={last} done={say("form.updateSent", { form: form.title[language] })} recalled={recalled} />
    </>
  );
}
