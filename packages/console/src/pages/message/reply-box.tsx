import type { LineSummary } from "@openline/api";
import { type ReactNode, useState } from "react";
import { Button, Label, TextArea, TextField } from "react-aria-components";
import { useActing } from "../../acting/acting.tsx";
import type { Outcome } from "../../acting/outcome.ts";
import { replyTo } from "../../acting/reply.ts";
import { Told } from "../../acting/told.tsx";
import { useTyped } from "../../acting/typed.ts";
import { useKeys } from "../../keys/use-keys.tsx";
import { type Said, placeOf } from "../../node/entry.ts";
import { useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";

/** An answer in one's own language. What is typed stays until it is durable at the node. */
export function ReplyBox({ said, close }: { readonly said: Said; readonly close: () => void }): ReactNode {
  const { say } = useSpeech();
  const { line } = useShown();
  const { say: saySigned, post } = useActing();
  const typed = useTyped(`reply ${line?.line ?? ""} ${placeOf(said)}`);
  const [outcome, setOutcome] = useState<Outcome>();
  const [sending, setSending] = useState(false);
  const send = async (): Promise<void> => {
    if (line === undefined || sending || typed.text.trim() === "") return;
    setSending(true);
    const text = new Map([[languageOf(line), typed.text]]);
    const found = await saySigned(replyTo(line, said, { kind: "answer", post }), { body: new Map([["text", text]]) });
    setSending(false);
    setOutcome(found);
    if (found !== undefined && !("code" in found)) typed.forget();
  };
  useKeys({ sign: () => void send(), close });
  return (
    <div className="reply">
      <TextField value={typed.text} onChange={typed.set} autoFocus>
        <Label>{say("act.answerLabel", { place: placeOf(said) })}</Label>
        <TextArea rows={4} />
      </TextField>
      <Button onPress={() => void send()} isDisabled={sending || typed.text.trim() === ""}>
        {say("act.send")}
      </Button>
      <Told outcome={outcome} done={say("act.answered")} />
    </div>
  );
}

const languageOf = (line: LineSummary): string => line.parties.find(({ id }) => id === line.party)?.language ?? "en";
