import { type ReactNode, useLayoutEffect, useRef } from "react";
import { Button } from "react-aria-components";
import { useKeys } from "../keys/use-keys.tsx";
import { keptTelephones } from "../node/telephones.ts";
import { useSpeech } from "../words/language.tsx";
import { Code, nameIn } from "./text.tsx";

const STEPS = ["phone.step1", "phone.step2", "phone.step3", "phone.step4"] as const;

/** Whom to call when this line does not carry, and what to do then. It asks nobody: all of it is in this browser. It stands over the screen and
 *  not over the alarm bar, whose keys go on working. */
export function TelephoneList({ close }: { readonly close: () => void }): ReactNode {
  const { say, language } = useSpeech();
  const dialog = useRef<HTMLDialogElement>(null);
  useKeys({ close, telephones: close }, "list");
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.show();
    return () => shown?.close();
  }, []);
  const telephones = keptTelephones() ?? [];
  return (
    <dialog ref={dialog} className="keys" aria-labelledby="phone-title">
      <h2 id="phone-title">{say("phone.title")}</h2>
      <Button onPress={close}>{say("phone.close")}</Button>
      {telephones.length === 0 ? (
        <p>{say("phone.none")}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{say("phone.who")}</th>
              <th scope="col">{say("phone.number")}</th>
              <th scope="col">{say("phone.note")}</th>
            </tr>
          </thead>
          <tbody>
            {telephones.map(({ who, number, note }) => {
              const [name, more] = [nameIn(who, language), nameIn(note, language)];
              return (
                <tr key={`${number} ${name.text}`}>
                  <td lang={name.lang}>{name.text}</td>
                  <td className="number">
                    <Code>{number}</Code>
                  </td>
                  <td lang={more.text === "" ? undefined : more.lang}>{more.text}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      <h3>{say("phone.whatToDo")}</h3>
      <ol>
        {STEPS.map((step) => (
          <li key={step}>{say(step)}</li>
        ))}
      </ol>
    </dialog>
  );
}
