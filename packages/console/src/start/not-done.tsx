import type { ReactNode } from "react";
import { visibleLine } from "@openline/core";
import { HTML_LANGUAGE } from "../words/say.ts";
import { Blocked, Refused } from "./asking.ts";
import type { SayStart } from "./line-on-this-machine.tsx";

/** That something was asked and has not been done, and why: in the words of the command, which speaks English, where it gave any. */
export function NotDone({ what, why, say }: { readonly what: string; readonly why: unknown; readonly say: SayStart }): ReactNode {
  return (
    <p className="band" role="alert">
      {what}{" "}
      {why instanceof Refused ? (
        <span lang={HTML_LANGUAGE.en}>{visibleLine(why.message)}</span>
      ) : (
        say(why instanceof Blocked ? "blocked" : "unanswered")
      )}
    </p>
  );
}
