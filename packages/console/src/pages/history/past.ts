import type { EntryShown, HistoryStep } from "@openline/api";
import { type PastState, firstAbove, olderState, parseTime } from "@openline/core";

/** A history as a screen steps through it: at each step, what every channel and reading is, whichever step said so last. */
export interface Past {
  /** POSIX seconds, rising, at least one. */
  readonly instants: readonly number[];
  /** Up to when the last step holds: the present, or the last step itself where the history goes on after it. POSIX seconds. */
  readonly end: number;
  readonly steps: readonly HistoryStep[];
  readonly states: readonly ReadonlyMap<string, PastState>[];
  readonly readings: readonly HistoryStep["readings"][];
}

export function pastOf(steps: readonly HistoryStep[], until: number): Past {
  const states: ReadonlyMap<string, PastState>[] = [];
  const readings: HistoryStep["readings"][] = [];
  for (const step of steps) {
    const before = states.at(-1) ?? new Map<string, PastState>();
    states.push(step.channels.length === 0 ? before : new Map([...before, ...step.channels.map((state) => [state.id, state] as const)]));
    readings.push(step.readings.length === 0 ? (readings.at(-1) ?? []) : step.readings);
  }
  const instants = steps.map(({ at }) => parseTime(at));
  return { instants, end: Math.max(until, instants.at(-1) ?? until), steps, states, readings };
}

/** The step that holds at an instant. */
export const stepAt = ({ instants }: Past, at: number): number => Math.max(0, firstAbove(instants, at) - 1);

/** A channel's state at an instant, as old as it then was; undefined before the channel was agreed. */
export function stateAt(past: Past, id: string, at: number): PastState | undefined {
  const state = past.states[stepAt(past, at)]?.get(id);
  return state === undefined ? undefined : olderState(state, at);
}

/** Everything said up to an instant, in order. */
export const saidUntil = (past: Past, at: number): readonly EntryShown[] =>
  past.steps.slice(0, stepAt(past, at) + 1).flatMap(({ said }) => said);

const JUMP_S = 90 * 86_400;

/** Where a key leads from an instant; undefined: nowhere. Arrows go to changes, so that none is passed over. */
export function keyTo(past: Past, at: number, key: string): number | undefined {
  const { instants } = past;
  const first = instants[0] ?? at;
  const last = past.end;
  const step = stepAt(past, at);
  const clamp = (to: number): number => Math.min(last, Math.max(first, to));
  if (key === "ArrowRight" || key === "ArrowUp") return instants[step + 1] ?? last;
  if (key === "ArrowLeft" || key === "ArrowDown") return at > (instants[step] ?? at) ? instants[step] : (instants[step - 1] ?? first);
  if (key === "PageUp") return clamp(at + JUMP_S);
  if (key === "PageDown") return clamp(at - JUMP_S);
  if (key === "Home") return first;
  return key === "End" ? last : undefined;
}
