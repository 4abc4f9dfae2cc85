import type { EntryView } from "@openline/core";
import { type ReactNode, useState } from "react";
import { Button, Link } from "react-aria-components";
import { placeOf } from "../node/entry.ts";
import { useShown } from "../node/use-live.tsx";
import { useSpeech } from "../words/language.tsx";
import { fetchPack, saveFile } from "./pack.ts";

type Told = { readonly saved: string } | { readonly code: string };

/** Saves what proves something as one file for a person who has nothing of ours, and the page that checks it with the network off. */
export function SaveEvidence({ entries }: { readonly entries: readonly Pick<EntryView, "log" | "index">[] }): ReactNode {
  const { say } = useSpeech();
  const { line } = useShown();
  const [told, setTold] = useState<Told>();
  const first = entries[0];
  if (line === undefined || first === undefined) return null;
  const save = async (): Promise<void> => {
    const found = await fetchPack(line.line, entries);
    if ("code" in found) return setTold(found);
    const name = `openline-${first.log.replace("@", "-")}-${first.index}.pack`;
    saveFile(found.pack, name);
    setTold({ saved: name });
  };
  return (
    <div className="evidence">
      <Button onPress={() => void save()} aria-label={`${say("evidence.save")}, ${entries.map(placeOf).join(", ")}`}>
        {say("evidence.save")}
      </Button>
      <Link href="/openline-verifier.html" download="openline-verifier.html">
        {say("evidence.verifier")}
      </Link>
      <p role="status">
        {told !== undefined &&
          ("saved" in told ? say("evidence.saved", { file: told.saved }) : say("evidence.notSaved", { code: told.code }))}
      </p>
    </div>
  );
}
