import { type ReactNode, createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { useLive, useShown } from "../node/use-live.tsx";
import { browserCopies } from "./browser-copies.ts";
import { TypedDesk } from "./typed-desk.ts";
import type { TypedText, TypedView } from "./typed-text.ts";

const DeskContext = createContext<TypedDesk | undefined>(undefined);

/** A text that is being typed: what is shown of it, and what can be done with it. */
export type Typed = TypedView & Pick<TypedText, "set" | "forget" | "keepMine" | "takeOther">;

/** Everything below can type. What is typed outlives a reload, this machine and a node that is gone, and ends when it has been said. */
export function Typing({ children }: { readonly children: ReactNode }): ReactNode {
  const { client, session } = useLive();
  const line = useShown().line?.line;
  const [desk, setDesk] = useState<TypedDesk>();
  useEffect(() => {
    if (line === undefined) return undefined;
    const made = new TypedDesk({ client, copies: browserCopies, line, post: session.post });
    void made.open();
    setDesk(made);
    const left = (): void => made.flush();
    const looked = (): void => (document.visibilityState === "hidden" ? made.flush() : void made.refresh());
    addEventListener("focusout", left);
    addEventListener("focus", looked);
    addEventListener("pagehide", left);
    document.addEventListener("visibilitychange", looked);
    return () => {
      made.stop();
      removeEventListener("focusout", left);
      removeEventListener("focus", looked);
      removeEventListener("pagehide", left);
      document.removeEventListener("visibilitychange", looked);
    };
  }, [client, session.post, line]);
  return <DeskContext value={desk}>{children}</DeskContext>;
}

/** `field`: what is typed, such as `send en`; the same at every console of this post. */
export function useTyped(field: string): Typed {
  const desk = useContext(DeskContext);
  const text = desk?.field(field);
  const view = useSyncExternalStore(desk?.watch ?? never, () => text?.view ?? NOTHING);
  return text === undefined ? { ...view, ...NO_DESK } : { ...view, ...stepsOf(text) };
}

const stepsOf = ({ set, forget, keepMine, takeOther }: TypedText): Omit<Typed, keyof TypedView> => ({ set, forget, keepMine, takeOther });

/** Before the node has said which line this is, no field is shown. */
const NOTHING: TypedView = { text: "", kept: undefined, other: undefined };
const nothing = (): void => undefined;
const never = (): (() => void) => nothing;
const NO_DESK = { set: nothing, forget: nothing, keepMine: nothing, takeOther: nothing };
