import type { DraftSummary, LineSummary } from "@openline/api";
import { type ReactNode, useRef, useState } from "react";
import { Button, Label, TextArea, TextField } from "react-aria-components";
import { useActing } from "../../acting/acting.tsx";
import type { Outcome } from "../../acting/outcome.ts";
import { replyTo } from "../../acting/reply.ts";
import { ToldLeaving } from "../../acting/leaving.tsx";
import { useKeys } from "../../keys/use-keys.tsx";
import { type Said, placeOf } from "../../node/entry.ts";
import { useLive, useShown } from "../../node/use-live.tsx";
import { Kept } from "../../typed/kept.tsx";
import { useTyped } from "../../typed/use-typed.tsx";
import { useSpeech } from "../../words/language.tsx";

/** An answer in one's own language. What is typed stays until it is durable at the node. */
export function ReplyBox({ said, close }: { readonly said: Said; readonly close: () => void }): ReactNode {
  const { say } = useSpeech();
  const { client } = useLive();
  const { line } = useShown();
  const { say: saySigned, post } = useActing();
  const typed = useTyped(`reply ${placeOf(said)}`);
  const [outcome, setOutcome] = useState<Outcome>();
  const sent = useRef("");
  const send = async (): Promise<void> => {
    if (line === undefined || typed.saying || typed.text.trim() === "") return;
    const text = new Map([[languageOf(line), typed.text]]);
    const answer = replyTo(line, said, { kind: "answer", post });
    const found = await typed.say(typed.text, () => saySigned(answer, { body: new Map([["text", text]]), recall: true }));
    if (found === undefined) return;
    setOutcome(found === "behind" ? { code: "unsent-behind", detail: say("kept.changed") } : found);
    if (found === "behind" || "code" in found) return;
    sent.current = typed.text;
    typed.said(typed.text, (now) => (now.startsWith(typed.text) ? now.slice(typed.text.length).trimStart() : now));
  };
  // Where something else has been typed meanwhile the draft stays, and says that it was recalled.
  const recalled = async ({ draft, version }: DraftSummary): Promise<void> => {
    if (typed.now() !== "") return;
    typed.set(sent.current);
    setOutcome(undefined);
    if (line !== undefined) await client.withdrawDraft(line.line, draft, { version });
  };
  // While it can be recalled, the key that closes recalls.
  const leaving = outcome !== undefined && "leaving" in outcome;
  useKeys({ sign: () => void send(), close: leaving ? undefined : close });
  return (
    <div className="reply">
      <TextField value={typed.text} onChange={typed.set} autoFocus>
        <Label>{say("act.answerLabel", { place: placeOf(said) })}</Label>
        <TextArea rows={4} />
      </TextField>
      <Kept fields={[{ typed, label: say("act.answerLabel", { place: placeOf(said) }) }]} />
      <Button onPress={() => void send()} isDisabled={typed.saying || typed.text.trim() === ""}>
        {say("act.send")}
      </Button>
      <ToldLeaving outcome={outcome} done={say("act.answered")} recalled={recalled} />
    </div>
  );
}

const languageOf = (line: LineSummary): string => line.parties.find(({ id }) => id === line.party)?.language ?? "en";
