import { LANGUAGES, dtg, parseUnixSeconds } from "@openline/core";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { clockText } from "./not-known.ts";
import { useLive, useNow, useShown } from "../node/use-live.tsx";
import { SoundLamp } from "../sound/sound-lamp.tsx";
import { useSpeech } from "../words/language.tsx";
import { HTML_LANGUAGE, LANGUAGE_NAME } from "../words/say.ts";
import type { Settings } from "./settings.ts";
import { Code, nameIn } from "./text.tsx";

/** On every screen: which line this is and whether it is an exercise, who sits here, what time it is, whether the node answers. */
export function Header({ settings }: { readonly settings: Settings }): ReactNode {
  const { words } = useSpeech();
  return (
    <header>
      <Marking />
      <div className="bar">
        <Who />
        <Clocks />
        <NodeLamp />
        <SoundLamp />
        <Choices settings={settings} />
      </div>
      {settings.language !== "en" && <p className="remark">{words.sentences.notReviewed}</p>}
      <LostBand />
    </header>
  );
}

function Marking(): ReactNode {
  const { say, words, language } = useSpeech();
  const { line } = useShown();
  if (line === undefined) return null;
  const title = nameIn(line.title, language);
  return (
    <p className={`marking ${line.mode}`}>
      <strong>{line.mode === "exercise" ? words.sentences.exercise : say("mark.live")}</strong>
      <span lang={title.lang}>{title.text}</span>
    </p>
  );
}

function Who(): ReactNode {
  const { say, language } = useSpeech();
  const { session } = useLive();
  const { line } = useShown();
  const party = line?.parties.find(({ id }) => id === line.party);
  const post = party?.posts.find(({ id }) => id === session.post);
  const name = party === undefined ? "" : nameIn(party.name, language).text;
  const at = post === undefined ? session.post : nameIn(post.name, language).text;
  return <p className="who">{say("frame.party", { party: name, post: at })}</p>;
}

function Clocks(): ReactNode {
  const { say } = useSpeech();
  const { heard } = useShown();
  const now = useNow();
  if (heard === undefined) return null;
  const own = new Date().toLocaleTimeString("en-GB", { hourCycle: "h23" });
  return (
    <dl className="clocks" aria-live="off">
      <div>
        <dt>{say("clock.zulu")}</dt>
        <dd className="zulu">
          <Code>{clockText(now)}</Code> <Code>{dtg(parseUnixSeconds(now))}</Code>
        </dd>
      </div>
      <div>
        <dt>{say("clock.own")}</dt>
        <dd>
          <Code>{own}</Code>
        </dd>
      </div>
    </dl>
  );
}

function NodeLamp(): ReactNode {
  const { say } = useSpeech();
  const { link } = useShown();
  return (
    <p className={`lamp ${link}`} role="status">
      {say(`node.${link}`)}
    </p>
  );
}

function LostBand(): ReactNode {
  const { say } = useSpeech();
  const { link, heard } = useShown();
  if (link !== "lost") return null;
  return (
    <p className="band" role="alert">
      {heard === undefined ? say("node.lostAlways") : say("node.lostSince", { since: clockText(heard) })}
    </p>
  );
}

function Choices({ settings }: { readonly settings: Settings }): ReactNode {
  const { say } = useSpeech();
  const { theme, language, setTheme, setLanguage } = settings;
  return (
    <div className="choices">
      <div role="group" aria-label={say("theme.label")}>
        {(["night", "day"] as const).map((item) => (
          <Button key={item} aria-pressed={theme === item} onPress={() => setTheme(item)}>
            {say(`theme.${item}`)}
          </Button>
        ))}
      </div>
      <div role="group" aria-label={say("language.label")}>
        {LANGUAGES.map((item) => (
          <Button key={item} aria-pressed={language === item} onPress={() => setLanguage(item)}>
            <span lang={HTML_LANGUAGE[item]}>{LANGUAGE_NAME[item]}</span>
          </Button>
        ))}
      </div>
    </div>
  );
}
