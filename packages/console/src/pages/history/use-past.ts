import type { HistoryStep, NodeClient } from "@openline/api";
import { parseTime } from "@openline/core";
import { useMemo, useRef } from "react";
import { useAnswer } from "../../node/use-answer.ts";
import { type Past, pastOf } from "./past.ts";
import { useMinute } from "./use-minute.ts";

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

/** The line's history; a code where the node does not give it. What was found before stays while another is asked for. */
export function usePast(known: Knowledge): Found | { readonly code: string } | undefined {
  const answer = useAnswer(known, (client, line) => wholeOf(client, line, known));
  const before = useRef<Found | { readonly code: string }>(undefined);
  if (answer !== undefined) before.current = "value" in answer ? answer.value : answer;
  const found = before.current;
  const minute = useMinute();
  return useMemo(() => (found === undefined || "code" in found || found.cut ? found : upTo(found, minute)), [found, minute]);
}

const upTo = (found: Found, present: number): Found => ({ ...found, past: { ...found.past, end: Math.max(found.past.end, present) } });

async function wholeOf(client: NodeClient, line: string, known: Knowledge): Promise<Found> {
  const steps: HistoryStep[] = [];
  let next: string | null = null;
  let until = -Infinity;
  for (let page = 0; page < PAGES_MAX && (page === 0 || next !== null); page++) {
    const answer = await client.history(line, { known, limit: PAGE, ...(next === null ? {} : { cursor: next }) });
    steps.push(...answer.steps);
    ({ next } = answer);
    until = parseTime(answer.until);
  }
  const cut = next !== null;
  return { known, past: pastOf(steps, cut ? -Infinity : until), cut };
}
