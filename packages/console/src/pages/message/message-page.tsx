import type { ReactNode } from "react";
import { placeOf } from "../../node/entry.ts";
import { useSpeech } from "../../words/language.tsx";
import { MessageView } from "./message-view.tsx";

export function MessagePage(place: { readonly log: string; readonly index: number }): ReactNode {
  const { say, words } = useSpeech();
  return (
    <div className="panel">
      <h1>{say("message.title", { kind: words.labels.act, place: placeOf(place) })}</h1>
      <MessageView {...place} heading="h2" />
    </div>
  );
}
