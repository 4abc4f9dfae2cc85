import { type ReactNode, createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { Live, Shown } from "./live.ts";

const LiveContext = createContext<Live | undefined>(undefined);

export function LiveNode({ live, children }: { readonly live: Live; readonly children: ReactNode }): ReactNode {
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** The node of this console; every screen but the one for signing in stands inside `LiveNode`. */
export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error("a screen stands inside LiveNode");
  return live;
}

export function useShown(): Shown {
  const live = useLive();
  return useSyncExternalStore(live.watch, () => live.shown);
}

/** The node's clock, POSIX seconds; the screen that asks is drawn again each second. */
export function useNow(): number {
  const live = useLive();
  const [now, setNow] = useState(() => live.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(live.now()), 250);
    return () => clearInterval(timer);
  }, [live]);
  return now;
}
