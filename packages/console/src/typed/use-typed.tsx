import { type ReactNode, createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { useLive, useShown } from "../node/use-live.tsx";
import { browserCopies } from "./browser-copies.ts";
import { TypedDesk } from "./typed-desk.ts";
import type { TypedText } from "./typed-text.ts";
import type { TypedView } from "./typed-view.ts";

const DeskContext = createContext<TypedDesk | undefined>(undefined);

/** A text that is being typed: what is shown of it, and what can be done with it. `now`: what stands there when it is asked, after a wait. */
export type Typed = TypedView & Pick<TypedText, "set" | "said" | "say" | "keepMine" | "takeOther"> & { readonly now: () => string };

/** Everything below can type. What is typed outlives a reload, this machine and a node that is gone, and ends when it has been said. */
export function Typing({ children }: { readonly children: ReactNode }): ReactNode {
  const live = useLive();
  const { client, session } = live;
  const line = useShown().line?.line;
  const [desk, setDesk] = useState<TypedDesk>();
  useEffect(() => {
    if (line === undefined) return undefined;
    const made = new TypedDesk({ client, copies: browserCopies, line, post: session.post });
    void made.open();
    setDesk(made);
    const left = (): void => made.flush();
    const looked = (): void => (document.visibilityState === "hidden" ? made.flush() : void made.refresh());
    const leave = live.watchUnsent((told) => (told === undefined ? void made.refresh() : made.told(told)));
    addEventListener("focusout", left);
    addEventListener("focus", looked);
    addEventListener("pagehide", left);
    document.addEventListener("visibilitychange", looked);
    return () => {
      made.stop();
      leave();
      removeEventListener("focusout", left);
      removeEventListener("focus", looked);
      removeEventListener("pagehide", left);
      document.removeEventListener("visibilitychange", looked);
    };
  }, [live, client, session.post, line]);
  return <DeskContext value={desk}>{children}</DeskContext>;
}

/** `field`: what is typed, such as `send`; the same at every console of this post. */
export function useTyped(field: string): Typed {
  const desk = useContext(DeskContext);
  const text = desk?.field(field);
  const view = useSyncExternalStore(desk?.watch ?? never, () => text?.view ?? NOTHING);
  return text === undefined ? { ...view, ...NO_DESK } : { ...view, ...stepsOf(text) };
}

const stepsOf = (of: TypedText): Omit<Typed, keyof TypedView> => {
  const { set, said, say, keepMine, takeOther } = of;
  return { set, said, say, keepMine, takeOther, now: () => of.view.text };
};

/** Before the node has said which line this is, no field is shown. */
const NOTHING: TypedView = { text: "", kept: undefined, other: undefined, saying: false };
const nothing = (): void => undefined;
const never = (): (() => void) => nothing;
const NO_DESK = { set: nothing, said: nothing, say: async () => undefined, keepMine: nothing, takeOther: nothing, now: () => "" };
