import type { DraftSummary, LineSummary } from "@openline/api";
import { PRECEDENCES, type Precedence, parseChannelNumber, parsePostId } from "@openline/core";
import { useRef, useState } from "react";
import { useActing } from "../../acting/acting.tsx";
import type { Outcome } from "../../acting/outcome.ts";
import { useLive } from "../../node/use-live.tsx";
import { type Typed, useTyped } from "../../typed/use-typed.tsx";
import { CODE_WORDS } from "./code-words.ts";

export interface Message {
  readonly channels: LineSummary["channels"];
  readonly channel: LineSummary["channels"][number] | undefined;
  readonly setChannel: (id: string) => void;
  readonly precedence: Precedence;
  readonly setPrecedence: (precedence: Precedence) => void;
  /** One text for each of the line's first two languages. */
  readonly texts: readonly { readonly lang: string; readonly typed: Typed }[];
  /** What else is kept with it. */
  readonly chosen: { readonly channel: Typed; readonly precedence: Typed; readonly aside: readonly Typed[] };
  /** What became of the last one, and how urgent it was. */
  readonly last: { readonly outcome: Outcome; readonly precedence: Precedence } | undefined;
  /** It was taken back: what was written stands in its fields again. */
  readonly recalled: (draft: DraftSummary) => Promise<void>;
  /** Undefined while it cannot be sent. */
  readonly send: (() => void) | undefined;
  /** Fills precedence and texts by the code word at this position; what was typed before is put aside. */
  readonly choose: (at: number) => void;
  /** Puts back what a code word took the place of; undefined: nothing lies aside. */
  readonly putBack: (() => void) | undefined;
}

/** A message that is being written. */
export function useMessage(line: LineSummary): Message {
  const { client } = useLive();
  const { key, say: saySigned, post } = useActing();
  const held = line.parties.find(({ id }) => id === line.party)?.posts.find(({ id }) => id === post)?.channels ?? [];
  const channels = line.channels.filter(({ id }) => held.includes(id));
  // They stay with the text: what was written as FLASH is not sent as ROUTINE because somebody looked at another screen.
  const chosenChannel = useTyped("send channel");
  const chosenPrecedence = useTyped("send precedence");
  const precedence = PRECEDENCES.find((item) => item === chosenPrecedence.text) ?? "ROUTINE";
  const first = useTyped(`send ${line.languages[0] ?? "en"}`);
  const second = useTyped(`send ${line.languages[1] ?? "-"}`);
  const texts = line.languages.slice(0, 2).map((lang, i) => ({ lang, typed: i === 0 ? first : second }));
  const aside = [useTyped("send aside first"), useTyped("send aside second")];
  const [last, setLast] = useState<Message["last"]>();
  const [sending, setSending] = useState(false);
  const channel = channels.find(({ id }) => id === chosenChannel.text) ?? channels[0];
  const written = texts.filter(({ typed }) => typed.text.trim() !== "");

  const choose = (at: number): void => {
    const chosen = CODE_WORDS[at];
    if (chosen === undefined) return;
    setLast(undefined);
    chosenPrecedence.set(chosen.precedence);
    if (!written.every(({ typed }) => isCodeWord(typed.text))) for (const [i, { typed }] of texts.entries()) aside[i]?.set(typed.text);
    for (const { lang, typed } of texts) typed.set(chosen.text[lang] ?? chosen.text["en"] ?? "");
  };
  const putBack = (): void => {
    for (const [i, { typed }] of texts.entries()) {
      typed.set(aside[i]?.text ?? "");
      aside[i]?.forget();
    }
  };
  const sent = useRef<() => void>(undefined);
  const recalled = async ({ draft, version }: DraftSummary): Promise<void> => {
    sent.current?.();
    setLast(undefined);
    await client.withdrawDraft(line.line, draft, { version });
  };
  const sendOn = async (number: number): Promise<void> => {
    setSending(true);
    const said = { kind: "message" as const, channel: parseChannelNumber(number), precedence, from: parsePostId(post), facts: {} };
    const body = new Map([["text", new Map(written.map(({ lang, typed }) => [lang, typed.text]))]]);
    const found = await saySigned(said, { body, recall: true });
    setSending(false);
    if (found === undefined) return;
    setLast({ outcome: found, precedence });
    if ("code" in found) return;
    const fields = [...texts.map(({ typed }) => typed), chosenChannel, chosenPrecedence];
    const before = fields.map(({ text }) => text);
    sent.current = () => fields.forEach((field, i) => field.set(before[i] ?? ""));
    for (const field of fields) field.forget();
  };
  const may = "standing" in key && key.standing === "in-force" && written.length > 0 && !sending;
  const send = may && channel !== undefined ? () => void sendOn(channel.number) : undefined;
  return {
    channels,
    channel,
    setChannel: chosenChannel.set,
    precedence,
    setPrecedence: chosenPrecedence.set,
    texts,
    chosen: { channel: chosenChannel, precedence: chosenPrecedence, aside },
    last,
    recalled,
    send,
    choose,
    putBack: aside.some(({ text }) => text !== "") ? putBack : undefined,
  };
}

const isCodeWord = (text: string): boolean => CODE_WORDS.some((word) => Object.values(word.text).includes(text));
