import type { DraftSummary, LineSummary } from "@openline/api";
import { type Precedence, parseChannelNumber, parsePostId } from "@openline/core";
import { useActing } from "../../acting/acting.tsx";
import type { Outcome } from "../../acting/outcome.ts";
import { useSaying } from "../../typed/use-saying.ts";
import { type Typed, useTyped } from "../../typed/use-typed.tsx";
import { type Written, keptText, writtenOf } from "../../typed/written.ts";
import { CODE_WORDS } from "./code-words.ts";
import { useAside } from "./use-aside.ts";
import { restOf } from "./own-words.ts";

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
  const { key, say: saySigned, post } = useActing();
  const held = line.parties.find(({ id }) => id === line.party)?.posts.find(({ id }) => id === post)?.channels ?? [];
  const channels = line.channels.filter(({ id }) => held.includes(id));
  const kept = useTyped("send");
  const aside = useAside(kept);
  const written = writtenOf(kept.text);
  const precedence = written.precedence ?? "ROUTINE";
  const channel = channels.find(({ id }) => id === written.channel) ?? channels[0];
  const saying = useSaying(kept, {
    rest: (now, said) => keptText(restOf(writtenOf(now), writtenOf(said))),
    restore: (said) => {
      aside.take(writtenOf(said));
      return true;
    },
  });
  const set = (part: Partial<Written>): void => kept.set(keptText({ ...writtenOf(kept.now()), ...part }));
  const texts = line.languages.slice(0, 2).map((lang) => ({
    lang,
    text: written.words[lang] ?? "",
    set: (text: string): void => set({ words: { ...writtenOf(kept.now()).words, [lang]: text } }),
  }));

  const choose = (at: number): void => {
    const chosen = CODE_WORDS[at];
    if (chosen === undefined) return;
    saying.putAway();
    const words = texts.map(({ lang }): [string, string] => [lang, chosen.text[lang] ?? chosen.text["en"] ?? ""]);
    const { channel: to } = writtenOf(kept.now());
    aside.take({ channel: to, precedence: chosen.precedence, words: Object.fromEntries(words) });
  };
  const sendOn = (number: number): Promise<void> => {
    const said = { kind: "message" as const, channel: parseChannelNumber(number), precedence, from: parsePostId(post), facts: {} };
    return saying.say(() => saySigned(said, { body: bodyOf(texts), recall: true }));
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
    last: saying.last === undefined ? undefined : { outcome: saying.last, precedence: writtenOf(saying.said).precedence ?? "ROUTINE" },
    recalled: saying.recalled,
    send,
    choose,
    putBack: aside.putBack,
  };
}

/** What is signed is what is seen: no language that has no field here. */
const bodyOf = (texts: Message["texts"]) =>
  new Map([["text", new Map(texts.flatMap(({ lang, text }) => (text.trim() === "" ? [] : [[lang, text] as const])))]]);
