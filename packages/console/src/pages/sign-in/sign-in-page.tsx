import { type ReactNode, useEffect, useState } from "react";
import { go } from "../../frame/address.tsx";
import { type SignedIn, signIn, whoIsIn } from "../../node/session.ts";
import { useSpeech } from "../../words/language.tsx";

export type InOrNot = SignedIn | { readonly working: true };

/** One question for each load of the page: a link's secret works once, and React may run an effect twice. */
let asked: Promise<SignedIn> | undefined;

/** Who is signed in; a link that brought somebody here is used first. */
export function useSession(): InOrNot {
  const [state, setState] = useState<InOrNot>({ working: true });
  useEffect(() => {
    asked ??= enter();
    void asked.then(setState, () => setState({ code: "unavailable" }));
  }, []);
  return state;
}

async function enter(): Promise<SignedIn> {
  const secret = location.pathname === "/sign-in" ? location.hash.slice(1) : "";
  if (secret === "") return whoIsIn();
  // The address must not keep a secret, used or not.
  history.replaceState(null, "", "/sign-in");
  const made = await signIn(secret);
  if ("session" in made) go("/");
  return made;
}

export function SignInPage({ signedIn }: { readonly signedIn: InOrNot }): ReactNode {
  const { say } = useSpeech();
  return (
    <main id="main" className="alone">
      <h1>{say("signIn.title")}</h1>
      <SignInState signedIn={signedIn} />
    </main>
  );
}

function SignInState({ signedIn }: { readonly signedIn: InOrNot }): ReactNode {
  const { say } = useSpeech();
  if (!("code" in signedIn)) return <p role="status">{say("signIn.working")}</p>;
  const tried = location.pathname === "/sign-in";
  return (
    <>
      {tried && <p role="alert">{say("signIn.failed", { code: signedIn.code })}</p>}
      <p>{say("signIn.ask")}</p>
    </>
  );
}
