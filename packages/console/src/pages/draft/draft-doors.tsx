import type { Draft } from "@openline/api";
import { type ReactNode, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import { useActing } from "../../acting/acting.tsx";
import { type Outcome, whyNot } from "../../acting/outcome.ts";
import { ToldLeaving } from "../../acting/leaving.tsx";
import { useSettled } from "../../keys/settled.ts";
import { useKeys } from "../../keys/use-keys.tsx";
import { useLive, useShown } from "../../node/use-live.tsx";
import { Kept } from "../../typed/kept.tsx";
import { useTyped } from "../../typed/use-typed.tsx";
import { useSpeech } from "../../words/language.tsx";

/** Release, or back to its author with a remark: whoever signed it as its author can do neither. What was released and not placed is a person's
 *  to decide. */
export function DraftDoors({ draft, payload }: { readonly draft: Draft; readonly payload: Uint8Array }): ReactNode {
  const { say } = useSpeech();
  const { client } = useLive();
  const { line } = useShown();
  const { key, release } = useActing();
  const [outcome, setOutcome] = useState<Outcome>();
  const remark = useTyped(`remark ${draft.draft}`);
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
  const step = (take: (id: string) => Promise<unknown>): void => {
    if (line !== undefined) void run(() => problemOf(take(line.line)));
  };
  const back = async (id: string): Promise<void> => {
    await client.returnDraft(id, draft.draft, { version, remark: remark.text });
    remark.said(remark.text);
  };
  const [read, setRead] = useState(version);
  const settled = useSettled(`${draft.draft} ${version} ${read} ${may}`);
  const letGo = (): void => {
    if (!settled()) return;
    // Another version came to stand under whoever was reading: a key that was meant for the one before releases nothing.
    if (read === version) void run(() => release({ draft: draft.draft, version, payload }));
    else setRead(version);
  };
  useKeys({ release: may ? letGo : undefined });
  return (
    <div className="doors">
      {draft.state === "returned" && <p>{say("draft.returned", { remark: draft.remark?.text ?? "" })}</p>}
      {draft.refusal !== null && <p role="alert">{say("act.notDone", { why: draft.refusal.detail, code: draft.refusal.code })}</p>}
      {draft.state === "released" && <p role="alert">{say("draft.stranded")}</p>}
      {!OPEN.has(draft.state) && <p>{say("draft.over", { state: say(`draftState.${draft.state}`) })}</p>}
      {waits && own && <p>{say("draft.own")}</p>}
      {may && read !== version && <p role="alert">{say("draft.another", { version: String(version) })}</p>}
      {may && (
        <>
          <Button onPress={letGo}>{read === version ? say("draft.release") : say("draft.read", { version: String(version) })}</Button>
          <TextField value={remark.text} onChange={remark.set} maxLength={4096}>
            <Label>{say("draft.remark")}</Label>
            <Input />
          </TextField>
          <Kept fields={[{ typed: remark, label: say("draft.remark") }]} />
          <Button isDisabled={remark.text.trim() === ""} onPress={() => step(back)}>
            {say("draft.return")}
          </Button>
        </>
      )}
      {draft.state === "released" && (
        <Button isDisabled={busy} onPress={() => step((id) => client.placeDraft(id, draft.draft, { version }))}>
          {say("draft.letGo")}
        </Button>
      )}
      {(draft.state === "released" || (waits && own)) && (
        <Button isDisabled={busy} onPress={() => step((id) => client.withdrawDraft(id, draft.draft, { version }))}>
          {say("draft.withdraw")}
        </Button>
      )}
      {draft.state !== "leaving" && <ToldLeaving outcome={outcome} done={say("draft.released")} recalled={nothing} />}
    </div>
  );
}

const OPEN: ReadonlySet<string> = new Set(["waiting", "returned", "leaving", "released"]);

const nothing = async (): Promise<void> => undefined;

/** Undefined where it was done: the draft itself then says what it has become. */
async function problemOf(step: Promise<unknown>): Promise<Outcome | undefined> {
  try {
    await step;
    return undefined;
  } catch (error) {
    return whyNot(error);
  }
}
