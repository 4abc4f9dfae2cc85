import { dtg, holdingReplyBy } from "@openline/core";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { useActing } from "../../acting/acting.tsx";
import type { Outcome } from "../../acting/outcome.ts";
import { owedFor, replyTo } from "../../acting/reply.ts";
import { Told } from "../../acting/told.tsx";
import { useSettled } from "../../keys/settled.ts";
import { useKeys } from "../../keys/use-keys.tsx";
import { type Said, placeOf } from "../../node/entry.ts";
import { useNow, useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { ReplyBox } from "./reply-box.tsx";

/** What an officer may do about an entry, each with its key beside it. */
export function MessageDoors({ said }: { readonly said: Said }): ReactNode {
  const { say } = useSpeech();
  const { line } = useShown();
  const { key, say: saySigned, post } = useActing();
  const [told, setTold] = useState<{ readonly outcome: Outcome; readonly done: string }>();
  const [writing, setWriting] = useState(false);
  const now = useNow();
  const owed = line === undefined ? { acknowledge: false, answer: false } : owedFor(line, said);
  const may = "standing" in key && key.standing === "in-force";
  const replyBy = holdingReplyBy(said.precedence ?? "ROUTINE", now);
  const by = dtg(replyBy);
  const reply = async (kind: "acknowledge" | "holding-reply", facts?: { readonly replyBy: typeof replyBy }): Promise<void> => {
    if (line === undefined) return;
    const done = kind === "acknowledge" ? say("act.acknowledged", { place: placeOf(said) }) : say("act.holding", { by });
    const outcome = await saySigned(replyTo(line, said, { kind, post, ...(facts === undefined ? {} : { facts }) }), {
      once: `${kind} ${said.leaf}`,
    });
    if (outcome !== undefined) setTold({ outcome, done });
  };
  const settled = useSettled(said.leaf);
  const acknowledge = may && owed.acknowledge ? () => void reply("acknowledge") : undefined;
  const hold = may && owed.answer && said.answer === null ? () => void (settled() && reply("holding-reply", { replyBy })) : undefined;
  const write = may && owed.answer ? () => setWriting(true) : undefined;
  useKeys({ hold, answer: write });
  if (!owed.acknowledge && !owed.answer) return null;
  return (
    <div className="doors">
      {acknowledge !== undefined && <Button onPress={acknowledge}>{say("act.acknowledge")}</Button>}
      {hold !== undefined && <Button onPress={hold}>{say("act.hold", { by })}</Button>}
      {write !== undefined && !writing && <Button onPress={write}>{say("act.answer")}</Button>}
      {writing && <ReplyBox said={said} close={() => setWriting(false)} />}
      <Told outcome={told?.outcome} done={told?.done ?? ""} />
    </div>
  );
}
