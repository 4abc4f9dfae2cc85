import { LANGUAGES, catalogueOf, fill } from "@openline/core";
import { type ReactNode, useEffect } from "react";
import { type Settings, useSettings } from "../frame/settings.ts";
import { HTML_LANGUAGE, LANGUAGE_NAME } from "../words/say.ts";
import { useStart } from "./asking.ts";
import { type SayStart, LineOnThisMachine } from "./line-on-this-machine.tsx";
import { NotDone } from "./not-done.tsx";
import { START_WORDS } from "./words.ts";

const STEPS = ["step1", "step2", "step3", "step4", "step5", "step6"] as const;

/** Both sides of both lines at a glance, the way into every console, and a switch for every node. */
export function StartPage(): ReactNode {
  const settings = useSettings();
  const { language } = settings;
  const say: SayStart = (word, parameters) => fill(START_WORDS[language][word], parameters ?? {});
  const { shown, trouble } = useStart();
  useEffect(() => {
    document.documentElement.lang = HTML_LANGUAGE[language];
  }, [language]);
  return (
    <>
      <header className="bar">
        <h1>{say("title")}</h1>
        <Choices settings={settings} say={say} />
      </header>
      <main id="main" className="start">
        {language !== "en" && <p className="remark">{catalogueOf(language).sentences.notReviewed}</p>}
        <p>{say("intro")}</p>
        {trouble !== undefined && <NotDone what={say(shown === undefined ? "notShown" : "old")} why={trouble} say={say} />}
        {shown === undefined && trouble === undefined && <p role="status">{say("loading")}</p>}
        {shown?.lines.map((line) => (
          <LineOnThisMachine key={line.line} line={line} language={language} say={say} />
        ))}
        <section>
          <h2>{say("steps")}</h2>
          <ol className="steps">
            {STEPS.map((step) => (
              <li key={step}>{say(step)}</li>
            ))}
          </ol>
        </section>
      </main>
    </>
  );
}

function Choices({ settings, say }: { readonly settings: Settings; readonly say: SayStart }): ReactNode {
  const { theme, language, setTheme, setLanguage } = settings;
  return (
    <div className="choices" role="group" aria-label={say("settings")}>
      {(["night", "day"] as const).map((item) => (
        <button key={item} type="button" aria-pressed={theme === item} onClick={() => setTheme(item)}>
          {say(item)}
        </button>
      ))}
      {LANGUAGES.map((item) => (
        <button key={item} type="button" aria-pressed={language === item} onClick={() => setLanguage(item)}>
          <span lang={HTML_LANGUAGE[item]}>{LANGUAGE_NAME[item]}</span>
        </button>
      ))}
    </div>
  );
}
