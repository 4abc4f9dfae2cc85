import type { ReactNode } from "react";
import { Link } from "react-aria-components";
import { Dtg, nameIn } from "../../frame/text.tsx";
import { PrecedenceGlyph } from "../../glyphs/precedence-glyph.tsx";
import type { Said } from "../../node/entry.ts";
import { useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { postName } from "./post-name.ts";

/** Precedence, time, channel and who said it. */
export function MessageHead({ said }: { readonly said: Said }): ReactNode {
  const { say, words, language } = useSpeech();
  const { line } = useShown();
  const channel = line?.channels.find(({ id }) => id === said.channel);
  const name = channel === undefined ? undefined : nameIn(channel.name, language);
  const by = line === undefined ? { party: said.party, post: said.from ?? "" } : postName(line, said.party, said.from, language);
  return (
    <p className="message-head">
      {said.precedence !== undefined && (
        <>
          <PrecedenceGlyph precedence={said.precedence} />
          <strong>{words.precedences[said.precedence]}</strong>
        </>
      )}
      <span>{said.kind === undefined ? said.kindText : words.kinds[said.kind]}</span>
      <Dtg at={said.placed} />
      <span>{by.post === "" ? by.party : say("message.by", by)}</span>
      {name !== undefined && (
        <Link href={`/c/${said.channel ?? ""}`}>
          <span lang={name.lang}>{name.text}</span>
        </Link>
      )}
    </p>
  );
}
