import { type ReactNode, createContext, useContext, useEffect, useState } from "react";
import { RouterProvider } from "react-aria-components";
import { type Screen, screenOf } from "./screen.ts";

const AddressContext = createContext<Screen>({ screen: "watch" });

export const useScreen = (): Screen => useContext(AddressContext);

/** The address bar is where a screen stands: every screen can be named, sent and gone back to. */
export function Addressed({ children }: { readonly children: ReactNode }): ReactNode {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const read = (): void => setPath(location.pathname);
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, []);
  return (
    <RouterProvider navigate={go}>
      <AddressContext value={screenOf(path)}>{children}</AddressContext>
    </RouterProvider>
  );
}

/** Goes to another screen of this console. */
export function go(path: string): void {
  history.pushState({ screens: screensBehind() + 1 }, "", path);
  scrollTo(0, 0);
  dispatchEvent(new PopStateEvent("popstate"));
}

/** Goes to another screen in place of this one, to which nothing leads back. */
export function goInstead(path: string): void {
  history.replaceState(history.state, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
}

/** Goes to the screen before this one, and never out of the console: where there is none, to the watch. */
export function back(): void {
  if (screensBehind() > 0) history.back();
  else if (location.pathname !== "/") go("/");
}

/** How many screens of this console lie behind the one that is shown. */
function screensBehind(): number {
  const state: unknown = history.state;
  return typeof state === "object" && state !== null && "screens" in state && typeof state.screens === "number" ? state.screens : 0;
}
