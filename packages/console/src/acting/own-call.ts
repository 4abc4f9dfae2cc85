import type { EntryPlace, LineSummary } from "@openline/api";
import { useMemo, useState } from "react";

/** A call that this console has asked for. */
export interface OwnCall {
  readonly place: Pick<EntryPlace, "log" | "index">;
  readonly channel: string;
  /** POSIX seconds, as this console asked. */
  readonly from: number;
  readonly until: number;
}

/** The call that this console waits for. It outlives a reload, and ends with the tab. */
export function useOwnCall(line: LineSummary | undefined): {
  readonly own: OwnCall | undefined;
  readonly keep: (call: OwnCall) => void;
  readonly forget: () => void;
} {
  const place = `openline-call ${line?.line ?? ""}`;
  // What changes it is this page alone: a new number has it read anew.
  const [turn, setTurn] = useState(0);
  const text = useMemo(() => sessionStorage.getItem(place), [place, turn]);
  const own = useMemo(() => (text === null ? undefined : parseOwnCall(JSON.parse(text))), [text]);
  const keep = (call: OwnCall): void => {
    sessionStorage.setItem(place, JSON.stringify(call));
    setTurn(turn + 1);
  };
  const forget = (): void => {
    sessionStorage.removeItem(place);
    setTurn(turn + 1);
  };
  return { own, keep, forget };
}

/** This page wrote it. */
const parseOwnCall = (value: unknown): OwnCall => value as OwnCall;
