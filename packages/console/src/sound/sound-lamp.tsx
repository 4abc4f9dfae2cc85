import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { clockText } from "../frame/not-known.ts";
import { useLive, useNow } from "../node/use-live.tsx";
import { useSpeech } from "../words/language.tsx";
import { mute, mutedUntil, unmute } from "./muted.ts";
import { useSound, useSoundShown } from "./use-sound.tsx";

/** Whether an alarm would be heard here. That it would not is an alarm itself. */
export function SoundLamp(): ReactNode {
  const { say } = useSpeech();
  const live = useLive();
  const sound = useSound();
  const { audible, ringing } = useSoundShown();
  const [, draw] = useState(0);
  const until = mutedUntil(useNow());
  const toggle = (): void => {
    if (until === undefined) mute(live.now());
    else unmute();
    draw((count) => count + 1);
  };
  const heard = audible === "on";
  const state = heard && ringing ? "ringing" : audible;
  return (
    <div className="sound">
      <p className={heard ? "lamp live" : "lamp unheard"} role="status">
        {heard && until !== undefined ? say("sound.muted", { until: clockText(until) }) : say(`sound.${state}`)}
      </p>
      <Button onPress={() => sound.check()}>{say("sound.check")}</Button>
      <Button onPress={toggle}>{say(until === undefined ? "sound.mute" : "sound.unmute")}</Button>
    </div>
  );
}
