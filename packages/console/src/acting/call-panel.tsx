import { type ReactNode, useState } from "react";
import { Button, Input, Label, Link, TextField } from "react-aria-components";
import { clockText } from "../frame/not-known.ts";
import { nameIn } from "../frame/text.tsx";
import { type Said, parseSaid, placeOf } from "../node/entry.ts";
import { parseTime } from "@openline/core";
import { useAnswer } from "../node/use-answer.ts";
import { useNow, useShown } from "../node/use-live.tsx";
import { postName } from "../pages/message/post-name.ts";
import { useSpeech } from "../words/language.tsx";
import { type TheirCall, useCalling } from "./calling.tsx";
import type { OwnCall } from "./own-call.ts";
import { Told } from "./told.tsx";

/** A call that comes in or was asked for, over any screen and taking the focus from none. */
export function CallPanel(): ReactNode {
  const { say } = useSpeech();
  const { own, theirs, told, unchosen } = useCalling();
  return (
    <>
      {unchosen && <p role="status">{say("call.choose")}</p>}
      <Told outcome={told?.outcome} done={told === undefined ? "" : say(told.done)} />
      {theirs !== undefined && <Incoming call={theirs} />}
      {own !== undefined && <Outgoing call={own} />}
    </>
  );
}

function Incoming({ call: { said, answer, decline } }: { readonly call: TheirCall }): ReactNode {
  const { say, language } = useSpeech();
  const { line } = useShown();
  const [reason, setReason] = useState("");
  const channel = useChannelName(said.channel);
  if (line === undefined) return null;
  const { party, post } = postName(line, said.party, said.from ?? "", language);
  return (
    <section className="call" aria-label={say("call.incoming")}>
      <p role="alert">
        <strong>{say("call.calls", { party, post, channel })}</strong>
      </p>
      <div className="doors">
        {answer !== undefined && <Button onPress={answer}>{say("call.answer")}</Button>}
        {answer !== undefined && (
          <>
            <TextField value={reason} onChange={setReason} maxLength={500}>
              <Label>{say("call.reason")}</Label>
              <Input />
            </TextField>
            <Button onPress={() => decline(reason)}>{say("call.decline")}</Button>
          </>
        )}
        <Link href={`/m/${placeOf(said)}`}>{placeOf(said)}</Link>
      </div>
    </section>
  );
}

function useChannelName(id: string | null): string {
  const { language } = useSpeech();
  const { line } = useShown();
  return nameIn(line?.channels.find((channel) => channel.id === id)?.name ?? {}, language).text;
}

/** How far our own call has come, each step as somebody signed it. */
interface Progress {
  readonly request: Said;
  readonly rang: string | undefined;
  readonly held: string | undefined;
  readonly reply: { readonly declined: boolean; readonly at: string; readonly place: string } | undefined;
}

function Outgoing({ call }: { readonly call: OwnCall }): ReactNode {
  const { say } = useSpeech();
  const { link } = useShown();
  const { endOwn } = useCalling();
  const now = useNow();
  const name = useChannelName(call.channel);
  const found = useAnswer(`call ${placeOf(call.place)}`, async (client, line): Promise<Progress> => {
    const [entry, { entries }] = await Promise.all([
      client.entry(line, call.place),
      client.entries(line, { channel: call.channel, limit: 50 }),
    ]);
    return progressOf(parseSaid(entry), entries.map(parseSaid));
  });
  const progress = found !== undefined && "value" in found ? found.value : undefined;
  const waits = progress?.reply === undefined && now < call.until;
  return (
    <section className="call" aria-label={say("call.outgoing")}>
      <p role="status">
        <strong>{say("call.weCall", { channel: name })}</strong>{" "}
        {link === "lost" ? say("node.lost") : <Stand progress={progress} over={!waits} />}
      </p>
      {waits && (
        <p aria-live="off" className="count">
          {say("call.since", { seconds: String(Math.max(0, now - call.from)) })}
        </p>
      )}
      <div className="doors">
        <Button onPress={() => endOwn(waits)}>{say(waits ? "call.hangUp" : "call.away")}</Button>
        {progress?.reply !== undefined && <Link href={`/m/${progress.reply.place}`}>{progress.reply.place}</Link>}
      </div>
    </section>
  );
}

/** The five ends are five findings, and none is another. */
function Stand({ progress, over }: { readonly progress: Progress | undefined; readonly over: boolean }): ReactNode {
  const { say } = useSpeech();
  const { reply, rang, held } = progress ?? {};
  if (reply !== undefined) return say(reply.declined ? "call.wasDeclined" : "call.wasAnswered", { at: clockText(parseTime(reply.at)) });
  if (rang !== undefined) return say(over ? "call.rangUnanswered" : "call.rings", { at: clockText(parseTime(rang)) });
  if (held !== undefined) return say(over ? "call.heldNoRing" : "call.held", { at: clockText(parseTime(held)) });
  return say(over ? "call.noAnswer" : "call.nothingYet");
}

const REPLIES: ReadonlySet<string> = new Set(["ring-answer", "call-accept", "call-counter", "call-decline"]);

function progressOf(request: Said, entries: readonly Said[]): Progress {
  const about = entries.filter(({ refs, party, refusal }) => refusal === null && party !== request.party && refs.includes(request.leaf));
  const reply = about.findLast(({ kind }) => kind !== undefined && REPLIES.has(kind));
  const declined = reply?.kind === "call-decline" || (reply?.kind === "ring-answer" && reply.outcome === "declined");
  return {
    request,
    rang: about.find(({ kind }) => kind === "ring")?.placed,
    held: request.held[0]?.at,
    reply: reply === undefined ? undefined : { declined, at: reply.placed, place: placeOf(reply) },
  };
}
