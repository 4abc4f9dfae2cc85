import { ApiProblem, type Draft } from "@openline/api";
import { type ReactNode, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import { useActing } from "../../acting/acting.tsx";
import type { Outcome } from "../../acting/outcome.ts";
import { Told } from "../../acting/told.tsx";
import { useKeys } from "../../keys/use-keys.tsx";
import { useTyped } from "../../acting/typed.ts";
import { useLive, useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";

/** Release, or back to its author with a remark. Whoever signed it as its author can do neither. */
export function DraftDoors({ draft, payload }: { readonly draft: Draft; readonly payload: Uint8Array }): ReactNode {
  const { say } = useSpeech();
  const { client } = useLive();
  const { line } = useShown();
  const { key, release } = useActing();
  const [outcome, setOutcome] = useState<Outcome>();
  const remark = useTyped(`remark ${line?.line ?? ""} ${draft.draft}`);
  const [busy, setBusy] = useState(false);
  const version = draft.shown.version;
  const waits = draft.state === "waiting" && !busy;
  const own = "standing" in key && draft.signed?.kid === key.kid;
  const may = waits && !own && "standing" in key && key.standing === "in-force";
  const run = async (step: () => Promise<Outcome | undefined>): Promise<void> => {
    setBusy(true);
    setOutcome(await step());
    setBusy(false);
  };
  const back = async (): Promise<Outcome | undefined> => {
    if (line === undefined) return undefined;
    try {
      await client.returnDraft(line.line, draft.draft, { version, remark: remark.text });
      remark.forget();
      return undefined;
    } catch (error) {
      return error instanceof ApiProblem ? error.problem : { code: "unavailable", detail: "" };
    }
  };
  const letGo = may ? () => void run(() => release({ draft: draft.draft, version, payload })) : undefined;
  useKeys({ release: letGo });
  return (
    <div className="doors">
      {draft.state === "returned" && <p>{say("draft.returned", { remark: draft.remark?.text ?? "" })}</p>}
      {draft.state !== "waiting" && draft.state !== "returned" && <p>{say("draft.over", { state: draft.state })}</p>}
      {waits && own && <p>{say("draft.own")}</p>}
      {letGo !== undefined && (
        <>
          <Button onPress={letGo}>{say("draft.release")}</Button>
          <TextField value={remark.text} onChange={remark.set} maxLength={4096}>
            <Label>{say("draft.remark")}</Label>
            <Input />
          </TextField>
          <Button isDisabled={remark.text.trim() === ""} onPress={() => void run(back)}>
            {say("draft.return")}
          </Button>
        </>
      )}
      <Told outcome={outcome} done={say("draft.released")} />
    </div>
  );
}
