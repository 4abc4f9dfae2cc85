import { type ReactNode, Suspense, lazy, useEffect, useState } from "react";
import { Button, I18nProvider, Link } from "react-aria-components";
import { ActingPost } from "./acting/acting.tsx";
import { KeyLine } from "./acting/key-line.tsx";
import { Addressed, back, go, useScreen } from "./frame/address.tsx";
import { Header } from "./frame/header.tsx";
import { type Settings, useSettings } from "./frame/settings.ts";
import { GoingHint } from "./keys/going-hint.tsx";
import { isTypedInto } from "./keys/keyboard.ts";
import { moveRow, moveToEnd } from "./keys/rows.ts";
import { Keyed, useKeys } from "./keys/use-keys.tsx";
import { Live } from "./node/live.ts";
import { LiveNode, useShown } from "./node/use-live.tsx";
import { ChannelPage } from "./pages/channel/channel-page.tsx";
import { MessagePage } from "./pages/message/message-page.tsx";
import { SendPage } from "./pages/send/send-page.tsx";
import { SignInPage, useSession } from "./pages/sign-in/sign-in-page.tsx";
import { AlarmBar } from "./pages/watch/alarm-bar.tsx";
import { WatchPage } from "./pages/watch/watch-page.tsx";
import { Sounding } from "./sound/use-sound.tsx";
import { Speaking, useSpeech } from "./words/language.tsx";
import { HTML_LANGUAGE } from "./words/say.ts";

/** Not of the first screen, and so loaded when they are asked for. */
const KeyList = lazy(async () => ({ default: (await import("./keys/key-list.tsx")).KeyList }));
const DraftPage = lazy(async () => ({ default: (await import("./pages/draft/draft-page.tsx")).DraftPage }));
const HistoryPage = lazy(async () => ({ default: (await import("./pages/history/history-page.tsx")).HistoryPage }));

/** The whole console: who is signed in, then the frame that every screen has, then the screen that the address names. */
export function Console(): ReactNode {
  const settings = useSettings();
  return (
    <I18nProvider locale={HTML_LANGUAGE[settings.language]}>
      <Speaking language={settings.language}>
        <Addressed>
          <SignedInOrNot settings={settings} />
        </Addressed>
      </Speaking>
    </I18nProvider>
  );
}

function SignedInOrNot({ settings }: { readonly settings: Settings }): ReactNode {
  const signedIn = useSession();
  const [live, setLive] = useState<Live>();
  const session = "session" in signedIn ? signedIn.session : undefined;
  useEffect(() => {
    if (session === undefined) return undefined;
    const made = new Live(session);
    made.start();
    setLive(made);
    return () => made.stop();
  }, [session]);
  if (session === undefined) return <SignInPage signedIn={signedIn} />;
  if (live === undefined) return null;
  return (
    <LiveNode live={live}>
      <ActingPost>
        <Keyed letters={settings.letters}>
          <Sounding>
            <Frame settings={settings} />
          </Sounding>
        </Keyed>
      </ActingPost>
    </LiveNode>
  );
}

function Frame({ settings }: { readonly settings: Settings }): ReactNode {
  const { say } = useSpeech();
  const [listed, setListed] = useState(false);
  useFrameKeys(() => setListed(true));
  return (
    <>
      <a className="skip" href="#main">
        {say("skip")}
      </a>
      <Header settings={settings} />
      <nav aria-label={say("nav.label")}>
        <Link href="/">{say("nav.watch")}</Link>
        <Link href="/send">{say("nav.send")}</Link>
        <Link href="/history">{say("nav.history")}</Link>
        <Button aria-expanded={listed} onPress={() => setListed(!listed)}>
          {say("nav.keys")}
        </Button>
        <KeyLine />
      </nav>
      <main id="main" tabIndex={-1}>
        <Suspense fallback={<p role="status">{say("watch.loading")}</p>}>
          <Asked />
        </Suspense>
      </main>
      <AlarmBar />
      <GoingHint />
      {listed && (
        <Suspense fallback={null}>
          <KeyList settings={settings} close={() => setListed(false)} />
        </Suspense>
      )}
    </>
  );
}

/** Keys that every screen has. */
function useFrameKeys(keys: () => void): void {
  const { line } = useShown();
  const toChannel = (at: number): void => {
    const channel = line?.channels[at];
    if (channel !== undefined) go(`/c/${channel.id}`);
  };
  useKeys(
    {
      next: () => moveRow(1),
      previous: () => moveRow(-1),
      first: () => moveToEnd("first"),
      last: () => moveToEnd("last"),
      send: () => go("/send"),
      watch: () => go("/"),
      goWatch: () => go("/"),
      goHistory: () => go("/history"),
      channel: line === undefined ? undefined : toChannel,
      back: leaveOrBack,
      keys,
    },
    "frame",
  );
}

/** What is typed stays where it is. */
function leaveOrBack(): void {
  const { activeElement } = document;
  if (activeElement instanceof HTMLElement && isTypedInto(activeElement)) activeElement.blur();
  else back();
}

function Asked(): ReactNode {
  const { say } = useSpeech();
  const asked = useScreen();
  switch (asked.screen) {
    case "watch":
    case "sign-in":
      return <WatchPage />;
    case "channel":
      return <ChannelPage id={asked.id} />;
    case "send":
      return <SendPage />;
    case "draft":
      return <DraftPage draft={asked.draft} />;
    case "history":
      return <HistoryPage />;
    case "message":
      return <MessagePage log={asked.log} index={asked.index} />;
    case "unknown":
      return (
        <>
          <h1>{say("page.unknownTitle")}</h1>
          <p>{say("page.unknown")}</p>
        </>
      );
  }
}
