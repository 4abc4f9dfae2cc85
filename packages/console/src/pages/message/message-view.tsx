import { type ReactNode, Suspense } from "react";
import { Code } from "../../frame/text.tsx";
import { parseSaid, placeOf } from "../../node/entry.ts";
import { useAnswer } from "../../node/use-answer.ts";
import { useSpeech } from "../../words/language.tsx";
import { SaveEvidence } from "../later.ts";
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
  const place = placeOf({ log, index });
  // Asked for again when the record has changed, since its track may have.
  const answer = useAnswer(place, (client, line) => client.entry(line, { log, index }));
  if (answer === undefined) return <p role="status">{say("message.loading", { place })}</p>;
  if ("code" in answer) {
    const what = answer.code === "not-found" ? say("message.unknown", { place }) : say("problem.failed");
    return <p role="alert">{say("problem", { what, code: answer.code })}</p>;
  }
  const found = parseSaid(answer.value);
  return (
    <article className="message">
      <MessageHead said={found} />
      {found.refusal !== null && <p role="alert">{say("message.refused", { code: found.refusal })}</p>}
      <MessageBody said={found} heading={heading} />
      <MessageTrack said={found} heading={heading} />
      <MessageDoors said={found} />
      <Suspense fallback={null}>
        <SaveEvidence entries={[found]} />
      </Suspense>
      <dl>
        <dt>{say("message.readBack")}</dt>
        <dd className="read-back">
          <Code>{found.readBackCode}</Code>
        </dd>
      </dl>
    </article>
  );
}
