import type { LineSummary } from "@openline/api";
import { PRECEDENCES, asksForTwo } from "@openline/core";
import type { ReactNode } from "react";
import { Button, Label, TextArea, TextField } from "react-aria-components";
import { ToldLeaving } from "../../acting/leaving.tsx";
import { nameIn } from "../../frame/text.tsx";
import { useKeys } from "../../keys/use-keys.tsx";
import { useShown } from "../../node/use-live.tsx";
import { Kept } from "../../typed/kept.tsx";
import { useSpeech } from "../../words/language.tsx";
import { HTML_LANGUAGE, type Say } from "../../words/say.ts";
import { CODE_WORDS } from "./code-words.ts";
import { type Message, useMessage } from "./use-message.ts";
import { asideLines, linesOf } from "./written-lines.ts";

export function SendPage(): ReactNode {
  const { say } = useSpeech();
  const { line } = useShown();
  return (
    <div className="panel send">
      <h1>{say("send.title")}</h1>
      {line === undefined ? <p role="status">{say("watch.loading")}</p> : <SendForm line={line} />}
    </div>
  );
}

/** A message: where, how urgent, and in which words. A code word fills all but the first. */
function SendForm({ line }: { readonly line: LineSummary }): ReactNode {
  const { say, words, language } = useSpeech();
  const message = useMessage(line);
  const { channel, texts, kept, keptAside, send, choose, last, recalled, putBack } = message;
  useKeys({ sign: send, codeWord: choose });
  return (
    <>
      <CodeWords choose={choose} />
      {putBack !== undefined && (
        <p>
          {say("send.aside")} <Button onPress={putBack}>{say("send.putBack")}</Button>
        </p>
      )}
      <Whereto message={message} />
      {asksForTwo(channel, "message") && <p>{say("send.two")}</p>}
      {texts.map(({ lang, text, set }) => (
        <TextField key={lang} value={text} onChange={set}>
          <Label>{labelOf(say, lang)}</Label>
          <TextArea rows={3} lang={lang === "zh" || lang === "en" ? HTML_LANGUAGE[lang] : lang} />
        </TextField>
      ))}
      <Kept
        fields={[
          { typed: kept, label: say("send.title"), shown: (text) => linesOf(text, { line, language }) },
          { typed: keptAside, label: say("send.aside"), shown: (text) => asideLines(text, { line, language }) },
        ]}
      />
      <Button {...(send === undefined ? { isDisabled: true } : { onPress: send })}>{say("act.send")}</Button>
      <ToldLeaving
        outcome={last?.outcome}
        done={last === undefined ? "" : say("act.sent", { precedence: words.precedences[last.precedence] })}
        recalled={recalled}
      />
    </>
  );
}

const labelOf = (say: Say, lang: string): string => say("send.text", { language: say(lang === "zh" ? "send.zh" : "send.en") });

function CodeWords({ choose }: { readonly choose: (at: number) => void }): ReactNode {
  const { say } = useSpeech();
  return (
    <section aria-label={say("send.codeWords")}>
      <h2>{say("send.codeWords")}</h2>
      <ol className="doors">
        {CODE_WORDS.map(({ word }, i) => (
          <li key={word}>
            <Button onPress={() => choose(i)}>{say("send.codeWord", { word: say(`code.${word}`), key: String(i + 1) })}</Button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Whereto({ message: { channels, channel, setChannel, precedence, setPrecedence } }: { readonly message: Message }): ReactNode {
  const { say, words, language } = useSpeech();
  return (
    <div className="fields">
      <label>
        {say("send.channel")}
        <select value={channel?.id ?? ""} onChange={(event) => setChannel(event.target.value)}>
          {channels.map(({ id, name }) => (
            <option key={id} value={id}>
              {nameIn(name, language).text}
            </option>
          ))}
        </select>
      </label>
      <label>
        {say("send.precedence")}
        <select
          value={precedence}
          onChange={(event) => setPrecedence(PRECEDENCES.find((item) => item === event.target.value) ?? precedence)}
        >
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
