import type { StartShown } from "@openline/api";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { dtgText } from "../frame/text.tsx";
import { Refused, playOn } from "./asking.ts";
import type { SayStart } from "./line-on-this-machine.tsx";
import { NotDone } from "./not-done.tsx";

type ToCome = StartShown["lines"][number]["playOn"];

/** Plays the exercise on to the end of its file, and says how that goes and ends, in every window of this page; without a button once
 *  it has come there. */
export function PlayOn({ toCome, say }: { readonly toCome: ToCome; readonly say: SayStart }): ReactNode {
  const [asked, setAsked] = useState<"not" | "going" | { readonly why: unknown }>("not");
  const going = asked === "going" || toCome?.now === true;
  const date = useLastPlayed(toCome, going);
  const { button, told } = useFocusKept(toCome === null);
  const press = async (): Promise<void> => {
    if (going) return;
    setAsked("going");
    setAsked(
      await playOn().then(
        () => "not" as const,
        (why: unknown) => ({ why }),
      ),
    );
  };
  const why = typeof asked === "object" ? asked.why : refusedOf(toCome);
  return (
    <div className="doors">
      {toCome !== null && (
        <button type="button" aria-disabled={going} onClick={() => void press()} ref={button}>
          {say("playOn", { date: dayText(toCome.to) })}
        </button>
      )}
      <p role="status" className="played" tabIndex={-1} ref={told}>
        {going && say("playing", { date })}
        {!going && toCome === null && date !== "" && say("playedOn", { date })}
      </p>
      {why !== undefined && !going && toCome !== null && <NotDone what={say("notPlayedOn")} why={why} say={say} />}
    </div>
  );
}

const refusedOf = (toCome: ToCome): Refused | undefined => (typeof toCome?.why === "string" ? new Refused(toCome.why) : undefined);

/** The day to which it is played, or was played last while this page stood open; empty where it was not. */
function useLastPlayed(toCome: ToCome, going: boolean): string {
  const [last, setLast] = useState("");
  const now = going && toCome !== null ? dayText(toCome.to) : last;
  useEffect(() => setLast(now), [now]);
  return now;
}

/** The button goes away under the keyboard: whoever is on it then goes on at what is told in its place, and nobody else is moved. */
function useFocusKept(gone: boolean): {
  readonly button: (button: HTMLButtonElement) => () => void;
  readonly told: { readonly current: HTMLParagraphElement | null };
} {
  const told = useRef<HTMLParagraphElement>(null);
  const held = useRef(false);
  useEffect(() => {
    if (gone && held.current) told.current?.focus();
    held.current = false;
  }, [gone]);
  // Called with what has the focus before the button is taken out of the page.
  const button = (here: HTMLButtonElement) => (): void => {
    held.current = here === document.activeElement;
  };
  return { button, told };
}

/** The day of a date-time group: `10 SEP 24`. */
const dayText = (at: string): string => dtgText(at).replace(/^(\d\d)\d{4}Z/, "$1");
