import { type ReactNode, createContext, useContext, useEffect, useId, useLayoutEffect, useState, useSyncExternalStore } from "react";
import { Keyboard, type KeysShown, type Layer } from "./keyboard.ts";
import type { Bound } from "./table.ts";

const KeyboardContext = createContext<Keyboard | undefined>(undefined);

/** Everything below may bind keys. `letters`: whether those that type something act at all. */
export function Keyed({ letters, children }: { readonly letters: boolean; readonly children: ReactNode }): ReactNode {
  const [keyboard] = useState(() => new Keyboard());
  useLayoutEffect(() => {
    keyboard.letters = letters;
  }, [keyboard, letters]);
  useEffect(() => {
    addEventListener("keydown", keyboard.pressFirst, true);
    addEventListener("keydown", keyboard.press);
    return () => {
      removeEventListener("keydown", keyboard.pressFirst, true);
      removeEventListener("keydown", keyboard.press);
    };
  }, [keyboard]);
  return <KeyboardContext value={keyboard}>{children}</KeyboardContext>;
}

function useKeyboard(): Keyboard {
  const keyboard = useContext(KeyboardContext);
  if (keyboard === undefined) throw new Error("a screen stands inside Keyed");
  return keyboard;
}

/** Binds keys for as long as what calls it is drawn, wherever the focus is. */
export function useKeys(bound: Bound, layer: Layer = "screen"): void {
  const keyboard = useKeyboard();
  const id = useId();
  useLayoutEffect(() => keyboard.bind(id, layer, bound));
  useLayoutEffect(() => () => keyboard.unbind(id), [keyboard, id]);
}

export function useKeysShown(): KeysShown {
  const keyboard = useKeyboard();
  return useSyncExternalStore(keyboard.watch, () => keyboard.shown);
}
