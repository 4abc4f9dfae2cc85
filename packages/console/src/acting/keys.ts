import { useEffect, useRef } from "react";

/** What a key does, by its name: `F2`, `Shift+F2`, `Ctrl+Enter`, `h`. */
export type KeyMap = Readonly<Record<string, (() => void) | undefined>>;

/** Keys of a screen, wherever the focus is; single letters only outside what is typed into. None fires while an input method is
 *  composing, or while a key is held down. */
export function useKeys(map: KeyMap): void {
  const now = useRef(map);
  now.current = map;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.isComposing || event.keyCode === COMPOSING || event.repeat || event.defaultPrevented) return;
      const act = now.current[nameOf(event)];
      if (act === undefined || (event.key.length === 1 && !event.altKey && isTypedInto(event.target))) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

/** What browsers report for a key that an input method has taken. */
const COMPOSING = 229;

function nameOf({ key, altKey, ctrlKey, shiftKey, metaKey }: KeyboardEvent): string {
  const single = key.length === 1;
  return [altKey && "Alt", ctrlKey && "Ctrl", metaKey && "Meta", shiftKey && !single && "Shift", single ? key.toLowerCase() : key]
    .filter(Boolean)
    .join("+");
}

const isTypedInto = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
