/** Which screen is asked for. */
export type Screen =
  | { readonly screen: "watch" }
  | { readonly screen: "channel"; readonly id: string }
  | { readonly screen: "message"; readonly log: string; readonly index: number }
  | { readonly screen: "send" }
  | { readonly screen: "form" }
  | { readonly screen: "update"; readonly log: string; readonly index: number }
  | { readonly screen: "draft"; readonly draft: number }
  | { readonly screen: "history" }
  | { readonly screen: "sign-in" }
  | { readonly screen: "unknown" };

export function screenOf(path: string): Screen {
  if (path === "/") return { screen: "watch" };
  if (path === "/send") return { screen: "send" };
  if (path === "/form") return { screen: "form" };
  if (path === "/history") return { screen: "history" };
  if (path === "/sign-in") return { screen: "sign-in" };
  const channel = /^\/c\/([a-z0-9-]{1,64})$/.exec(path)?.[1];
  if (channel !== undefined) return { screen: "channel", id: channel };
  const draft = /^\/d\/([1-9][0-9]{0,8})$/.exec(path)?.[1];
  if (draft !== undefined) return { screen: "draft", draft: Number(draft) };
  const [, letter, log, index] = /^\/([mf])\/([a-z][a-z0-9-]{1,31}(?:@[0-9a-f]{16})?):([0-9]{1,15})$/.exec(path) ?? [];
  if (log === undefined || index === undefined) return { screen: "unknown" };
  return { screen: letter === "m" ? "message" : "update", log, index: Number(index) };
}
