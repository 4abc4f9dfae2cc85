import type { ReactNode } from "react";
import { type Speech, useSpeech } from "../words/language.tsx";
import type { Outcome } from "./outcome.ts";

/** What became of an act, said aloud: where it stands, or why it does not. */
export function Told({ outcome, done }: { readonly outcome: Outcome | undefined; readonly done: string }): ReactNode {
  const speech = useSpeech();
  return (
    <p className="told" role="status" aria-live="polite">
      {outcome === undefined ? "" : toldOf(outcome, { done, speech })}
    </p>
  );
}

function toldOf(outcome: Outcome, { done, speech: { say, words } }: { readonly done: string; readonly speech: Speech }): string {
  if ("placed" in outcome) return say("act.done", { what: done, place: `${outcome.placed.log}:${outcome.placed.index}` });
  if ("leaving" in outcome) return say("act.leaving", { draft: String(outcome.leaving) });
  if ("kept" in outcome) return say("act.kept", { draft: String(outcome.kept) });
  if (outcome.code === "unavailable") return say("act.unavailable", { code: outcome.code });
  const refusals: Readonly<Record<string, string>> = words.refusals;
  const why = refusals[outcome.code] ?? (isOurs(outcome.code) ? say(`why.${outcome.code}`) : outcome.detail);
  return say("act.notDone", { why, code: outcome.code });
}

/** Codes of the node's own, and of this console, that have a sentence in each language. */
const isOurs = (code: string): code is "draft-behind" | "draft-state" | "other-post" => /^(draft-(behind|state)|other-post)$/.test(code);
