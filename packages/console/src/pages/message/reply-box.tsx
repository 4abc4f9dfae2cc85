import type { LineSummary } from "@openline/api";
import type { ReactNode } from "react";
import { Button, Label, TextArea, TextField } from "react-aria-components";
import { useActing } from "../../acting/acting.tsx";
import { replyTo } from "../../acting/reply.ts";
import { ToldLeaving } from "../../acting/leaving.tsx";
import { useKeys } from "../../keys/use-keys.tsx";
import { type Said, placeOf } from "../../node/entry.ts";
import { useShown } from "../../node/use-live.tsx";
import { Kept } from "../../typed/kept.tsx";
import { restoreInto, useSaying } from "../../typed/use-saying.ts";
import { useTyped } from "../../typed/use-typed.tsx";
import { useSpeech } from "../../words/language.tsx";
import { restOfText } from "../send/own-words.ts";

/** An answer in one's own language. What is typed stays until it is durable at the node. */
export function ReplyBox({ said, close }: { readonly said: Said; readonly close: () => void }): ReactNode {
  const { say } = useSpeech();
  const { line } = useShown();
  const { say: saySigned, post } = useActing();
  const typed = useTyped(`reply ${placeOf(said)}`);
  const saying = useSaying(typed, { rest: restOfText, restore: (text) => restoreInto(typed, text) });
  const send = async (): Promise<void> => {
    if (line === undefined || typed.saying || typed.text.trim() === "") return;
    const text = new Map([[languageOf(line), typed.text]]);
    const answer = replyTo(line, said, { kind: "answer", post });
    await saying.say(() => saySigned(answer, { body: new Map([["text", text]]), recall: true }));
  };
  // While it can be recalled, the key that closes recalls.
  const leaving = saying.last !== undefined && "leaving" in saying.last;
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
      <ToldLeaving outcome={saying.last} done={say("act.answered")} recalled={saying.recalled} />
    </div>
  );
}

const languageOf = (line: LineSummary): string => line.parties.find(({ id }) => id === line.party)?.language ?? "en";
