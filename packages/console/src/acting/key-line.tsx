import type { ReactNode } from "react";
import { Code } from "../frame/text.tsx";
import { useShown } from "../node/use-live.tsx";
import { postName } from "../pages/message/post-name.ts";
import { useSpeech } from "../words/language.tsx";
import { useActing } from "./acting.tsx";
import { OtherPost } from "./other-post.tsx";

/** Whether this console may sign, and what it waits for where it may not. */
export function KeyLine(): ReactNode {
  const { say, language } = useSpeech();
  const { key, post: id } = useActing();
  const { line, other } = useShown();
  const post = line === undefined ? id : postName(line, line.party, id, language).post;
  if (other !== undefined) return <OtherPost />;
  if ("code" in key) return <p className="key-line">{say("key.failed", { code: key.code })}</p>;
  switch (key.standing) {
    case "in-force":
      return <p className="key-line">{say("key.inForce", { post })}</p>;
    case "making":
    case "unknown":
      return <p className="key-line">{say("key.making")}</p>;
    case "waiting":
      return (
        <p className="key-line">
          {say("key.waiting", { post })} <Code>{key.kid.match(/.{4}/g)?.join(" ") ?? ""}</Code>
        </p>
      );
    case "ended":
    case "revoked":
      return <p className="key-line">{say(`key.${key.standing}`)}</p>;
  }
}
