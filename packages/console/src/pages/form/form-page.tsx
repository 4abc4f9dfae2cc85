import type { LineSummary } from "@openline/api";
import { PRECEDENCES, asksForTwo } from "@openline/core";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { ToldLeaving } from "../../acting/leaving.tsx";
import { nameIn } from "../../frame/text.tsx";
import { useKeys } from "../../keys/use-keys.tsx";
import { useShown } from "../../node/use-live.tsx";
import { Kept } from "../../typed/kept.tsx";
import { useSpeech } from "../../words/language.tsx";
import { FieldInputs } from "./field-inputs.tsx";
import { Finding } from "./finding.tsx";
import { typedLines } from "./typed-fields.ts";
import { type FormBeingWritten, useForm } from "./use-form.ts";

/** A notification by a form that both sides hold: codes carry the meaning, and each side reads its own language. */
export function FormPage(): ReactNode {
  const { say } = useSpeech();
  const { line } = useShown();
  return (
    <div className="panel send form">
      <h1>{say("form.title")}</h1>
      {line === undefined ? <p role="status">{say("watch.loading")}</p> : <Writing line={line} />}
    </div>
  );
}

function Writing({ line }: { readonly line: LineSummary }): ReactNode {
  const { say, language } = useSpeech();
  const writing = useForm(line);
  const { forms, form, channel, finding, kept, chosenForm, last, recalled, send } = writing;
  useKeys({ sign: send });
  if (form === undefined) return <p>{say("form.none")}</p>;
  return (
    <>
      <Whereto writing={writing} />
      {asksForTwo(channel, "notification") && <p>{say("send.two")}</p>}
      <FieldInputs form={form} writing={writing} finding={finding} />
      <Kept
        fields={[
          { typed: kept, label: form.title[language], shown: (text) => typedLines(text, { form, line, language }) },
          { typed: chosenForm, label: say("form.form"), shown: (id) => forms.find((item) => item.id === id)?.title[language] ?? id },
        ]}
      />
      <Finding form={form} finding={finding} heading={say("form.before")} />
      <Button {...(send === undefined ? { isDisabled: true } : { onPress: send })}>{say("act.send")}</Button>
      <ToldLeaving outcome={last} done={say("form.sent", { form: form.title[language] })} recalled={recalled} />
    </>
  );
}

function Whereto({ writing }: { readonly writing: FormBeingWritten }): ReactNode {
  const { say, words, language } = useSpeech();
  const { forms, form, chooseForm, channels, channel, setChannel, precedence, setPrecedence } = writing;
  return (
    <div className="fields">
      <label>
        {say("form.form")}{" "}
        <select value={form?.id ?? ""} onChange={(event) => chooseForm(event.target.value)}>
          {forms.map(({ id, title }) => (
            <option key={id} value={id}>
              {title[language]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {say("send.channel")}{" "}
        <select value={channel?.id ?? ""} onChange={(event) => setChannel(event.target.value)}>
          {channels.map(({ id, name }) => (
            <option key={id} value={id}>
              {nameIn(name, language).text}
            </option>
          ))}
        </select>
      </label>
      <label>
        {say("send.precedence")}{" "}
        <select value={precedence} onChange={(event) => setPrecedence(event.target.value)}>
          {PRECEDENCES.map((item) => (
            <option key={item} value={item}>
              {words.precedences[item]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
