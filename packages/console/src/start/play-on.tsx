import type { StartShown } from "@openline/api";
import { type ReactNode, useRef, useState } from "react";
import { dtgText } from "../frame/text.tsx";
import { playOn } from "./asking.ts";
import type { SayStart } from "./line-on-this-machine.tsx";
import { NotDone } from "./not-done.tsx";

type Asked = "not" | "going" | "done" | { readonly why: unknown };

/** Plays the exercise on to the end of its file, and says how that goes; without a button once it has come there. */
export function PlayOn({ toCome, say }: { readonly toCome: StartShown["lines"][number]["playOn"]; readonly say: SayStart }): ReactNode {
  const [asked, setAsked] = useState<Asked>("not");
  const [date, setDate] = useState("");
  const told = useRef<HTMLParagraphElement>(null);
  const going = asked === "going" || toCome?.now === true;
  const press = async (to: string): Promise<void> => {
    if (going) return;
    setDate(dayText(to));
    setAsked("going");
    const end = await playOn().then(
      (): Asked => "done",
      (why: unknown): Asked => ({ why }),
    );
    setAsked(end);
    // The button goes away under the keyboard.
    if (end === "done") told.current?.focus();
  };
  return (
    <div className="doors">
      {toCome !== null && (
        <button type="button" aria-disabled={going} onClick={() => void press(toCome.to)}>
          {say("playOn", { date: dayText(toCome.to) })}
        </button>
      )}
      <p role="status" className="played" tabIndex={-1} ref={told}>
        {going && say("playing", { date: toCome === null ? date : dayText(toCome.to) })}
        {!going && asked === "done" && say("playedOn", { date })}
      </p>
      {typeof asked === "object" && !going && <NotDone what={say("notPlayedOn")} why={asked.why} say={say} />}
    </div>
  );
}

/** The day of a date-time group: `10 SEP 24`. */
const dayText = (at: string): string => dtgText(at).replace(/^(\d\d)\d{4}Z/, "$1");
