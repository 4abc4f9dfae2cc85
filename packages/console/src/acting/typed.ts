import { useState } from "react";

/** A text that is being typed. It outlives a reload and a node that is gone, and ends with this tab or when it has been said. */
export function useTyped(name: string): { readonly text: string; readonly set: (text: string) => void; readonly forget: () => void } {
  const place = `openline-typed ${name}`;
  const [state, keep] = useState(() => ({ place, text: sessionStorage.getItem(place) ?? "" }));
  const text = state.place === place ? state.text : (sessionStorage.getItem(place) ?? "");
  const set = (next: string): void => {
    sessionStorage.setItem(place, next);
    keep({ place, text: next });
  };
  const forget = (): void => {
    sessionStorage.removeItem(place);
    keep({ place, text: "" });
  };
  return { text, set, forget };
}
