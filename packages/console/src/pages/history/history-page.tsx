import type { LineSummary } from "@openline/api";
import { formatTime, parseUnixSeconds } from "@openline/core";
import { type ReactNode, useMemo, useState } from "react";
import { Button } from "react-aria-components";
import { Code, dtgText } from "../../frame/text.tsx";
import { useKeys } from "../../keys/use-keys.tsx";
import { useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { ReadingList } from "../channel/readings.tsx";
import { Bands } from "./bands.tsx";
import { Incidents } from "./incidents.tsx";
import { PastCards } from "./past-cards.tsx";
import { type Past, keyTo, saidUntil, stepAt } from "./past.ts";
import { Said } from "./said.tsx";
import { StepTable } from "./step-table.tsx";
import { type Knowledge, usePast } from "./use-past.ts";
import "../../theme/history.css";

/** What the channels were and what was said over the whole line: a picture, one instant of it, and a table that says the same. */
export function HistoryPage(): ReactNode {
  const { say } = useSpeech();
  const { line } = useShown();
  const [known, setKnown] = useState<Knowledge>("now");
  const [chosen, choose] = useState<number>();
  const found = usePast(known);
  if (line === undefined || found === undefined) return <h1>{say("watch.loading")}</h1>;
  return (
    <>
      <h1>{say("history.title")}</h1>
      <div role="group" aria-label={say("history.known")} className="choices">
        {(["now", "then"] as const).map((item) => (
          <Button key={item} aria-pressed={known === item} onPress={() => setKnown(item)}>
            {say(`known.${item}`)}
          </Button>
        ))}
      </div>
      {"code" in found ? (
        <p role="alert">{say("problem", { what: say("problem.failed"), code: found.code })}</p>
      ) : (
        <>
          <Instant line={line} past={found.past} chosen={chosen} choose={choose} />
          {found.cut && <p role="status">{say("history.cut", { at: dtgText(found.past.steps.at(-1)?.at ?? "") })}</p>}
        </>
      )}
    </>
  );
}

interface InstantProps {
  readonly line: LineSummary;
  readonly past: Past;
  /** POSIX seconds; undefined: nobody has chosen, so it is the node's own time. */
  readonly chosen: number | undefined;
  readonly choose: (at: number) => void;
}

function Instant({ line, past, chosen, choose }: InstantProps): ReactNode {
  const { states } = useShown();
  const first = past.instants[0] ?? 0;
  const last = past.end;
  const [begun] = useState(() => (states === undefined ? last : Math.floor(Date.parse(states.at) / 1000)));
  const at = Math.min(last, Math.max(first, chosen ?? begun));
  const step = stepAt(past, at);
  const said = useMemo(() => saidUntil(past, at), [past, at]);
  const stepBy = (key: string) => (): void => choose(keyTo(past, at, key) ?? at);
  useKeys({ earlier: stepBy("ArrowLeft"), later: stepBy("ArrowRight") });
  return (
    <>
      <section className="panel">
        <Bands channels={line.channels} past={past} at={at} />
        <Slider past={past} at={at} choose={choose} />
      </section>
      <PastCards line={line} past={past} at={at} />
      <div className="halves">
        <Said line={line} past={past} at={at} />
        <ReadingList line={line} readings={past.readings[step] ?? []} claims={said.filter(({ kind }) => kind === "claim")} known />
      </div>
      <Incidents line={line} said={said} />
      <StepTable line={line} past={past} step={step} choose={choose} />
    </>
  );
}

type SliderProps = Omit<InstantProps, "line" | "chosen"> & { readonly at: number };

/** Any instant by pointer, every change by key. */
function Slider({ past, at, choose }: SliderProps): ReactNode {
  const { say } = useSpeech();
  const text = dtgText(formatTime(parseUnixSeconds(at)));
  return (
    <div className="instant">
      <label>
        {say("history.slider")}
        <input
          type="range"
          min={past.instants[0] ?? 0}
          max={past.end}
          step={1}
          value={at}
          aria-valuetext={text}
          aria-describedby="history-keys"
          onChange={({ target }) => choose(Number(target.value))}
          onKeyDown={(event) => {
            const to = event.altKey || event.ctrlKey || event.metaKey ? undefined : keyTo(past, at, event.key);
            if (to === undefined) return;
            event.preventDefault();
            choose(to);
          }}
        />
      </label>
      <output className="large">
        <Code>{text}</Code>
      </output>
      <p id="history-keys" className="remark">
        {say("history.keys")}
      </p>
    </div>
  );
}
