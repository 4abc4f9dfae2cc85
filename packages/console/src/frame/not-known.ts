import { formatTime, parseUnixSeconds } from "@openline/core";
import type { Say } from "../words/say.ts";

/** What is said in place of anything that was fetched before the node was lost; `heard`: when it was last heard, POSIX seconds. */
export const notKnownSince = (say: Say, heard: number | undefined): string =>
  heard === undefined ? say("state.notKnown") : say("state.notKnownSince", { since: clockText(heard) });

/** `14:02:11Z`. */
export const clockText = (seconds: number): string => formatTime(parseUnixSeconds(seconds)).slice(11);
