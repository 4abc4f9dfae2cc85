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
  history.pushState(null, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
}
