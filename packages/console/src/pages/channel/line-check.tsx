import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { useCalling } from "../../acting/calling.tsx";
import { Told } from "../../acting/told.tsx";
import { dtgText } from "../../frame/text.tsx";
import { useKeys } from "../../keys/use-keys.tsx";
import { useSpeech } from "../../words/language.tsx";
import type { Say } from "../../words/say.ts";
import { type Check, useLineCheck } from "./use-line-check.ts";

/** The last test of a channel, and the keys that make the next one or answer it, and call. */
export function LineCheck({ id }: { readonly id: string }): ReactNode {
  const { say } = useSpeech();
  const { on, told } = useLineCheck();
  const check = on(id);
  const call = useCalling().call(id);
  useKeys({ test: check.act });
  return (
    <>
      <h3>{say("test.title")}</h3>
      <div className="doors">
        <p>{lastTestText(say, check)}</p>
        {check.act !== undefined && <Button onPress={check.act}>{say(check.theirs ? "test.reply" : "test.do")}</Button>}
        {call !== undefined && <Button onPress={call}>{say("call.do")}</Button>}
        <Told outcome={told?.on === id ? told.outcome : undefined} done={told === undefined ? "" : say(told.done)} />
      </div>
    </>
  );
}

function lastTestText(say: Say, { last, theirs }: Check): string {
  if (last === undefined) return say("test.none");
  const at = dtgText(last.at);
  if (last.answered) return say("test.answered", { at });
  return theirs ? say("test.theirsWaits", { at }) : say("test.oursWaits", { at });
}
