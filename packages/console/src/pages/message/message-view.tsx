import type { ReactNode } from "react";
import { useEffect, useState } from "react";
import { SaveEvidence } from "../../evidence/save-evidence.tsx";
import { Code } from "../../frame/text.tsx";
import { type Said, parseSaid, placeOf } from "../../node/entry.ts";
import { ApiProblem } from "@openline/api";
import { useLive, useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { MessageBody } from "./message-body.tsx";
import { MessageDoors } from "./message-doors.tsx";
import { MessageHead } from "./message-head.tsx";
import { MessageTrack } from "./message-track.tsx";

interface Place {
  readonly log: string;
  readonly index: number;
}

/** One entry: what it says, what has become of it, and how to read it back. `heading` is one level below that of what it stands in. */
export function MessageView({ log, index, heading }: Place & { readonly heading: "h2" | "h3" }): ReactNode {
  const { say } = useSpeech();
  const found = useEntry({ log, index });
  const place = placeOf({ log, index });
  if (found === undefined) return <p role="status">{say("message.loading", { place })}</p>;
  if ("code" in found) {
    const what = found.code === "not-found" ? say("message.unknown", { place }) : say("problem.failed");
    return <p role="alert">{say("problem", { what, code: found.code })}</p>;
  }
  return (
    <article className="message">
      <MessageHead said={found} />
      {found.refusal !== null && <p role="alert">{say("message.refused", { code: found.refusal })}</p>}
      <MessageBody said={found} heading={heading} />
      <MessageTrack said={found} heading={heading} />
      <MessageDoors said={found} />
      <SaveEvidence entries={[found]} />
      <dl>
        <dt>{say("message.readBack")}</dt>
        <dd className="read-back">
          <Code>{found.readBackCode}</Code>
        </dd>
      </dl>
    </article>
  );
}

/** The entry as it stands; asked for again when the record has changed, since its track may have. */
function useEntry({ log, index }: Place): Said | { readonly code: string } | undefined {
  const { client } = useLive();
  const { line, turn } = useShown();
  const [found, setFound] = useState<{ readonly place: string; readonly value: Said | { readonly code: string } }>();
  const place = placeOf({ log, index });
  useEffect(() => {
    if (line === undefined) return undefined;
    let gone = false;
    client.entry(line.line, { log, index }).then(
      (entry) => !gone && setFound({ place, value: parseSaid(entry) }),
      (error: unknown) => !gone && setFound({ place, value: { code: error instanceof ApiProblem ? error.problem.code : "unavailable" } }),
    );
    return () => {
      gone = true;
    };
  }, [client, line, turn, log, index, place]);
  return found?.place === place ? found.value : undefined;
}
