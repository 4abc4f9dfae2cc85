import { useRef } from "react";

/** A key that was meant for what stood here before does nothing to what stands here now. */
const SETTLE_MS = 500;

/** Whether what a key would act on has stood for long enough to be meant. `what` names it: it changes when that does. */
export function useSettled(what: string): () => boolean {
  const stands = useRef<{ readonly what: string; readonly since: number }>(undefined);
  if (stands.current?.what !== what) stands.current = { what, since: performance.now() };
  return () => performance.now() - (stands.current?.since ?? Infinity) >= SETTLE_MS;
}
