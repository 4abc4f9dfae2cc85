import { type ReactNode, useLayoutEffect, useRef } from "react";
import { Button } from "react-aria-components";
import type { Settings } from "../frame/settings.ts";
import { useSpeech } from "../words/language.tsx";
import { type Act, shownKeys } from "./table.ts";
import { useKeys, useKeysShown } from "./use-keys.tsx";

interface ListProps {
  readonly settings: Settings;
  readonly close: () => void;
}

/** The keys that work on this screen now. It stands over the screen and not over the alarm bar, whose keys go on working. */
export function KeyList({ settings: { letters, setLetters }, close }: ListProps): ReactNode {
  const { say } = useSpeech();
  const { acts } = useKeysShown();
  const dialog = useRef<HTMLDialogElement>(null);
  useKeys({ close, keys: close }, "list");
  // Open, it has the focus; closed, the focus is where it was.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.show();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} className="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">{say("keys.title")}</h2>
      <div className="doors">
        <Button onPress={close}>{say("keys.close")}</Button>
        <Button onPress={() => setLetters(!letters)}>{say(letters ? "keys.lettersOn" : "keys.lettersOff")}</Button>
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">{say("keys.key")}</th>
            <th scope="col">{say("keys.does")}</th>
          </tr>
        </thead>
        <tbody>
          {acts.map((act) => (
            <KeyRow key={act} act={act} letters={letters} />
          ))}
        </tbody>
      </table>
      <p>{say("keys.guards")}</p>
    </dialog>
  );
}

function KeyRow({ act, letters }: { readonly act: Act; readonly letters: boolean }): ReactNode {
  const { say } = useSpeech();
  return (
    <tr>
      <td>
        <kbd>{shownKeys(act, letters)}</kbd>
      </td>
      <td>{say(`does.${act}`)}</td>
    </tr>
  );
}
