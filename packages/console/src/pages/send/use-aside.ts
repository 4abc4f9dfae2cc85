import { type Typed, useTyped } from "../../typed/use-typed.tsx";
import { type Written, keptList, keptText, writtenOf } from "../../typed/written.ts";
import { asideOf, isOwnWords } from "./own-words.ts";

export interface Aside {
  /** As it is kept. */
  readonly kept: Typed;
  /** Puts a message into the fields; somebody's own words that stand there are put aside first. */
  readonly take: (message: Written) => void;
  /** Puts back what was put aside last, and aside what stands in its place; undefined: nothing lies aside. */
  readonly putBack: (() => void) | undefined;
}

/** Messages that something else took the place of, each whole: with its words, its precedence and its channel. */
export function useAside(message: Typed): Aside {
  const kept = useTyped("send aside");
  const standing = (): readonly Written[] => [writtenOf(message.now())].filter(isOwnWords);
  const take = (written: Written): void => {
    kept.set(keptList([...asideOf(kept.now()), ...standing()]));
    message.set(keptText(written));
  };
  const putBack = (): void => {
    const all = asideOf(kept.now());
    const back = all.at(-1);
    if (back === undefined) return;
    // Under the others, so that each comes back in its turn.
    kept.set(keptList([...standing(), ...all.slice(0, -1)]));
    message.set(keptText(back));
  };
  return { kept, take, putBack: asideOf(kept.text).length > 0 ? putBack : undefined };
}
