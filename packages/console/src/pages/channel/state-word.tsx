import { type StateView, verdictNamed } from "@openline/core";
import type { ReactNode } from "react";
import { notKnownSince } from "../../frame/not-known.ts";
import { VerdictGlyph } from "../../glyphs/verdict-glyph.tsx";
import { useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";

/** Glyph and word of a state. While the node is not reached nothing is known of now, whatever was known before. */
export function StateWord({ state }: { readonly state: Pick<StateView, "verdict"> | undefined }): ReactNode {
  const { say, words } = useSpeech();
  const { link, heard } = useShown();
  const verdict = state === undefined || link === "lost" ? undefined : verdictNamed(state.verdict);
  return (
    <span className={`state ${verdict ?? "not-known"}`}>
      <VerdictGlyph verdict={verdict ?? "not-known"} />
      <strong>{verdict === undefined ? notKnownSince(say, link === "lost" ? heard : undefined) : words.verdicts[verdict]}</strong>
    </span>
  );
}
