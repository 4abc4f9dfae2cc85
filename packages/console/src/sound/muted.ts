/** How long quiet lasts, seconds: long enough for a call, too short to be forgotten. */
const QUIET_S = 600;
const KEY = "openline-muted-until";

/** Until when this machine is to be quiet, POSIX seconds of the node's clock; undefined: it is not. Quiet never lasts longer than it was
 *  asked for, whatever a clock has done since. */
export function mutedUntil(now: number): number | undefined {
  const until = Number(localStorage.getItem(KEY) ?? 0);
  return until > now && until <= now + QUIET_S ? until : undefined;
}

export const mute = (now: number): void => localStorage.setItem(KEY, String(now + QUIET_S));
export const unmute = (): void => localStorage.removeItem(KEY);
