import type { LineSummary } from "@openline/api";
import { type Verdict, formatTime, parseUnixSeconds, verdictNamed } from "@openline/core";
import { type ReactNode, memo } from "react";
import { dtgText, nameIn } from "../../frame/text.tsx";
import { VerdictGlyph } from "../../glyphs/verdict-glyph.tsx";
import { parseSaid } from "../../node/entry.ts";
import { useSpeech } from "../../words/language.tsx";
import type { Past } from "./past.ts";
import { ticksOf } from "./ticks.ts";

const WIDTH = 1240;
const NAMES = 250;
const ROW = 34;
const AXIS = 26;
/** A glyph stands where its band is at least as wide. */
const GLYPH = 20;
/** The time of a tick is less wide than this. */
const TICK = 60;

interface PictureProps {
  /** A band for each, in this order. */
  readonly channels: LineSummary["channels"];
  readonly past: Past;
  /** The chosen instant, POSIX seconds; undefined: none is. */
  readonly at?: number;
}

/** A band for each channel, a mark for each act, and where the chosen instant lies. The table carries every fact of it. */
export function Bands({ channels, past, at }: PictureProps): ReactNode {
  const { say } = useSpeech();
  const height = AXIS + channels.length * ROW;
  const summary = say("history.picture", {
    channels: String(channels.length),
    from: dtgText(past.steps[0]?.at ?? ""),
    until: dtgText(formatTime(parseUnixSeconds(past.end))),
    changes: String(past.steps.length),
  });
  return (
    <svg className="bands" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={summary}>
      <Drawn channels={channels} past={past} />
      {at !== undefined && <path className="cursor" d={`M${placeOn(past, at)} ${AXIS - 6}V${height}`} />}
    </svg>
  );
}

/** Everything but the chosen instant; drawn once. */
const Drawn = memo(function Drawn({ channels, past }: Omit<PictureProps, "at">): ReactNode {
  return (
    <>
      <Axis past={past} height={AXIS + channels.length * ROW} />
      {channels.map((channel, row) => (
        <Band key={channel.id} channel={channel} past={past} top={AXIS + row * ROW} />
      ))}
    </>
  );
});

function placeOn({ instants, end }: Past, at: number): number {
  const first = instants[0] ?? 0;
  return Math.round((NAMES + ((WIDTH - NAMES - 2) * (at - first)) / Math.max(1, end - first)) * 10) / 10;
}

/** A line at each tick, with its time. */
function Axis({ past, height }: { readonly past: Past; readonly height: number }): ReactNode {
  return ticksOf(past.instants[0] ?? 0, past.end).map(({ at, text }) => {
    const x = placeOn(past, at);
    return (
      <g key={at} className="tick">
        <path d={`M${x} ${AXIS - 6}V${height}`} />
        <text x={x} y={AXIS - 10} textAnchor={x > WIDTH - TICK ? "end" : "start"}>
          {text}
        </text>
      </g>
    );
  });
}

interface BandProps {
  readonly channel: LineSummary["channels"][number];
  readonly past: Past;
  readonly top: number;
}

function Band({ channel, past, top }: BandProps): ReactNode {
  const { language } = useSpeech();
  const name = nameIn(channel.name, language);
  const marks = past.steps.filter(({ said }) => said.some((entry) => parseSaid(entry).channel === channel.id));
  return (
    <g>
      {linesOf(name.text).map((text, i, all) => (
        <text key={i} className="name" x={0} y={top + (all.length === 1 ? 21 : 14 + i * 15)} lang={name.lang}>
          {text}
        </text>
      ))}
      {segmentsOf(channel.id, past).map(({ verdict, from, until }) => (
        <Segment key={from} verdict={verdict} x={placeOn(past, from)} width={placeOn(past, until) - placeOn(past, from)} top={top} />
      ))}
      {marks.map(({ at }, i) => {
        const x = placeOn(past, past.instants[past.steps.findIndex((step) => step.at === at)] ?? 0);
        return <path key={i} className="mark" d={`M${x} ${top + 24}v8`} />;
      })}
    </g>
  );
}

const LETTERS = 34;

/** A name whole, on two lines where it is long. */
function linesOf(name: string): readonly string[] {
  const cut = name.length <= LETTERS ? -1 : name.lastIndexOf(" ", LETTERS);
  return cut < 0 ? [name] : [name.slice(0, cut), name.slice(cut + 1)];
}

interface Stretch {
  readonly verdict: Verdict | "not-known";
  readonly from: number;
  readonly until: number;
}

/** Stretches of one verdict. */
function segmentsOf(id: string, past: Past): readonly Stretch[] {
  const out: Stretch[] = [];
  for (const [i, states] of past.states.entries()) {
    const from = past.instants[i] ?? 0;
    const until = past.instants[i + 1] ?? past.end;
    const verdict = verdictNamed(states.get(id)?.verdict ?? "") ?? "not-known";
    const last = out.at(-1);
    if (last?.verdict === verdict) out[out.length - 1] = { ...last, until };
    else out.push({ verdict, from, until });
  }
  return out;
}

/** Where nothing proves anything there is no band but a dotted line: a gap in the evidence is drawn as one. */
function Segment({
  verdict,
  x,
  width,
  top,
}: {
  readonly verdict: Stretch["verdict"];
  readonly x: number;
  readonly width: number;
  readonly top: number;
}): ReactNode {
  const isGap = verdict === "unproven" || verdict === "not-known" || verdict === "not-in-force";
  return (
    <g className={`segment verdict ${verdict}`}>
      {isGap ? (
        <path className="gap" d={`M${x} ${top + 14}h${width}`} />
      ) : (
        <rect x={x} y={top + 4} width={Math.max(1, width)} height={20} />
      )}
      {width >= GLYPH + 4 && (
        <svg x={x + 2} y={top + 4} width={GLYPH} height={GLYPH}>
          <VerdictGlyph verdict={verdict} />
        </svg>
      )}
    </g>
  );
}
