import type { DraftSummary } from "@openline/api";
import { useState } from "react";
import type { Outcome } from "../acting/outcome.ts";
import { useLive, useShown } from "../node/use-live.tsx";
import { useSpeech } from "../words/language.tsx";
import type { Typed } from "./use-typed.tsx";

export interface Saying {
  /** What became of the last act; undefined: nothing yet, or it was put away. */
  readonly last: Outcome | undefined;
  readonly putAway: () => void;
  /** The text that was said last. */
  readonly said: string;
  /** Says what is typed, once, by this act. */
  readonly say: (act: () => Promise<Outcome | undefined>) => Promise<void>;
  /** It was taken back: what was typed stands in its fields again. */
  readonly recalled: (draft: DraftSummary) => Promise<void>;
}

interface How {
  /** What of `now` was not in what was `said`: it was typed while that was on its way, and stays. */
  readonly rest: (now: string, said: string) => string;
  /** Puts what was said into its fields again; false: they have something else to keep, and the draft that was recalled stays as it is. */
  readonly restore: (said: string) => boolean;
}

/** Says what stands in one field by an act that can be recalled. Nothing typed is lost by it, before, meanwhile or after. */
export function useSaying(kept: Typed, { rest, restore }: How): Saying {
  const { client } = useLive();
  const { line } = useShown();
  const { say: speak } = useSpeech();
  const [last, setLast] = useState<Outcome>();
  const [said, setSaid] = useState("");
  const say = async (act: () => Promise<Outcome | undefined>): Promise<void> => {
    const { text } = kept;
    const found = await kept.say(text, act);
    if (found === undefined) return;
    setLast(found === "behind" ? { code: "unsent-behind", detail: speak("kept.changed") } : found);
    if (found === "behind" || "code" in found) return;
    setSaid(text);
    kept.said(text, (now) => rest(now, text));
  };
  const recalled = async ({ draft, version }: DraftSummary): Promise<void> => {
    if (line === undefined || !restore(said)) return;
    setLast(undefined);
    await client.withdrawDraft(line.line, draft, { version });
  };
  return { last, putAway: () => setLast(undefined), said, say, recalled };
}

/** Into fields where nothing stands. */
export function restoreInto(kept: Typed, said: string): boolean {
  if (kept.now() !== "") return false;
  kept.set(said);
  return true;
}
