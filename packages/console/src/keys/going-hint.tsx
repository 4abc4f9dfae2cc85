import type { ReactNode } from "react";
import { useSpeech } from "../words/language.tsx";
import { KEYS, PREFIX, shownKeys } from "./table.ts";
import { useKeysShown } from "./use-keys.tsx";

/** After `g`: which letters lead where. */
export function GoingHint(): ReactNode {
  const { say } = useSpeech();
  const { acts, going } = useKeysShown();
  const places = acts.filter((act) => KEYS[act].some((key) => key.startsWith(`${PREFIX} `)));
  return (
    <div className="going" role="status">
      {going && (
        <>
          <strong>{say("keys.going")}</strong>
          {places.map((act) => (
            <span key={act}>
              <kbd>{shownKeys(act, true)}</kbd> {say(`does.${act}`)}
            </span>
          ))}
        </>
      )}
    </div>
  );
}
