import { type Language, type Catalogue, catalogueOf } from "@openline/core";
import { type ReactNode, createContext, useContext, useEffect, useMemo, useState } from "react";
import { HTML_LANGUAGE, type Say, loadWords, sayIn } from "./say.ts";

/** What a screen needs to speak. */
export interface Speech {
  readonly language: Language;
  readonly say: Say;
  /** Words of states, acts and refusals, as every program of Openline says them. */
  readonly words: Catalogue;
}

const SpeechContext = createContext<Speech | undefined>(undefined);

export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (speech === undefined) throw new Error("a screen stands inside Speaking");
  return speech;
}

/** The words of the first language are here; those of another are said as soon as they are. */
export function Speaking({ language, children }: { readonly language: Language; readonly children: ReactNode }): ReactNode {
  const [spoken, speak] = useState(language);
  const speech = useMemo(() => speechOf(spoken), [spoken]);
  useEffect(() => {
    let asked = true;
    void loadWords(language).then(() => (asked ? speak(language) : undefined));
    return () => {
      asked = false;
    };
  }, [language]);
  useEffect(() => {
    document.documentElement.lang = HTML_LANGUAGE[spoken];
  }, [spoken]);
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

function speechOf(language: Language): Speech {
  return { language, say: sayIn(language), words: catalogueOf(language) };
}
