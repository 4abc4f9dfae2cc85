import { type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { formatTime, parseUnixSeconds } from "@openline/core";
import { goInstead } from "../../frame/address.tsx";
import { TelephoneList } from "../../frame/telephone-list.tsx";
import { useKeys } from "../../keys/use-keys.tsx";
import { dtgText } from "../../frame/text.tsx";
import { lastHeard } from "../../node/last-heard.ts";
import { type SignedIn, signIn, whoIsIn } from "../../node/session.ts";
import { useSpeech } from "../../words/language.tsx";

/** `lost`: the node did not answer at all. */
export type InOrNot = SignedIn | { readonly working: true } | { readonly lost: true };

/** One question for each load of the page: a link's secret works once, and React may run an effect twice. */
let asked: Promise<SignedIn> | undefined;

/** Asks who is signed in, while words are still being loaded. */
export function beginSession(): Promise<SignedIn> {
  asked ??= enter();
  return asked;
}

/** Who is signed in, and how to say that it has changed; a link that brought somebody here is used first. */
export function useSession(): { readonly signedIn: InOrNot; readonly changed: (found: SignedIn) => void } {
  const [state, setState] = useState<InOrNot>({ working: true });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const lost = (): void => {
      setState({ lost: true });
      timer = setTimeout(() => void whoIsIn().then(found, lost), AGAIN_MS);
    };
    // A node that is ending, or has not begun yet, says nothing of who is signed in.
    const found = (who: SignedIn): void => ("code" in who && who.code === "unavailable" ? lost() : setState(who));
    void beginSession().then(found, lost);
    return () => clearTimeout(timer);
  }, []);
  const isOut = "code" in state;
  useEffect(() => {
    if (!isOut) return undefined;
    // Another window of this browser may have been signed in.
    const look = (): void => void whoIsIn().then(setState, () => undefined);
    addEventListener("focus", look);
    return () => removeEventListener("focus", look);
  }, [isOut]);
  return { signedIn: state, changed: setState };
}

/** A console that its browser kept asks for its node until it answers. */
const AGAIN_MS = 2000;

async function enter(): Promise<SignedIn> {
  const secret = location.pathname === "/sign-in" ? location.hash.slice(1) : "";
  if (secret === "") return whoIsIn();
  // The address must not keep a secret, used or not.
  history.replaceState(null, "", "/sign-in");
  const made = await signIn(secret);
  if ("session" in made) goInstead("/");
  return made;
}

export function SignInPage({ signedIn }: { readonly signedIn: InOrNot }): ReactNode {
  const { say } = useSpeech();
  const [listed, setListed] = useState(false);
  useKeys({ telephones: () => setListed(true) }, "frame");
  return (
    <main id="main" className="alone">
      <h1>{say("signIn.title")}</h1>
      <SignInState signedIn={signedIn} />
      <Button aria-expanded={listed} onPress={() => setListed(!listed)}>
        {say("nav.telephones")}
      </Button>
      {listed && <TelephoneList close={() => setListed(false)} />}
    </main>
  );
}

function SignInState({ signedIn }: { readonly signedIn: InOrNot }): ReactNode {
  const { say } = useSpeech();
  if ("lost" in signedIn) return <Lost />;
  if (!("code" in signedIn)) return <p role="status">{say("signIn.working")}</p>;
  const tried = location.pathname === "/sign-in";
  return (
    <>
      {tried && <p role="alert">{say("signIn.failed", { code: signedIn.code })}</p>}
      <p>{say("signIn.ask")}</p>
    </>
  );
}

/** Nothing of any line is here: the browser keeps the page, when the node was last heard, and whom to call. */
function Lost(): ReactNode {
  const { say } = useSpeech();
  const heard = lastHeard();
  return (
    <p className="band" role="alert">
      {heard === undefined ? say("node.lostAlways") : say("node.lostSince", { since: dtgText(formatTime(parseUnixSeconds(heard))) })}
    </p>
  );
}
