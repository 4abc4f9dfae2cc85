import type { ReactNode } from "react";
import { Link } from "react-aria-components";
import { Code, Dtg } from "../../frame/text.tsx";
import { StepGlyph } from "../../glyphs/step-glyph.tsx";
import { type HoldingReply, type Reply, type Said, placeOf } from "../../node/entry.ts";
import { useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { partyName } from "../channel/reason.tsx";
import { postName } from "./post-name.ts";

/** Facts about a message, each with its own evidence, never merged. */
export function MessageTrack({ said, heading: Heading }: { readonly said: Said; readonly heading: "h2" | "h3" }): ReactNode {
  const { say, words, language } = useSpeech();
  const { line } = useShown();
  return (
    <section>
      <Heading>{say("message.track")}</Heading>
      <ol className="track">
        <li>
          <StepGlyph proven="claimed" />
          <strong>{words.labels.placed}</strong> <Dtg at={said.placed} /> <Code>{placeOf(said)}</Code>
        </li>
        {said.held.length === 0 && <NotYet step="held" />}
        {said.held.map(({ by, at }) => (
          <li key={by}>
            <StepGlyph proven="signed" />
            <strong>{words.track.held}</strong> <Dtg at={at} /> <span>{line === undefined ? by : partyName(line, by, language)}</span>
          </li>
        ))}
        <ReplyStep step="acknowledged" reply={said.acknowledgement} />
        {said.holdingReply !== null && <HoldingStep reply={said.holdingReply} />}
        <ReplyStep step="answered" reply={said.answer} />
      </ol>
    </section>
  );
}

function ReplyStep({ step, reply }: { readonly step: "acknowledged" | "answered"; readonly reply: Reply | null }): ReactNode {
  const { words } = useSpeech();
  if (reply === null) return <NotYet step={step} />;
  return (
    <li>
      <StepGlyph proven="signed" />
      <strong>{words.track[step]}</strong> <SignedBy reply={reply} />
    </li>
  );
}

/** An answer is promised, which is none. */
function HoldingStep({ reply }: { readonly reply: HoldingReply }): ReactNode {
  const { words } = useSpeech();
  return (
    <li>
      <StepGlyph proven="signed" />
      <strong>{words.kinds["holding-reply"]}</strong> <SignedBy reply={reply} />{" "}
      <strong>
        {words.facts.replyBy} <Dtg at={reply.replyBy} />
      </strong>
    </li>
  );
}

/** When, by which post, and the entry that says so. */
function SignedBy({ reply }: { readonly reply: Reply }): ReactNode {
  const { say, language } = useSpeech();
  const { line } = useShown();
  const by = line === undefined ? { party: reply.by, post: reply.post ?? "" } : postName(line, reply.by, reply.post, language);
  return (
    <>
      <Dtg at={reply.placed} /> <span>{say("message.by", by)}</span>{" "}
      <Link href={`/m/${placeOf(reply)}`}>
        <Code>{placeOf(reply)}</Code>
      </Link>
    </>
  );
}

function NotYet({ step }: { readonly step: "held" | "acknowledged" | "answered" }): ReactNode {
  const { words } = useSpeech();
  return (
    <li>
      <StepGlyph proven="not-yet" />
      <strong>{words.track[step]}</strong> <span>{words.sentences.notYet}</span>
    </li>
  );
}
