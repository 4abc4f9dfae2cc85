import type { DraftSummary, LineSummary } from "@openline/api";
import type { Said } from "@openline/core";
import { useState } from "react";
import { useActing } from "../../acting/acting.tsx";
import type { Outcome } from "../../acting/outcome.ts";
import { useLive } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { type TypedFields, fieldsLeft } from "./typed-fields.ts";

export interface Sending {
  readonly last: Outcome | undefined;
  readonly recalled: (draft: DraftSummary) => Promise<void>;
  /** Undefined while it cannot be sent; that it is incomplete is no reason. */
  readonly send: (() => void) | undefined;
}

/** Sends what is typed into a form as an act; what was recalled stands in its fields again. `said` undefined: it can be said nowhere. */
export function useSending({ line }: LineSummary, { kept, fields }: TypedFields, said: Said | undefined): Sending {
  const { client } = useLive();
  const { say } = useSpeech();
  const { key, say: saySigned } = useActing();
  const [last, setLast] = useState<Outcome>();
  const [sent, setSent] = useState("");
  const sendOn = async (act: Said): Promise<void> => {
    const found = await kept.say(kept.text, () => saySigned(act, { body: new Map([["fields", fields]]), recall: true }));
    if (found === undefined) return;
    setLast(found === "behind" ? { code: "unsent-behind", detail: say("kept.changed") } : found);
    if (found === "behind" || "code" in found) return;
    setSent(kept.text);
    kept.said(kept.text, (now) => fieldsLeft(now, kept.text));
  };
  // Where something else has been typed meanwhile the draft stays, and says that it was recalled.
  const recalled = async ({ draft, version }: DraftSummary): Promise<void> => {
    if (kept.now() !== "") return;
    kept.set(sent);
    setLast(undefined);
    await client.withdrawDraft(line, draft, { version });
  };
  const may = "standing" in key && key.standing === "in-force" && fields.size > 0 && !kept.saying;
  return { last, recalled, send: may && said !== undefined ? () => void sendOn(said) : undefined };
}
