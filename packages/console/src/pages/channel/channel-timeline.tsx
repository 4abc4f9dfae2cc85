import type { LineSummary, NodeClient } from "@openline/api";
import { formatTime, parseUnixSeconds } from "@openline/core";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { Dtg, dtgText } from "../../frame/text.tsx";
import { type Answer, useAnswerWhen } from "../../node/use-answer.ts";
import { useLive, useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { Bands } from "../history/bands.tsx";
import { type Past, pastOf } from "../history/past.ts";
import { StateThen } from "../history/state-then.tsx";
import { useMinute } from "../history/use-minute.ts";
import "../../theme/history.css";

const DAY = 86_400;
const RANGES = { day: DAY, week: 7 * DAY, quarter: 90 * DAY } as const;
type Range = keyof typeof RANGES;
/** Steps on one screen: of a channel that changes more often the end of the range is on the relation timeline. */
const STEPS_MAX = 200;

type Channel = LineSummary["channels"][number];

/** What one channel was over the last day, week or quarter: a picture, and the same as a table. */
export function ChannelTimeline({ line, channel }: { readonly line: LineSummary; readonly channel: Channel }): ReactNode {
  const { say } = useSpeech();
  const [range, choose] = useState<Range>("day");
  const found = useRange(channel.id, range);
  return (
    <section className="panel">
      <h2>{say("channel.timeline")}</h2>
      <div role="group" aria-label={say("channel.range")} className="choices">
        {(["day", "week", "quarter"] as const).map((item) => (
          <Button key={item} aria-pressed={range === item} onPress={() => choose(item)}>
            {say(`range.${item}`)}
          </Button>
        ))}
      </div>
      {found === undefined && <p role="status">{say("watch.loading")}</p>}
      {found !== undefined && "code" in found && <p role="alert">{say("problem", { what: say("problem.failed"), code: found.code })}</p>}
      {found !== undefined && "value" in found && <Stretch line={line} channel={channel} {...found.value} />}
    </section>
  );
}

interface Found {
  readonly past: Past;
  /** The record goes on after the last step. */
  readonly cut: boolean;
}

/** Asked for again each minute and whenever the channel becomes another: not with every entry of a busy shift. */
function useRange(id: string, range: Range): Answer<Found> | undefined {
  const live = useLive();
  const { states } = useShown();
  const minute = useMinute();
  const verdict = states?.channels.find((state) => state.id === id)?.verdict ?? "";
  return useAnswerWhen(`${minute} ${verdict}`, `${id} ${range}`, (client, line) => stepsOf(client, line, { id, until: live.now(), range }));
}

async function stepsOf(
  client: NodeClient,
  line: string,
  { id, until, range }: { readonly id: string; readonly until: number; readonly range: Range },
): Promise<Found> {
  const [from, to] = [until - RANGES[range], until].map((at) => formatTime(parseUnixSeconds(Math.max(0, at))));
  const { steps, next } = await client.history(line, { channel: id, limit: STEPS_MAX, ...(from && { from }), ...(to && { until: to }) });
  return { past: pastOf(steps, next === null ? until : -Infinity), cut: next !== null };
}

function Stretch({ line, channel, past, cut }: Found & { readonly line: LineSummary; readonly channel: Channel }): ReactNode {
  const { say } = useSpeech();
  const changes = past.steps.flatMap(({ at, channels: [state] }) => (state === undefined ? [] : [{ at, state }])).toReversed();
  return (
    <>
      <Bands channels={[channel]} past={past} />
      <table className="steps">
        <thead>
          <tr>
            <th scope="col">{say("channel.when")}</th>
            <th scope="col">{say("channel.from")}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ at, state }) => (
            <tr key={at}>
              <td>
                <Dtg at={at} />
              </td>
              <td>
                <div className="then">
                  <StateThen line={line} state={state} />
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {cut && <p role="status">{say("history.cut", { at: dtgText(formatTime(parseUnixSeconds(past.end))) })}</p>}
    </>
  );
}
