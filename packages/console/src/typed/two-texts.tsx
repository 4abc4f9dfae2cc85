import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { visible } from "@openline/core";
import { useSpeech } from "../words/language.tsx";
import type { KeptField } from "./kept.tsx";

/** Two texts for one field, typed at two consoles: neither is lost, and a person chooses. */
export function TwoTexts({ typed, label, shown = asIs }: KeptField): ReactNode {
  const { say } = useSpeech();
  const { text, other, keepMine, takeOther } = typed;
  if (other === undefined) return null;
  const columns = [
    { head: say("kept.mine"), said: text, button: say("kept.keepMine"), choose: text === "" ? undefined : keepMine },
    {
      head: say(other.saved === null ? "kept.elsewhere" : "kept.other"),
      said: other.text,
      button: say("kept.takeOther"),
      choose: takeOther,
    },
  ];
  // What had the focus goes with the choice.
  const chosen = (choose: () => void): void => {
    choose();
    document.getElementById("main")?.focus();
  };
  return (
    <section className="two-texts" aria-label={say("kept.two", { field: label })}>
      <p role="alert">{say("kept.two", { field: label })}</p>
      {columns.map(({ head, said, button, choose }) => (
        <div key={head}>
          <h2>{head}</h2>
          <pre>{said === "" ? say("kept.empty") : visible(shown(said))}</pre>
          {choose !== undefined && <Button onPress={() => chosen(choose)}>{button}</Button>}
        </div>
      ))}
    </section>
  );
}

const asIs = (text: string): string => text;
