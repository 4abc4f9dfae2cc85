import type { DebtView } from "@openline/api";
import { type ReactNode, useEffect, useState } from "react";
import { placeOf } from "../../node/entry.ts";
import { useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { MessageView } from "../message/message-view.tsx";
import { ChannelStrip } from "./channel-strip.tsx";
import { DebtLists } from "./debt-lists.tsx";

/** In one second: which channels are open, who owes an answer, for how long. */
export function WatchPage(): ReactNode {
  const { say } = useSpeech();
  const { debts, line, problem } = useShown();
  const [chosen, choose] = useState<DebtView["entry"]>();
  const first = debts?.debts.find(({ by }) => by === line?.party)?.entry;
  // What nobody has chosen yet is chosen once; later arrivals do not change what is being read.
  useEffect(() => {
    if (chosen === undefined && first !== undefined) choose(first);
  }, [chosen, first]);
  return (
    <div className="watch">
      <h1>{say("watch.title")}</h1>
      {problem !== undefined && <p role="alert">{say("problem", { what: say("problem.failed"), code: problem.code })}</p>}
      <ChannelStrip />
      <div className="halves">
        <DebtLists chosen={chosen === undefined ? undefined : placeOf(chosen)} choose={choose} />
        <section aria-label={say("watch.selected")} className="panel">
          <h2>{say("watch.selected")}</h2>
          {chosen === undefined ? <p>{say("watch.selectOne")}</p> : <MessageView log={chosen.log} index={chosen.index} heading="h3" />}
        </section>
      </div>
    </div>
  );
}
