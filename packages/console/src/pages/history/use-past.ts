import { ApiProblem, type HistoryStep, type NodeClient } from "@openline/api";
import { useEffect, useState } from "react";
import { useLive, useShown } from "../../node/use-live.tsx";
import { type Past, pastOf } from "./past.ts";

export type Knowledge = "now" | "then";

/** Pages asked for, so that one screen holds a bounded part of any record. */
const PAGES_MAX = 10;
const PAGE = 200;

interface Found {
  readonly known: Knowledge;
  readonly past: Past;
  /** The record goes on after the last step. */
  readonly cut: boolean;
}

/** The line's history, asked for again when the record has changed; a code where the node does not give it. */
export function usePast(known: Knowledge): Found | { readonly code: string } | undefined {
  const { client } = useLive();
  const { line, turn } = useShown();
  const [found, setFound] = useState<Found | { readonly code: string }>();
  const id = line?.line;
  useEffect(() => {
    if (id === undefined) return undefined;
    let gone = false;
    wholeOf(client, id, known).then(
      (whole) => !gone && setFound(whole),
      (error: unknown) => !gone && setFound({ code: error instanceof ApiProblem ? error.problem.code : "unavailable" }),
    );
    return () => {
      gone = true;
    };
  }, [client, id, turn, known]);
  return found;
}

async function wholeOf(client: NodeClient, line: string, known: Knowledge): Promise<Found> {
  const steps: HistoryStep[] = [];
  let next: string | null = null;
  for (let page = 0; page < PAGES_MAX && (page === 0 || next !== null); page++) {
    const answer = await client.history(line, { known, limit: PAGE, ...(next === null ? {} : { cursor: next }) });
    steps.push(...answer.steps);
    ({ next } = answer);
  }
  return { known, past: pastOf(steps), cut: next !== null };
}
