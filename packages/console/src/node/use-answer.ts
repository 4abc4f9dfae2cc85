import { type NodeClient, codeOf } from "@openline/api";
import { useEffect, useState } from "react";
import { useLive, useShown } from "./use-live.tsx";

/** What the node answers about one thing, asked for again whenever the record has changed; a code where it does not answer. `name` says which
 *  thing, so that an answer about another one is never shown. */
export function useAnswer<T>(name: string, ask: (client: NodeClient, line: string) => Promise<T>): Answer<T> | undefined {
  return useAnswerWhen(useShown().turn, name, ask);
}

export type Answer<T> = { readonly value: T } | { readonly code: string };

/** The same, asked for again whenever `when` has changed: for what is dear to compute, and need not follow every entry. */
export function useAnswerWhen<T>(
  when: string | number,
  name: string,
  ask: (client: NodeClient, line: string) => Promise<T>,
): Answer<T> | undefined {
  const { client } = useLive();
  const { line } = useShown();
  const [found, setFound] = useState<{ readonly name: string; readonly answer: Answer<T> }>();
  const id = line?.line;
  useEffect(() => {
    if (id === undefined) return undefined;
    let gone = false;
    const keep = (answer: Answer<T>): void => {
      if (!gone) setFound({ name, answer });
    };
    ask(client, id).then(
      (value) => keep({ value }),
      (error: unknown) => keep({ code: codeOf(error) }),
    );
    return () => {
      gone = true;
    };
    // `ask` is made anew each time a screen is drawn; `name` says what it asks.
  }, [client, id, when, name]);
  return found?.name === name ? found.answer : undefined;
}
