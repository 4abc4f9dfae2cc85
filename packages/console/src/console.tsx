import { type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { Button, I18nProvider, Link } from "react-aria-components";
import { ActingPost } from "./acting/acting.tsx";
import { Calling } from "./acting/calling.tsx";
import { KeyLine } from "./acting/key-line.tsx";
import { Addressed, back, go, useScreen } from "./frame/address.tsx";
import { Header } from "./frame/header.tsx";
import { ScreenFault } from "./frame/screen-fault.tsx";
import { TelephoneList } from "./frame/telephone-list.tsx";
import { type Settings, useSettings } from "./frame/settings.ts";
import { GoingHint } from "./keys/going-hint.tsx";
import { isTypedInto } from "./keys/keyboard.ts";
import { moveRow, moveToEnd } from "./keys/rows.ts";
import { Keyed, useKeys } from "./keys/use-keys.tsx";
import { Live } from "./node/live.ts";
import { LiveNode, useShown } from "./node/use-live.tsx";
import { ChannelPage, DraftPage, FormPage, HistoryPage, KeyList, UpdatePage } from "./pages/later.ts";
import { MessagePage } from "./pages/message/message-page.tsx";
import { SendPage } from "./pages/send/send-page.tsx";
import { SignInPage, useSession } from "./pages/sign-in/sign-in-page.tsx";
import { AlarmBar } from "./pages/watch/alarm-bar.tsx";
import { WatchPage } from "./pages/watch/watch-page.tsx";
import { Sounding } from "./sound/use-sound.tsx";
import { Typing } from "./typed/use-typed.tsx";
import { Speaking, useSpeech } from "./words/language.tsx";
import { HTML_LANGUAGE } from "./words/say.ts";

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
  const { signedIn, changed } = useSession();
  const [live, setLive] = useState<Live>();
  const session = "session" in signedIn ? signedIn.session : undefined;
  useEffect(() => {
    if (session === undefined) return undefined;
    const made = new Live(session, changed);
    made.start();
    setLive(made);
    return () => made.stop();
  }, [session, changed]);
  if (session === undefined)
    return (
      <Keyed letters={settings.letters}>
        <SignInPage signedIn={signedIn} />
      </Keyed>
    );
  if (live === undefined) return null;
  return (
    <LiveNode live={live}>
      <ActingPost>
        <Typing>
          <Keyed letters={settings.letters}>
            <Sounding>
              <Calling>
                <Frame settings={settings} />
              </Calling>
            </Sounding>
          </Keyed>
        </Typing>
      </ActingPost>
    </LiveNode>
  );
}

function Frame({ settings }: { readonly settings: Settings }): ReactNode {
  const { say } = useSpeech();
  const [listed, setListed] = useState<"keys" | "telephones">();
  const list = (what: "keys" | "telephones") => (): void => setListed(what);
  useFrameKeys({ keys: list("keys"), telephones: list("telephones") });
  useBeginning();
  const close = (): void => setListed(undefined);
  return (
    <>
      <a className="skip" href="#main">
        {say("skip")}
      </a>
      <Header settings={settings} />
      <nav aria-label={say("nav.label")}>
        <Link href="/">{say("nav.watch")}</Link>
        <Link href="/send">{say("nav.send")}</Link>
        <Link href="/form">{say("nav.form")}</Link>
        <Link href="/history">{say("nav.history")}</Link>
        <Button aria-expanded={listed === "keys"} onPress={listed === "keys" ? close : list("keys")}>
          {say("nav.keys")}
        </Button>
        <Button aria-expanded={listed === "telephones"} onPress={listed === "telephones" ? close : list("telephones")}>
          {say("nav.telephones")}
        </Button>
        <KeyLine />
      </nav>
      <main id="main" tabIndex={-1}>
        <Guarded>
          <Suspense fallback={<p role="status">{say("watch.loading")}</p>}>
            <Asked />
          </Suspense>
        </Guarded>
      </main>
      <AlarmBar />
      <GoingHint />
      {listed === "telephones" && <TelephoneList close={close} />}
      {listed === "keys" && (
        <Suspense fallback={null}>
          <KeyList settings={settings} close={close} />
        </Suspense>
      )}
    </>
  );
}

/** Another screen begins at its beginning: the next Tab leads into it, and who has screens read to them hears where they are. */
function useBeginning(): void {
  const screen = JSON.stringify(useScreen());
  const shown = useRef(screen);
  useEffect(() => {
    if (shown.current === screen) return;
    shown.current = screen;
    document.getElementById("main")?.focus({ preventScroll: true });
  }, [screen]);
}

/** Keys that every screen has. */
function useFrameKeys(lists: { readonly keys: () => void; readonly telephones: () => void }): void {
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
      form: () => go("/form"),
      watch: () => go("/"),
      goWatch: () => go("/"),
      goHistory: () => go("/history"),
      channel: line === undefined ? undefined : toChannel,
      back: leaveOrBack,
      ...lists,
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

/** Of the screen that is asked for now: another one is not taken for failed. */
function Guarded({ children }: { readonly children: ReactNode }): ReactNode {
  return <ScreenFault of={useScreen()}>{children}</ScreenFault>;
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
    case "form":
      return <FormPage />;
    case "update":
      return <UpdatePage log={asked.log} index={asked.index} />;
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
