import type { StartShown } from "@openline/api";
import { type Language, catalogueOf } from "@openline/core";
import { type ReactNode, useState } from "react";
import { Dtg, nameIn } from "../frame/text.tsx";
import { openConsole, startNode, stopNode } from "./asking.ts";
import { ChannelOfOneSide } from "./channel-of-one-side.tsx";
import { NotDone } from "./not-done.tsx";
import { PlayOn } from "./play-on.tsx";
import type { StartWord } from "./words.ts";

export type SayStart = (word: StartWord, parameters?: Readonly<Record<string, string>>) => string;
type Line = StartShown["lines"][number];
type Side = Line["parties"][number];

/** One line, its parties side by side. */
export function LineOnThisMachine({
  line,
  language,
  say,
}: {
  readonly line: Line;
  readonly language: Language;
  readonly say: SayStart;
}): ReactNode {
  const summary = line.parties.find((side) => side.summary !== null)?.summary;
  if (summary === null || summary === undefined) return null;
  const exercise = summary.mode === "exercise";
  const title = nameIn(summary.title, language);
  return (
    <section aria-label={title.text}>
      <h2 className={`marking ${summary.mode}`}>
        <strong>{exercise ? catalogueOf(language).sentences.exercise : say("live")}</strong>
        <span lang={title.lang}>{title.text}</span>
      </h2>
      {exercise && <PlayOn toCome={line.playOn} say={say} />}
      <Compared line={line} say={say} name={(id) => nameIn(summary.channels.find((item) => item.id === id)?.name ?? {}, language).text} />
      <div className="sides">
        {line.parties.map((side, position) => (
          <OneSide key={side.id} side={side} position={position} summary={summary} language={language} say={say} />
        ))}
      </div>
    </section>
  );
}

/** Whether both computed the same, word for word: verdict, reasons and standing of every channel. */
function Compared({ line, say, name }: { readonly line: Line; readonly say: SayStart; readonly name: (id: string) => string }): ReactNode {
  const sides = line.parties.flatMap(({ states }) => states ?? []);
  if (sides.length < line.parties.length) return <p role="status">{say("notAll")}</p>;
  const [first, ...others] = sides;
  const differing = (first?.channels ?? []).filter(({ id }, i) =>
    others.some((other) => whatIsSaid(other.channels[i]) !== whatIsSaid(first?.channels[i]) || other.channels[i]?.id !== id),
  );
  return (
    <p role="status">
      {differing.length === 0 ? say("same") : say("differ", { channels: differing.map(({ id }) => name(id)).join(", ") })}
    </p>
  );
}

function nodeWord({ running, answers }: Side): StartWord {
  if (!running) return "stands";
  return answers ? "runs" : "noAnswer";
}

/** Name, node and doors: the rows of a side over its channels. Both sides share their rows, so that a channel stands beside itself. */
const ROWS_ABOVE = 3;

type Channel = NonNullable<Side["states"]>["channels"][number];
const whatIsSaid = (channel: Channel | undefined): string =>
  JSON.stringify([channel?.verdict, channel?.reasons.map(({ code, by, since }) => [code, by, since]), channel?.standing]);

function OneSide({
  side,
  position,
  summary,
  language,
  say,
}: {
  readonly side: Side;
  readonly position: number;
  readonly summary: NonNullable<Side["summary"]>;
  readonly language: Language;
  readonly say: SayStart;
}): ReactNode {
  const party = summary.parties.find(({ id }) => id === side.id);
  const name = nameIn(party?.name ?? { "": side.id }, language);
  const ways = side.bearers?.bearers ?? [];
  const [failed, setFailed] = useState<{ readonly what: StartWord; readonly why: unknown }>();
  const press = async (act: Promise<unknown>, what: StartWord): Promise<void> => {
    setFailed(undefined);
    await act.catch((why: unknown) => setFailed({ what, why }));
  };
  return (
    <section className="side" aria-label={name.text} style={{ gridRow: `span ${ROWS_ABOVE + summary.channels.length}` }}>
      <h3 lang={name.lang}>{name.text}</h3>
      <p>
        <strong>{say(nodeWord(side))}</strong>{" "}
        {side.states !== null && (
          <>
            <Dtg at={side.states.at} />{" "}
            {say("ways", { up: String(ways.filter(({ out }) => out.value === "proven").length), all: String(ways.length) })}
          </>
        )}
      </p>
      <div className="doors">
        {side.running && <span>{say("consoles")}</span>}
        {side.running &&
          party?.posts.map((post) => (
            <button
              key={post.id}
              type="button"
              aria-label={say("console", { party: name.text, post: nameIn(post.name, language).text })}
              onClick={() => void press(openConsole(side.id, { post: post.id, side: position }), "notOpened")}
            >
              {nameIn(post.name, language).text}
            </button>
          ))}
        <button
          type="button"
          onClick={() => void (side.running ? press(stopNode(side.id), "notStopped") : press(startNode(side.id), "notStarted"))}
        >
          {say(side.running ? "stop" : "start", { party: name.text })}
        </button>
        {failed !== undefined && <NotDone what={say(failed.what, { party: name.text })} why={failed.why} say={say} />}
      </div>
      <ul className="strip">
        {summary.channels.map((channel) => (
          <li key={channel.id}>
            <ChannelOfOneSide
              name={nameIn(channel.name, language)}
              state={side.states?.channels.find(({ id }) => id === channel.id)}
              summary={summary}
              language={language}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
