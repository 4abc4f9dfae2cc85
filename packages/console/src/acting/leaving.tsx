import type { DraftSummary } from "@openline/api";
import { parseTime } from "@openline/core";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { clockText, notKnownSince } from "../frame/not-known.ts";
import { useKeys } from "../keys/use-keys.tsx";
import { useAnswer } from "../node/use-answer.ts";
import { useLive, useNow, useShown } from "../node/use-live.tsx";
import { useSpeech } from "../words/language.tsx";
import { type Outcome, whyNot } from "./outcome.ts";
import { Told } from "./told.tsx";

interface ToldProps {
  readonly outcome: Outcome | undefined;
  /** What it is when it stands. */
  readonly done: string;
  /** It was taken back here. */
  readonly recalled: (draft: DraftSummary) => Promise<void>;
}

/** What became of an act that may wait for some seconds, in which it can be recalled. */
export function ToldLeaving({ outcome, ...rest }: ToldProps): ReactNode {
  if (outcome === undefined || !("leaving" in outcome)) return <Told outcome={outcome} done={rest.done} />;
  return <LeavingDraft number={outcome.leaving} {...rest} />;
}

function LeavingDraft({
  number,
  done,
  recalled,
}: {
  readonly number: number;
} & Omit<ToldProps, "outcome">): ReactNode {
  const { say } = useSpeech();
  const found = useAnswer(`leaving ${number}`, (client, line) => client.draft(line, number));
  if (found === undefined) return null;
  if ("code" in found) return <Told outcome={{ code: found.code, detail: "" }} done={done} />;
  const { state, placed, refusal } = found.value;
  if (placed !== null) return <Told outcome={{ placed }} done={done} />;
  if (refusal !== null) return <Told outcome={{ code: refusal.code, detail: refusal.detail }} done={done} />;
  if (state === "leaving") return <Recall draft={found.value} recalled={recalled} />;
  return (
    <p className="told" role="status">
      {say("act.recalled", { draft: String(number) })}
    </p>
  );
}

/** It leaves when its seconds are over; until then one key takes it back. */
export function Recall({
  draft,
  recalled,
}: {
  readonly draft: DraftSummary;
  readonly recalled?: (draft: DraftSummary) => Promise<void>;
}): ReactNode {
  const { say } = useSpeech();
  const { client } = useLive();
  const { line, link, heard } = useShown();
  const now = useNow();
  const [outcome, setOutcome] = useState<Outcome>();
  const [busy, setBusy] = useState(false);
  const until = draft.recallUntil === null ? undefined : parseTime(draft.recallUntil);
  const take = async (id: string): Promise<void> => {
    setBusy(true);
    try {
      const taken = await client.recallDraft(id, draft.draft, { version: draft.version });
      await recalled?.(taken);
    } catch (error) {
      setOutcome(whyNot(error));
    }
    setBusy(false);
  };
  const recall = line === undefined || busy ? undefined : () => void take(line.line);
  useKeys({ recall });
  if (until === undefined) return null;
  return (
    <div className="leaving">
      <p role="status">{say("act.leaves", { at: clockText(until) })}</p>
      <p className="count" aria-live="off">
        {link === "lost" ? notKnownSince(say, heard) : say("act.leavesIn", { seconds: String(Math.max(0, until - now + 1)) })}
      </p>
      <Button {...(recall === undefined ? { isDisabled: true } : { onPress: recall })}>{say("act.recall")}</Button>
      <Told outcome={outcome} done="" />
    </div>
  );
}
