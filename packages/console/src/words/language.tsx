import { type Language, type Catalogue, catalogueOf } from "@openline/core";
import { type ReactNode, createContext, useContext, useEffect, useMemo } from "react";
import { HTML_LANGUAGE, type Say, sayIn } from "./say.ts";

/** What a screen needs to speak. */
export interface Speech {
  readonly language: Language;
  readonly say: Say;
  /** Words of states, acts and refusals, as every program of Openline says them. */
  readonly words: Catalogue;
}

const SpeechContext = createContext<Speech>(speechOf("en"));

export const useSpeech = (): Speech => useContext(SpeechContext);

export function Speaking({ language, children }: { readonly language: Language; readonly children: ReactNode }): ReactNode {
  const speech = useMemo(() => speechOf(language), [language]);
  useEffect(() => {
    document.documentElement.lang = HTML_LANGUAGE[language];
  }, [language]);
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

function speechOf(language: Language): Speech {
  return { language, say: sayIn(language), words: catalogueOf(language) };
}
