import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { useLive, useShown } from "../node/use-live.tsx";
import { postName } from "../pages/message/post-name.ts";
import { useSpeech } from "../words/language.tsx";

/** This browser has been signed in for another post: this window says so, keeps what is being typed, and speaks for neither until a person
 *  chooses. */
export function OtherPost(): ReactNode {
  const { say, language } = useSpeech();
  const live = useLive();
  const { line, other } = useShown();
  if (other === undefined) return null;
  const nameOf = (post: string): string => (line === undefined ? post : postName(line, line.party, post, language).post);
  const names = { post: nameOf(live.session.post), other: nameOf(other.post) };
  return (
    <div className="band" role="alert">
      <p>{say("key.otherPost", names)}</p>
      <Button onPress={() => live.goOn()}>{say("key.goOn", names)}</Button>
    </div>
  );
}
