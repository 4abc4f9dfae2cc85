import type { StartShown } from "@openline/api";
import { useEffect, useState } from "react";

/** What the page asks of the command that serves it. The key came after the `#` of the address; nobody else has it. */
const keyOf = ({ hash }: Location): string => hash.slice(1);
/** The command answered, in one sentence, why it did not do what was asked. */
export class Refused extends Error {
  override readonly name = "Refused";
}
/** The browser lets the page open no window. */
export class Blocked extends Error {
  override readonly name = "Blocked";
}

const EVERY_MS = 1000;
/** Longer than the command waits for a node. With the pause before it, what stands on the page is called old within 5 s. */
const SHOWN_MS = 3500;

async function ask(method: "GET" | "POST", path: string, signal?: AbortSignal): Promise<unknown> {
  const limit = signal === undefined ? {} : { signal };
  const response = await fetch(path, { method, headers: { "x-openline-start": keyOf(location) }, redirect: "error", ...limit });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Refused(parseProblem(answer).detail ?? `${path}: ${response.status}`);
  return answer;
}

/** What follows rejects with `Refused`, and with what the browser throws where no answer came. The command answers by the same type (`cli/src/start/machine.ts`). */
const parseShown = (answer: unknown): StartShown => answer as StartShown;
const parseProblem = (answer: unknown): { readonly detail?: string } => answer as { readonly detail?: string };
const parseLink = (answer: unknown): { readonly url: string } => answer as { readonly url: string };

export const stopNode = (party: string): Promise<unknown> => ask("POST", `/stop/${party}`);
export const startNode = (party: string): Promise<unknown> => ask("POST", `/start/${party}`);
/** Plays the exercise on to its end; answered when its nodes run again. */
export const playOn = (): Promise<unknown> => ask("POST", "/play-on");

/** Opens a console in a window of its own, on the left or the right half of the screen: two stand side by side. Rejects with
 *  `Blocked` where the browser opens none. */
export async function openConsole(party: string, { post, side }: { readonly post: string; readonly side: number }): Promise<void> {
  const { url } = parseLink(await ask("POST", `/sign-in/${party}/${post}`));
  const width = Math.floor(screen.availWidth / 2);
  const place = `popup,left=${side * width},top=0,width=${width},height=${screen.availHeight}`;
  if (window.open(url, `openline-${party}-${post}`, place) === null) throw new Blocked();
}

/** What every node computes, asked once a second; `trouble` is what came of the last question where that was no answer. */
export interface Asked {
  readonly shown: StartShown | undefined;
  readonly trouble?: unknown;
}

export function useStart(): Asked {
  const [state, setState] = useState<Asked>({ shown: undefined });
  useEffect(() => {
    let timer: number;
    let ended = false;
    const next = async (): Promise<void> => {
      const asked = await ask("GET", "/shown", AbortSignal.timeout(SHOWN_MS)).then(
        (answer): Asked => ({ shown: parseShown(answer) }),
        (trouble: unknown) => ({ trouble }),
      );
      if (ended) return;
      setState(({ shown }) => ({ shown, ...asked }));
      timer = window.setTimeout(() => void next(), EVERY_MS);
    };
    void next();
    return () => {
      ended = true;
      window.clearTimeout(timer);
    };
  }, []);
  return state;
}
