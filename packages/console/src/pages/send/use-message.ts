import type { DraftSummary, LineSummary } from "@openline/api";
import { type Precedence, parseChannelNumber, parsePostId } from "@openline/core";
import { useRef, useState } from "react";
import { useActing } from "../../acting/acting.tsx";
import type { Outcome } from "../../acting/outcome.ts";
import { useLive } from "../../node/use-live.tsx";
import { type Typed, useTyped } from "../../typed/use-typed.tsx";
import { useSpeech } from "../../words/language.tsx";
import { CODE_WORDS } from "./code-words.ts";
import { useAside } from "./use-aside.ts";
import { type Written, keptText, restOf, writtenOf } from "./written.ts";

export interface Message {
  readonly channels: LineSummary["channels"];
  readonly channel: LineSummary["channels"][number] | undefined;
  readonly setChannel: (id: string) => void;
  readonly precedence: Precedence;
  readonly setPrecedence: (precedence: Precedence) => void;
  /** One text for each of the line's first two languages. */
  readonly texts: readonly { readonly lang: string; readonly text: string; readonly set: (text: string) => void }[];
  /** As it is kept: the message, and what lies aside. */
  readonly kept: Typed;
  readonly keptAside: Typed;
  /** What became of the last one, and how urgent it was. */
  readonly last: { readonly outcome: Outcome; readonly precedence: Precedence } | undefined;
  /** It was taken back: what was written stands in its fields again. */
  readonly recalled: (draft: DraftSummary) => Promise<void>;
  /** Undefined while it cannot be sent. */
  readonly send: (() => void) | undefined;
  /** Fills precedence and texts by the code word at this position; what was typed before is put aside. */
  readonly choose: (at: number) => void;
  /** Puts back what was put aside last, and aside what stands in its place; undefined: nothing lies aside. */
  readonly putBack: (() => void) | undefined;
}

/** A message that is being written. */
export function useMessage(line: LineSummary): Message {
  const { client } = useLive();
  const { say } = useSpeech();
  const { key, say: saySigned, post } = useActing();
  const held = line.parties.find(({ id }) => id === line.party)?.posts.find(({ id }) => id === post)?.channels ?? [];
  const channels = line.channels.filter(({ id }) => held.includes(id));
  const kept = useTyped("send");
  const aside = useAside(kept);
  const written = writtenOf(kept.text);
  const precedence = written.precedence ?? "ROUTINE";
  const channel = channels.find(({ id }) => id === written.channel) ?? channels[0];
  const [last, setLast] = useState<Message["last"]>();
  const set = (part: Partial<Written>): void => kept.set(keptText({ ...writtenOf(kept.now()), ...part }));
  const texts = line.languages.slice(0, 2).map((lang) => ({
    lang,
    text: written.texts[lang] ?? "",
    set: (text: string): void => set({ texts: { ...writtenOf(kept.now()).texts, [lang]: text } }),
  }));

  const choose = (at: number): void => {
    const chosen = CODE_WORDS[at];
    if (chosen === undefined) return;
    setLast(undefined);
    const words = texts.map(({ lang }): [string, string] => [lang, chosen.text[lang] ?? chosen.text["en"] ?? ""]);
    const { channel: to } = writtenOf(kept.now());
    aside.take({ channel: to, precedence: chosen.precedence, texts: Object.fromEntries(words) });
  };
  const sent = useRef(written);
  const recalled = async ({ draft, version }: DraftSummary): Promise<void> => {
    aside.take(sent.current);
    setLast(undefined);
    await client.withdrawDraft(line.line, draft, { version });
  };
  const sendOn = async (number: number): Promise<void> => {
    const said = { kind: "message" as const, channel: parseChannelNumber(number), precedence, from: parsePostId(post), facts: {} };
    const found = await kept.say(kept.text, () => saySigned(said, { body: bodyOf(texts), recall: true }));
    if (found === undefined) return;
    setLast({ outcome: found === "behind" ? { code: "unsent-behind", detail: say("kept.changed") } : found, precedence });
    if (found === "behind") return;
    if ("code" in found) return;
    sent.current = written;
    kept.said(kept.text, (now) => keptText(restOf(writtenOf(now), written)));
  };
  const may = "standing" in key && key.standing === "in-force" && texts.some(({ text }) => text.trim() !== "") && !kept.saying;
  const send = may && channel !== undefined ? () => void sendOn(channel.number) : undefined;
  return {
    channels,
    channel,
    setChannel: (id) => set({ channel: id }),
    precedence,
    setPrecedence: (chosen) => set({ precedence: chosen }),
    texts,
    kept,
    keptAside: aside.kept,
    last,
    recalled,
    send,
    choose,
    putBack: aside.putBack,
  };
}

/** What is signed is what is seen: no language that has no field here. */
const bodyOf = (texts: Message["texts"]) =>
  new Map([["text", new Map(texts.flatMap(({ lang, text }) => (text.trim() === "" ? [] : [[lang, text] as const])))]]);
