import { type DisclosureTerm, formatTime, parseUnixSeconds } from "@openline/core";
import type { TermReport } from "./report.ts";

/** A time as reports say it, RFC 3339 in UTC; null where there is none. */
export const timeText = (seconds: number | null | undefined): string | null =>
  seconds === null || seconds === undefined ? null : formatTime(parseUnixSeconds(seconds));

export const termReport = ({ term, embargo }: DisclosureTerm): TermReport => ({ term, embargo: timeText(embargo) });
